"""A checked project becomes a program. Rule: all that the text says is worked out here, so that a turn only looks things up.

project -> words and people -> moments -> purposes, desks, messages, offers, segments -> journeys -> what must be kept
"""

from __future__ import annotations

from typing import Any

from verbline.interpreter.calendars import desk_time, project_time
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.policy import standard_policy
from verbline.interpreter.guard.purpose import purpose_of
from verbline.interpreter.nodes import Node
from verbline.interpreter.program.blocks import Blocks
from verbline.interpreter.program.conditions import compile_condition, compile_value
from verbline.interpreter.program.identities import digest, version_of
from verbline.interpreter.program.journeys import journey_of, served
from verbline.interpreter.program.meanings import Meanings, duration_of
from verbline.interpreter.program.moments import moments_in, submissions
from verbline.interpreter.program.needs import derive
from verbline.interpreter.program.parts import Constant, Desk, Message, Offer, Segment
from verbline.interpreter.program.people import take_people
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.words import message_of
from verbline.interpreter.step.tasks import NotifyDesk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.guard.policy import Policy
    from verbline.interpreter.names import Declaration, Scope
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.program.conditions import Condition, Value
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.project import Project


def compile_project(
    project: Project, policy: Policy | None = None, files: Sequence[str] | None = None
) -> Program:
    """Return the program of a project that has no errors.

    ``policy`` is the country table, the standard library's where none is given. ``files`` are those whose journeys are
    taken; all where none are named. Names are always those of the whole project.
    """
    return Compiler(project, policy or standard_policy()).program_of(files)


def needs_links(program: Program) -> bool:
    """Return whether a yes may have to be confirmed by a link: a purpose says so, or the country of somebody may."""
    if any(one.confirm is not None for one in program.purposes.values()):
        return True
    if program.country_fields:
        return any(row.confirmed for row in program.policy.rows())
    return any(
        program.policy.row(program.country, channel).confirmed for channel in KIND_OF_CHANNEL
    )


