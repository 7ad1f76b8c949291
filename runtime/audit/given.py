"""What a project says about the log that is audited. Rule: what it declares is never guessed."""

from __future__ import annotations

from verbline.interpreter.guard.consent import EVERY
from verbline.interpreter.step.world import World
from verbline.runtime.audit.fields import declared
from verbline.runtime.audit.hearing import Hearing
from verbline.runtime.feed import Feed
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.audit.fields import Role
    from verbline.runtime.events import Event
    from verbline.runtime.sources import Sources

OWN = "verbline."
ASKED = frozenset(("marketing", "tracking", "recognition"))


class Given:
    """A project beside a log."""

    __slots__ = ("_feed", "_systems", "identity", "program", "project", "rules")

    def __init__(self, project: Project, program: Program, sources: Sources | None = None) -> None:
        self.project = project
        self.program = program
        self.rules = rules_of(project)
        self.identity = Identity(self.rules)
        self._feed = Feed(project, program, self.identity, World(program), sources)
        moments = [one for found in program.by_code.values() for one in found]
        self._systems = {one.source for one in moments} | set(sources.fields if sources else ())
        self._systems |= set(sources.spellings.values() if sources else ())
        self._systems |= {one.keeper for one in program.purposes.values()}
        self._systems.discard("")

    def roles(self) -> list[Role]:
        """Return what the fields say that the project declares."""
        person = (
            word.text("name")
            for names in self.project.names.values()
            for noun in names.of("person")
            for word in (one.node for one in noun.block if one.shape == "has_field")
            if word is not None
        )
        return declared(self.rules, dict.fromkeys(person))

    def renamed(self, event: Event) -> dict[str, Any]:
        """Return the data of an event by our names."""
        names = self._feed.renames.get(self.program.system(event.source))
        return renamed(event.data, names) if names else event.data

    def is_registered(self, source: str) -> bool:
        """Return whether the project names a source."""
        return self.program.system(source) in self._systems

    def names_type(self, source: str, kind: str) -> bool:
        """Return whether the project names events of this type from this source."""
        return kind.startswith(OWN) or bool(self.program.moments_of(source, kind))

    def form(self, source: str, kind: str) -> str:
        """Return the form whose submission an event is, or nothing."""
        return next((one.form for one in self.program.moments_of(source, kind) if one.form), "")

    def asked(self) -> list[tuple[str, str]]:
        """Return the purposes that rest on what people say, with their channels."""
        return [
            (one.key, channel)
            for one in self.program.purposes.values()
            for channel in sorted(one.channels)
            if (one.cls in ASKED or one.basis == "consent") and channel != EVERY
        ]

    def said(self, event: Event, number: int) -> Sequence[Consent]:
        """Return what an event says about being written to."""
        moments = self.program.moments_of(event.source if event.sourced else "", event.type)
        return self._feed.said(event, f"P{number}" if number else None, moments)[0]


class ProjectHearing(Hearing):
    """Hears as the runtime does; columns of tables that say yes or no are heard too."""

    __slots__ = ("_given",)

    def __init__(self, given: Given, fields: Any, contacts: Mapping[str, str], region: str) -> None:
        super().__init__(fields, contacts, region)
        self._given = given

    def _stated(self, event: Event, person: int, named: Mapping[str, Any]) -> Any:
        return iter(self._given.said(event, person))

    def _by_type(self, kind: str) -> bool | None:
        return None if kind in self._given.program.by_code else super()._by_type(kind)
