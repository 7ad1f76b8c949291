"""One person explained, as JSON has it. Rule: the text and the page say nothing that does not stand here."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.step.records import instant_text
from verbline.runtime.explain.proof import proof
from verbline.runtime.explain.rows import instant
from verbline.runtime.explain.standings import visits_of
from verbline.runtime.explain.timeline import Timeline
from verbline.runtime.explain.why import Why
from verbline.runtime.explain.words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.standings import Visit

FORMAT = 1


class Question(NamedTuple):
    """What is asked about a person: one journey or all, and why, or why not, some messages."""

    journey: str = ""
    why: tuple[str, ...] = ()
    why_not: tuple[str, ...] = ()


def explained(case: Case, question: Question) -> dict[str, Any]:
    """Return all that explains a case, or the answers alone where something is asked about messages."""
    words = words_of(case)
    timeline = Timeline(case, words)
    found: dict[str, Any] = {
        "format": FORMAT,
        "language": words.language,
        "zone": case.program.zone.name,
        "person": case.id,
        "also": case.ids[1:],
        "erased": case.erased,
        "until": None if case.at is None else instant_text(case.at),
        "identity": identity_of(case, words, timeline),
    }
    if case.erased:
        found["erasure"] = proof(case, words)
    why = Why(case, words, timeline)
    answers = [*map(why.why, question.why), *map(why.why_not, question.why_not)]
    if answers:
        return found | {"answers": answers}
    visits = [one for one in visits_of(case.rows) if question.journey in ("", one.journey)]
    return found | {
        "visits": [visit_of(case, words, one) for one in visits],
        "timeline": timeline.told(question.journey),
    }


def words_of(case: Case) -> Words:
    """Return how a case is told."""
    return Words(case.project.settings.language, "", case.program.zone)


def identity_of(case: Case, words: Words, timeline: Timeline) -> dict[str, Any]:
    """Return who the person is and by what that is known, each with a sentence."""
    told = case.told
    since = words.at(instant(told["since"])) if told["since"] else words.tell("unknown")
    also = ", ".join(case.ids[1:])
    head = words.word("who-also" if also else "who", who=case.id, also=also, at=since)
    if case.erased:
        head = words.word("who-erased", who=case.id)
    held = []
    for one in told["identifiers"]:
        if case.at is not None and one["since"] is not None and instant(one["since"]) > case.at:
            continue  # nobody knew it then
        item = dict(one)
        if one["since"] is not None:
            item |= timeline.evidence.since(one, f"{one['kind']} {one['value']}")
        extra = [words.word("brought-by", who=one["brought_by"])] if one["brought_by"] != case.id else []  # fmt: skip
        extra += [words.word("shared-with", who=", ".join(one["shared_with"]))] if one["shared_with"] else []  # fmt: skip
        said = item.get("said", f"{one['kind']} {one['value']}")
        held.append(item | {"said": "; ".join([said, *extra])})
    gone = [
        dict(one) | {"said": words.word("held-no-more", kind=one["kind"], value=one["value"], at=words.at(None if one["until"] is None else instant(one["until"])))}
        for one in told["no_longer"]
    ]  # fmt: skip
    return {"said": head, "since": told["since"], "identifiers": held, "no_longer": gone, "names": told["names"]}  # fmt: skip


def visit_of(case: Case, words: Words, visit: Visit) -> dict[str, Any]:
    """Return one visit: whose, of which journey, from when, and how it ended or where it stands."""
    found: dict[str, Any] = {
        "visit": visit.id,
        "person": visit.person,
        "journey": visit.journey,
        "version": visit.version,
        "began": visit.rows[0].told["at"],
        "outcome": visit.outcome or None,
        "stands": None,
    }
    row, ended = visit.stands, visit.ended
    if ended is not None:
        values = {"journey": visit.journey, "outcome": visit.outcome, "at": words.at(ended.at)}
        return found | {"ended": ended.told["at"], "said": words.word("ended", **values)}
    if row is None:
        return found | {"said": f'"{visit.journey}"'}
    place = case.texts.place(row.line, row.journey, row.version)
    said = words.word("stands", journey=visit.journey, line=place.line, sentence=place.sentence)
    until = row.more.get("until", row.more.get("due"))
    if isinstance(until, int):
        said += f", {words.word('until', at=words.at(until))}"
    found["stands"] = {**place.told(), "until": None if until is None else instant_text(until)}
    return found | {"said": said}
