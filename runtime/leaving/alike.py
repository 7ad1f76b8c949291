"""Messages that say the same to everybody. Rule: what becomes of them is what `drafts` and `words` make of each by itself.

The first is made so, and is the model of the others: only whom they are for, when they were decided, how far the ledger goes,
and their links are their own. What has a part in HTML, comes too late, or may have to wait for the end of a night is made by itself.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from verbline.interpreter.guard.policy import QUIET
from verbline.interpreter.person.record import Person, Visit, key_of
from verbline.runtime.leaving.words import Rendered, is_stale

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.step.impulses import Letter
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.channels.intent import Words
    from verbline.runtime.leaving.drafts import Draft, Drafts
    from verbline.runtime.leaving.words import Wording


# So many models are remembered.
MODELS_MAX = 1_000


class Posted(NamedTuple):
    """A letter that leaves, decided ``at`` an instant for the person of this ``number``, to the address ``contact``."""

    letter: Letter
    number: int
    at: int
    contact: str


class Alike:
    """Makes them with ``drafts`` and ``wording``, in a ``turn`` in which nothing else happens."""

    def __init__(self, drafts: Drafts, wording: Wording, turn: Turn) -> None:
        self._drafts = drafts
        self._wording = wording
        self._turn = turn
        # By the identity of a letter, which lives as long as it stands here.
        self._models: dict[int, tuple[Letter, Rendered]] = {}

    def of(self, posted: Sequence[Posted], seq: int, now: int | None) -> list[Rendered]:
        """Return what becomes of letters, in their order; ``seq`` is how far the ledger goes, ``now`` as in `Wording.in_time`."""
        models: dict[int, Rendered | None] = {}
        found: dict[int, Rendered] = {}
        for place, one in enumerate(posted):
            name = id(one.letter)
            if name not in models:
                models[name] = self._model(one, seq)
            model = models[name]
            made = None if model is None else self._again(one, model, seq, now)
            if made is not None:
                found[place] = made
        alone = [place for place in range(len(posted)) if place not in found]
        drafts = [self._draft(posted[place], seq) for place in alone]
        found.update(zip(alone, self._wording.in_time(drafts, now) if drafts else (), strict=True))
        return [found[place] for place in range(len(posted))]

    def _model(self, one: Posted, seq: int) -> Rendered | None:
        """Return what becomes of a letter, whenever it is; None where others can be otherwise."""
        there = self._models.get(id(one.letter))
        if there is not None:
            return there[1]
        step, draft = one.letter.step, self._draft(one, seq)
        if step.journey.quiet or draft.intent.channel in QUIET:
            return None
        sheet = self._wording.sheet(draft, {})
        if sheet is None or sheet.html:
            return None
        (found,) = self._wording.of([draft])
        if found.fault is not None:
            return None
        if len(self._models) >= MODELS_MAX:
            self._models.clear()
        self._models[id(one.letter)] = one.letter, found
        return found

    def _again(self, one: Posted, model: Rendered, seq: int, now: int | None) -> Rendered | None:
        """Return what becomes of a letter like ``model``; None where it comes too late."""
        letter, _number, at, contact = one
        intent, step = model.intent, letter.step
        visit = self._visit(one)
        expires = self._drafts.expires(self._turn, visit, step, intent.cls)
        if is_stale(expires, now):
            return None
        key = key_in(letter, visit)
        words, links, ours = intent.words, dict(intent.links), self._wording.links
        if ours is not None:
            for kind, link in intent.links.items():
                links[kind] = ours.link(kind, key)
                words = with_link(words, link, links[kind])
        asked = intent.asked
        if asked is not None and asked.seq != seq:
            asked = replace(asked, seq=seq)
        mine = replace(
            intent, key=key, person=visit.person, address=contact, at=at, expires=expires, asked=asked, links=links, words=words,
        )  # fmt: skip
        return Rendered(mine)

    def _visit(self, one: Posted) -> Visit:
        """Return the visit in which a letter was decided, of a person of whom nothing else matters, whose turn it is."""
        row, turn = one.letter.row, self._turn
        assert row.visit is not None, "a visit sends it"
        name, correlation, times = row.visit
        turn.now, turn.person = one.at, Person(f"P{one.number}", one.number)
        visit = Visit(turn.person.id, name, row.version, correlation, times, 0)
        visit.at = one.at
        return visit

    def _draft(self, one: Posted, seq: int) -> Draft:
        """Return the draft of a letter."""
        (row, step, _place), visit = one.letter, self._visit(one)
        more = {**row.more, "contact": one.contact, "key": key_in(one.letter, visit)}
        return self._drafts.message(self._turn, step.journey, visit, step, more, seq)


def key_in(letter: Letter, visit: Visit) -> str:
    """Return the key of a letter that was decided in ``visit``."""
    return key_of(visit.first_name(), letter.step.id, letter.row.more["key"])


def with_link(words: Words, link: str, other: str) -> Words:
    """Return words in which another link stands instead of this one."""
    if link not in words.text and link not in words.subject:
        return words
    return replace(
        words, text=words.text.replace(link, other), subject=words.subject.replace(link, other)
    )
