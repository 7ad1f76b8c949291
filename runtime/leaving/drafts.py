"""A decision as a draft: everything that its words need, taken while the turn still has it. Rule: plain values, and no person.

A draft is an intent without its words, the text in pieces, and the values of its fields as the language writes them.
"""

from __future__ import annotations

from verbline.interpreter.program.parts import Message
from verbline.interpreter.program.spoken import spoken
from verbline.interpreter.program.worded import fields_of
from verbline.interpreter.step.asking import FREE, FRESH, quiet_later, stale_at
from verbline.interpreter.step.questions import Confirm
from verbline.interpreter.step.sending import MakeOffer, Notify, Sending
from verbline.runtime.channels.intent import RELAXED, URGENT, Asked, Intent, Words
from verbline.runtime.templates.rendering import question_in, written_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.templates.rendering import Written

# The field of a person that says in which language to write, where the project declares one.
LANGUAGE = "language"
# Journeys that have to react within so many milliseconds are urgent.
URGENT_WITHIN = 5 * 60_000
CONFIRMATION, QUESTION, OFFER, MESSAGE, NOTE, TASK = (
    "confirmation", "question", "offer", "message", "note", "task",
)  # fmt: skip
NO_WORDS = Words(text="")
KEPT_MAX = 10_000
# For how long it is worked out when it will be quiet, in milliseconds: who carries it may be slow, or asleep.
QUIET_KNOWN = 7 * 24 * 3_600_000


