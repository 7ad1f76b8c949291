"""Two people turn out to be one. Rule: nothing is lost, no no becomes a yes, and nothing starts because of what is united.

What each of them said and did keeps its time and its source; which value counts is chosen anew.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import Consent, same_word
from verbline.interpreter.person.parts import parts_of
from verbline.interpreter.person.record import Run, put
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.facts import chosen_again, learned
from verbline.interpreter.step.listening import in_order
from verbline.interpreter.step.steps import STAY, resume
from verbline.interpreter.step.watch import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.person.parts import Parts
    from verbline.interpreter.person.record import Claim, Contact, Past, Person, Visit
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn


def merge(
    turn: Turn, survivor: Person, other: Person, *, proved: bool = True, keep: bool = True
) -> None:
    """Unite ``other`` with ``survivor``, the turn's person.

    ``proved`` says that an exclusive id showed it. What each of them was is kept beside, so that they can be taken apart;
    who knows that nobody will be says ``keep=False``.
    """
    turn.sink(
        turn, None, None, None, "merge", "taken", "", {"other": other.id, "survivor": survivor.id}
    )
    parts, theirs = (parts_of(survivor), parts_of(other)) if keep else (None, None)
    unite_records(turn, survivor, other)
    unite_consents(turn, survivor, other, proved=proved)
    survivor.merged += (other.id, *other.merged)
    new = unite_pasts(survivor, other, parts)
    doubles, renamed = unite_visits(survivor, other)
    if parts is not None and theirs is not None:
        parts.take(theirs, renamed)
        survivor.parts = parts
    for kept, double in doubles:
        join(turn, kept, double)
    settle(turn)
    look_back(turn, new)
    unite_recent(survivor, other)


def unite_records(turn: Turn, survivor: Person, other: Person) -> None:
    """Unite what two records say, but for visits, addresses and what was said about writing."""
    unite_facts(turn.program, survivor, other)
    unite_counts(turn, survivor, other)
    unite_runs(survivor, other)
    survivor.disputed = survivor.disputed or other.disputed
    survivor.erased = survivor.erased or other.erased


def unite_recent(survivor: Person, other: Person) -> None:
    """Keep the latest of each moment."""
    for name, latest in other.recent.items():
        if name not in survivor.recent or survivor.recent[name][1] < latest[1]:
            put(survivor, "recent", name, latest)


def unite_facts(program: Program, survivor: Person, other: Person) -> None:
    """Unite what is known: of two claims of one source the newer stays."""
    for field, claims in other.claims.items():
        newest: dict[str, Claim] = {}
        for one in sorted([*survivor.claims.get(field, ()), *claims], key=learned):
            newest.pop(one[0], None)
            newest[one[0]] = one
        put(survivor, "claims", field, tuple(newest.values()))
    given = {**other.values, **survivor.values}
    chosen_again(program, survivor)
    survivor.values = {**given, **survivor.values}
    for name, latest in other.history.items():
        moment = program.moments.get(name)
        keep = moment.keep if moment else len(latest)
        both = sorted([*survivor.history.get(name, ()), *latest])
        put(survivor, "history", name, both[-keep:])
    if other.last_time is not None and (
        survivor.last_time is None or other.last_time > survivor.last_time
    ):
        survivor.last_time, survivor.last_action = other.last_time, other.last_action
    if other.life is not None:
        survivor.life = max(other.life, survivor.life or other.life)


def unite_counts(turn: Turn, survivor: Person, other: Person) -> None:
    """Unite points, labels, segments, offers and what counts for caps."""
    for name, score in turn.program.scores.items():
        if name in other.scores:
            points, since = other.scores[name]
            score.change(survivor, points, since, turn.now)
    for label, since in other.labels.items():
        put(survivor, "labels", label, min(since, survivor.labels.get(label, since)))
    for segment, since in other.segments.items():
        put(survivor, "segments", segment, min(since, survivor.segments.get(segment, since)))
    for offer, instant in other.offered.items():
        put(survivor, "offered", offer, max(instant, survivor.offered.get(offer, instant)))
    for name, arm in other.arms.items():
        when = other.drawn.get(name, 0)
        if name not in survivor.arms or when < survivor.drawn.get(name, 0):
            put(survivor, "arms", name, arm)
            put(survivor, "drawn", name, when)
    survivor.accepted = tuple(sorted([*survivor.accepted, *other.accepted]))
    survivor.desk = survivor.desk or other.desk


def unite_consents(turn: Turn, survivor: Person, other: Person, *, proved: bool) -> None:
    """Unite what both said and the addresses they hold; the merge itself is an event among these."""
    known = {same_word(one) for one in survivor.consents}
    survivor.consents += [one for one in other.consents if same_word(one) not in known]
    survivor.consents.append(
        Consent(
            at=turn.now,
            known=turn.now,
            act="merge",
            actor="system:verbline",
            seq=turn.next_seq(),
            person=other.id,
            basis="exclusive" if proved else "contact",
        )
    )
    unite_contacts(survivor, other.contacts)


def unite_contacts(survivor: Person, contacts: Iterable[Contact]) -> None:
    """Add the addresses that the survivor does not hold; what is known of one they both hold counts."""
    held = {contact.key: contact for contact in survivor.contacts}
    for contact in contacts:
        own = held.get(contact.key)
        if own is None:
            survivor.contacts.append(contact)
        else:
            own.verified = own.verified or contact.verified
            own.health = own.health or contact.health


def unite_runs(survivor: Person, other: Person) -> None:
    """Unite what is kept of the visits with each journey and correlation value."""
    for key, run in other.runs.items():
        own = survivor.runs.get(key)
        if own is None:
            put(survivor, "runs", key, Run(run.number, run.ended))
            continue
        own.number += run.number
        running = own.ended is None or run.ended is None
        own.ended = None if running else max(own.ended or 0, run.ended or 0)


def unite_visits(
    survivor: Person, other: Person
) -> tuple[list[tuple[Visit, Visit]], dict[int, int]]:
    """Unite visits and timers.

    Return the pairs of visits of one journey and correlation value, the earlier first, and the new serials of the visits of
    ``other`` by the old.
    """
    renamed = unite_timers(survivor, other)
    doubles = []
    for visit in other.visits:
        same = next((one for one in survivor.visits if is_same(one, visit)), None)
        survivor.visits.append(visit)
        if same is not None:
            first, second = sorted((same, visit), key=begun)
            doubles.append((first, second))
    return sorted(doubles, key=lambda pair: begun(pair[1])), renamed


def begun(visit: Visit) -> tuple[int, int]:
    """Return what visits are ordered by that began: of one instant, those of the survivor come first."""
    return visit.started, visit.serial


def unite_timers(survivor: Person, other: Person) -> dict[int, int]:
    """Number the visits of ``other`` and set their timers behind those of ``survivor``, in the order of setting.

    Return the new numbers by the old.
    """
    renamed = {}
    for visit in other.visits:
        _ = visit.id  # the name of the time at which it began stays
        renamed[visit.serial] = visit.serial = survivor.next_serial()
    for due, _serial, what, of in sorted(other.timers, key=lambda timer: timer[1]):
        if of in renamed:
            survivor.set_timer(due, what, renamed[of])
    return renamed


def unite_pasts(
    survivor: Person, other: Person, parts: Parts | None
) -> list[tuple[Visit, list[Past]]]:
    """Let the visits of each look back to what the other did, as far as it is still known: the latest of each moment.

    Return each visit with what its present wait has not looked at yet.
    """
    found = []
    for visits, past_of in ((survivor.visits, other), (other.visits, survivor)):
        latest = sorted(past_of.recent.values(), key=lambda past: past[1])
        if parts is not None and visits:
            parts.note(latest, past_of.id)
        for visit in visits:
            awaits = visit.step.journey.awaits
            new = [past for past in latest if past[2] in awaits and past[1] > visit.began]
            if new:
                visit.past = tuple(sorted([*visit.past, *new], key=lambda past: past[1]))
            since = visit.step.looks_from(visit)
            here = [past for past in latest if past[2] in visit.step.awaits and past[1] > since]
            found.append((visit, here))
    return found


def is_same(one: Visit, other: Visit) -> bool:
    """Return whether two visits are of one journey and correlation value."""
    return one.journey == other.journey and one.correlation == other.correlation


def join(turn: Turn, kept: Visit, double: Visit) -> None:
    """End the later of two visits; what it sent is not sent again by the one that goes on."""
    person = turn.person
    kept.spent = kept.spent | double.spent | frozenset(double.done)
    parts, person.parts = person.parts, None  # to those who began them neither is over
    end(turn, double, "merged", None, "merged", double.step.line)
    person.runs[kept.journey, kept.correlation].ended = None
    person.parts = parts
    if parts is not None:
        parts.joined(kept, double)


def look_back(turn: Turn, new: list[tuple[Visit, list[Past]]]) -> None:
    """Let waits end that something ended which the other person did since; ``new`` is what `unite_pasts` found."""
    pasts = {id(visit): past for visit, past in new}
    for visit in in_order(turn):
        for _at, _order, moment, fields, cause in pasts.get(id(visit), ()):
            step = visit.step.happened(turn, visit, moment, fields, cause)
            if step is not STAY:
                resume(turn, visit, step)
                break