class Compiler:
    """One project while it is compiled."""

    def __init__(self, project: Project, policy: Policy) -> None:
        settings = project.settings
        self.project = project
        self.overview = project.overview
        self.meanings = Meanings.of_project(project)
        self.compiled: list[Condition] = []
        self.program = Program(settings.zone, settings.country, project_time(settings), policy)
        self.program.marketing_cap = settings.marketing
        self.program.language = settings.language
        self.program.folder = self.overview.folder

    def program_of(self, files: Sequence[str] | None) -> Program:
        """Return the program."""
        program = self.program
        program.scores = dict(self.meanings.scores)
        program.meanings = self.meanings
        take_people(self)
        program.moments = moments_in(self)
        self.take_vocabulary()
        journeys = list(self.journeys(files))
        for index, journey in enumerate(sorted((one[0] for one in journeys), key=served)):
            journey.index = index
            program.journeys[journey.name] = journey
        for journey, scope, sentence in journeys:
            blocks = Blocks(self, journey, scope, sentence)
            journey.first = blocks.build(sentence.block, None)
            journey.version = version_of(sentence, self.words_of(journey))
        derive(self)
        parts = sorted(f"{one.name}\n{one.version}" for one in program.journeys.values())
        program.version = digest("\0".join(parts), 16)
        return program

    def take_vocabulary(self) -> None:
        """Take purposes, desks, messages, segments and offers."""
        program = self.program
        for one in self.overview.declarations("purpose"):
            program.purposes[one.name] = purpose_of(one.sentence)
            program.purpose_lines[one.name] = f"{one.file.path}:{one.sentence.number}"
        program.purpose_keys = {one.key: one for one in program.purposes.values()}
        program.confirmed = needs_links(program)
        for one in self.overview.declarations("desk"):
            program.desks[one.name] = self.desk_of(one)
        for one in self.overview.declarations("message"):
            program.messages[one.name] = message_of(self, one)
        for one in self.overview.declarations("segment"):
            line = one.sentence.of("people_where")[0]
            program.segments[one.name] = Segment(one.name, self.condition(line))
        for one in self.overview.declarations("offer"):
            program.offers[one.name] = self.offer_of(one)

    def desk_of(self, declaration: Declaration) -> Desk:
        """Return a desk."""
        sentence = declaration.sentence
        within, backup = sentence.first("answers_within"), sentence.first("backed_up")
        return Desk(
            declaration.name,
            desk_time(self.project.settings, sentence),
            duration_of(within.node("length")) if within else None,
            backup.text("desk") if backup else "",
        )

    def offer_of(self, declaration: Declaration) -> Offer:
        """Return an offer."""
        sentence = declaration.sentence
        suits, ranked = sentence.of("suits"), sentence.of("ranked_by")
        shows, rest = sentence.first("shows"), sentence.first("not_again")
        rank = ranked[0].node.parts["rank"] if ranked and ranked[0].node else None
        return Offer(
            declaration.name,
            self.program.messages.get(shows.text("message")) if shows else None,
            self.condition(suits[0]) if suits else None,
            self.value(rank, ranked[0]) if rank is not None else None,
            duration_of(rest.node("length")) if rest else None,
        )

    def journeys(self, files: Sequence[str] | None) -> Iterator[tuple[Journey, Scope, Sentence]]:
        """Yield each journey with what its file sees and its sentence."""
        for name, names in self.project.names.items():
            if files is not None and name not in files:
                continue
            for sentence in names.of("journey"):
                if not sentence.misplaced:
                    scope = self.project.scopes[name]
                    yield journey_of(self, scope, sentence), scope, sentence

    def words_of(self, journey: Journey) -> list[str]:
        """Return the messages and offers that a journey sends, as they are hashed with it."""
        found: dict[str, str] = {}
        for step in journey.steps.values():
            message = getattr(step, "words" if isinstance(step, NotifyDesk) else "message", None)
            if isinstance(message, Message):
                found[f"message {message.name}"] = repr(sorted(message.texts.items()))
            for offer in getattr(step, "offers", ()):
                shown = sorted(offer.message.texts.items()) if offer.message else ""
                said = [offer.suits.text if offer.suits else "", offer.rest, shown]
                found[f"offer {offer.name}"] = repr([*said, self.rank_text(offer.name)])
        return [f"{name}\n{found[name]}" for name in sorted(found)]

    def rank_text(self, offer: str) -> str:
        """Return the line that ranks an offer."""
        found = self.overview.find("offer", offer)
        lines = found.sentence.of("ranked_by") if found else []
        return lines[0].raw if lines else ""

    # What builders ask for

    def place(self, scope: Scope, sentence: Sentence) -> str:
        """Return where a line stands, as ``file:number``."""
        return f"{scope.file.path}:{sentence.number}"

    def condition(self, sentence: Sentence) -> Condition:
        """Return the condition of a line, compiled."""
        found = compile_condition(sentence, self.meanings)
        self.compiled.append(found)
        return found

    def value(self, part: Part, sentence: Sentence) -> Value:
        """Return a value in a line, compiled."""
        return compile_value(part, self.meanings.for_sentence(sentence))

    def constant(self, value: Any) -> Constant:
        """Return a value that is always the same."""
        return Constant(value)

    def assigned(
        self, node: Node, part: str, sentence: Sentence
    ) -> Iterator[tuple[str, Value | Constant]]:
        """Yield the values behind a ``with``: name and value; what stands alone belongs to the list before it."""
        several: dict[str, list[Part]] = {}
        last = ""
        for one in node.items(part):
            if isinstance(one, Node) and one.shape == "assign":
                last = one.text("field")
                several[last] = [one.parts["value"]]
            else:
                several[last].append(one)
        for name, parts in several.items():
            if len(parts) == 1:
                yield name, self.value(parts[0], sentence)
            else:
                words = tuple(part.text for part in parts if not isinstance(part, (Node, tuple)))
                yield name, self.constant(words)

    def correlated(self, journey: Journey, moment: str, same: str) -> tuple[str, ...]:
        """Return the fields in which ``moment`` must agree with a visit: what it runs once per, and ``same``."""
        met = self.program.moments[moment]
        if same and same not in met.compared:
            met.compared = (*met.compared, same)
        carried = {name for name, _read in met.readers}
        names = [journey.once] if journey.once in carried else []
        return (*names, *([same] if same and same not in names else ()))

    def submissions(self, fields: tuple[str, ...]) -> list[str]:
        """Return the moments that the submission of a form is which asks for ``fields``."""
        return submissions(self, fields)