class Draft:
    """An ``intent`` without words, and what they are made of; ``written`` is None for a task, which a desk words itself.

    ``due`` is when the answer to a question is due, ``shown`` what else a note shows.
    """

    __slots__ = ("due", "intent", "shown", "values", "written")

    def __init__(
        self,
        intent: Intent,
        written: Written | None = None,
        values: Mapping[str, str | None] | None = None,
        due: int | None = None,
        shown: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.intent = intent
        self.written = written
        self.values = values or {}
        self.due = due
        self.shown = shown


class Recipe:
    """What drafts of one step in one ``language`` have in common. ``fields`` are the names in its words, each with its kind."""

    __slots__ = ("cls", "fields", "is_secret", "lane", "similar", "topic", "written")

    def __init__(
        self, written: Written, fields: list[tuple[str, Kind]], cls: str, lane: int
    ) -> None:
        self.written = written
        self.fields = fields
        self.cls = cls
        self.lane = lane
        self.is_secret = False
        self.topic = ""
        self.similar = False


class Drafts:
    """Makes drafts for one ``program``. ``secrets`` are the fields whose values are kept only until they have left.

    ``usual`` are messages that are there though no file of the project declares them, by name.
    """

    def __init__(
        self,
        program: Program,
        secrets: frozenset[str] = frozenset(),
        usual: Mapping[str, Message] | None = None,
    ) -> None:
        self.program = program
        self.secrets = secrets
        self.usual = usual or {}
        self._says_language = LANGUAGE in program.facts
        self._recipes: dict[tuple[Step | None, str, str], Recipe] = {}

    def message(
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        more: Mapping[str, Any],
        seq: int,
    ) -> Draft:
        """Return the draft of a message, an offer, a question or a request to confirm; ``seq`` is how far the ledger goes."""
        program, kind, name = self.program, more["told"], more["message"]
        language = self.language_of(turn, visit) if self._says_language else program.language
        recipe = self._recipes.get((step, name, language)) or self.recipe(
            journey, step, kind, name, language
        )
        expires = self.expires(turn, visit, step, recipe.cls)
        intent = Intent(
            key=more["key"],
            kind=kind,
            channel=more["channel"],
            address=more["contact"],
            words=NO_WORDS,
            at=turn.now,
            person=turn.person.id,
            message=name,
            purpose=more["purpose"],
            cls=recipe.cls,
            language=recipe.written.language,
            lane=recipe.lane,
            expires=expires,
            journey=journey.name if journey is not None else "",
            asked=self.asked(turn, visit, step, recipe, more, (seq, expires)),
            is_secret=recipe.is_secret,
            token=token_of(turn.person, more) if kind == CONFIRMATION else "",
        )
        values = self.values(turn, visit, recipe.fields, recipe.written.language)
        due = program.later(turn, turn.now, step.limit) if isinstance(step, Confirm) else None
        return Draft(intent, recipe.written, values, due)

    def is_for_all(self, step: Notify) -> bool:
        """Return whether nothing in the words of a message says whom it is for, and everybody gets them in one language."""
        if self._says_language:
            return False
        language, name = self.program.language, step.message.name
        place = step, name, language
        recipe = self._recipes.get(place) or self.recipe(
            step.journey, step, MESSAGE, name, language
        )
        return not recipe.fields

    def asked(
        self,
        turn: Turn,
        visit: Visit | None,
        step: Step | None,
        recipe: Recipe,
        more: Mapping[str, Any],
        known: tuple[int, int | None],
    ) -> Asked:
        """Return what the guard was asked, and when it is quiet until the message is stale.

        ``known`` is how far the ledger goes, and the last instant at which the message may leave.
        """
        seq, expires = known
        quiet: tuple[tuple[int, int], ...] = ()
        if visit is not None and isinstance(step, Sending):
            until = turn.now + QUIET_KNOWN
            until = until if expires is None else min(until, expires)
            quiet = quiet_later(turn, visit, step, more["channel"], until)
        return Asked(
            seq=seq,
            topic=recipe.topic,
            country=self.program.country_of(turn.person),
            promotion=more["told"] == OFFER,
            similar=recipe.similar,
            quiet=quiet,
        )

    def recipe(
        self, journey: Journey | None, step: Step | None, kind: str, name: str, language: str
    ) -> Recipe:
        """Return what the drafts of a step have in common, and keep it."""
        written, message = self.written(step, kind, name, language)
        sending = step if isinstance(step, Sending) else None
        cls = sending.purpose.cls if sending is not None else "transactional"
        found = Recipe(written, self.fields_of(written), cls, lane_of(journey, sending, cls))
        found.is_secret = message is not None and not self.secrets.isdisjoint(message.reads)
        if sending is not None:
            found.topic, found.similar = sending.topic, sending.similar
        if len(self._recipes) >= KEPT_MAX:
            self._recipes.clear()
        self._recipes[step, name, language] = found
        return found

    def language_of(self, turn: Turn, visit: Visit | None) -> str:
        """Return the language that the person is written to in: what they say in a field of that name, else the project's."""
        language = self.program.language
        kind = self.program.meanings.fields[LANGUAGE].kind
        said = self.values(turn, visit, [(LANGUAGE, kind)], language)[LANGUAGE]
        return said.replace("_", "-").partition("-")[0].casefold() if said else language

    def written(
        self, step: Step | None, kind: str, name: str, language: str
    ) -> tuple[Written, Message | None]:
        """Return the words of a message as they are written, and the message, None for a question."""
        program = self.program
        if kind == QUESTION and isinstance(step, Confirm):
            return written_in(step.wording, program.language), None
        if isinstance(step, MakeOffer):  # in the words of the version in which the person is
            message = next(one for one in step.offers if one.name == name).message
        else:
            own = getattr(step, "words" if kind == NOTE else "message", None)
            message = own if isinstance(own, Message) else program.messages.get(name)
            message = message or self.usual.get(name)
        if message is None:  # an offer that shows no message
            return question_in(name, program.language), None
        return written_in(message, language, program.language), message

    def fields_of(self, written: Written) -> list[tuple[str, Kind]]:
        """Return the fields that words name, each with its kind; not the links that the runtime fills in."""
        known = self.program.meanings.fields
        names = dict.fromkeys((*fields_of(written.subject), *fields_of(written.body)))
        return [(name, known[name].kind) for name in names if name in known]

    def values(
        self, turn: Turn, visit: Visit | None, fields: Iterable[tuple[str, Kind]], language: str
    ) -> dict[str, str | None]:
        """Return the values of fields as words show them, as the visit knows them."""
        before = turn.visit, turn.fields
        if visit is not None:
            turn.visit, turn.fields = visit, visit.fields
        value_of, zone = self.program.value_of, turn.person.zone or turn.zone
        found = {name: spoken(value_of(turn, name), kind, language, zone) for name, kind in fields}
        turn.visit, turn.fields = before
        return found

    def expires(self, turn: Turn, visit: Visit | None, step: Step | None, cls: str) -> int | None:
        """Return the last instant at which a message may leave, None where it is always fresh."""
        if visit is not None and isinstance(step, Sending):
            return stale_at(turn, visit, step)
        return self.program.later(turn, turn.now, FRESH[cls])


def lane_of(journey: Journey | None, step: Sending | None, cls: str) -> int:
    """Return the lane of a message: urgent is what goes out at once, what no consent holds back, and what has to react."""
    if cls in FREE or step is None or step.at_once:
        return URGENT
    soon = journey is not None and journey.reacts is not None and journey.urgency <= URGENT_WITHIN
    return URGENT if soon else RELAXED


def token_of(person: Person, more: Mapping[str, Any]) -> str:
    """Return what the confirmation of the yes has to bear for which a request is sent."""
    ending = f":{more['contact']}"
    asked = (
        one
        for one in reversed(person.consents)
        if one.act == "grant" and one.channel == more["channel"] and (one.contact or "").endswith(ending)
    )  # fmt: skip
    return next((one.token for one in asked), "")
