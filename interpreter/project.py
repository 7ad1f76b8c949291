"""The files of a project, parsed and joined. Rule: nothing is read here; whoever calls brings the texts.

The pipeline that `verbline check` and `verbline lint` run, to be read aloud:

    sources -> parse each -> Project (names, scopes) -> check (sentences, names, kinds) -> lint (rules) -> findings
"""

from __future__ import annotations

from functools import cached_property

from verbline.interpreter.names import Names, Scope
from verbline.interpreter.parse import File, parse
from verbline.interpreter.sentence import grammar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.interpreter.allowed import Cap, Hours
    from verbline.interpreter.index import Index
    from verbline.interpreter.journeys import Journeys
    from verbline.interpreter.overview import Overview
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Source


class Settings:
    """What the checks read of ``verbline.toml``: ``[project]``, ``[people]``, ``[rules]``, as plain values.

    ``people`` is the set of names in the table, or None where a project has no such table. ``rules`` maps a rule's code
    to ``error``, ``warning``, ``hint`` or ``off``. ``work`` holds the spans of working time, each as weekdays (0 is
    monday) with the minutes from midnight at which it begins and ends; None where the project says nothing. ``marketing``
    is how many messages in how long, (4, (7, "day")), or None. ``holidays`` is a country's code, or empty. ``problems``
    is what was found wrong with the settings themselves.
    """

    __slots__ = (
        "country",
        "holidays",
        "language",
        "marketing",
        "name",
        "people",
        "problems",
        "rules",
        "work",
        "zone",
    )

    def __init__(  # noqa: PLR0913 - one for each setting, all by name
        self,
        *,
        name: str = "",
        language: str = "en",
        zone: str = "UTC",
        country: str = "",
        holidays: str = "",
        work: tuple[Hours, ...] | None = None,
        marketing: Cap | None = None,
        people: frozenset[str] | None = None,
        rules: Mapping[str, str] | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        self.name = name
        self.language = language
        self.zone = zone
        self.country = country
        self.holidays = holidays
        self.work = work
        self.marketing = marketing
        self.people = people
        self.rules = rules or {}
        self.problems = problems


class Project:
    """Every file of a project.

    ``files`` maps a file's name as `use` says it (its path without ``.journey``) to the parsed file. ``library`` returns
    the source of a file of the standard library (``standard/consent``), or None. ``text`` returns a message's text file
    by its path from the project's folder, or None where there is none. ``known`` is an earlier state of the project, with
    the same language: a file whose source is still the same object is not parsed again.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        settings: Settings,
        library: Callable[[str], Source | None],
        text: Callable[[str], str | None],
        known: Project | None = None,
    ) -> None:
        self.settings = settings
        self.grammar = grammar()
        self.text = text
        self.files: dict[str, File] = {}
        self.names: dict[str, Names] = {}
        self.library = library
        self.libraries: dict[str, Names | None] = known.libraries if known else {}
        for name, source in sources.items():
            names = known.names.get(name) if known else None
            if names is None or names.file.source is not source:
                names = Names(parse(source, self.grammar, settings.language))
            self.files[name], self.names[name] = names.file, names
        self.scopes: dict[str, Scope] = {name: self._scope(name) for name in self.files}

    def _scope(self, name: str) -> Scope:
        own = self.names[name]
        used = [self.used(use.node.text("file")) for use in own.uses if use.node]
        return Scope(own, [names for names in used if names is not None and names is not own])

    def used(self, name: str) -> Names | None:
        """Return the names of the file that ``use "name"`` means, or None where there is no such file."""
        if not name.startswith("standard/"):
            return self.names.get(name)
        if name not in self.libraries:
            source = self.library(name)
            self.libraries[name] = Names(parse(source, self.grammar, "en")) if source else None
        return self.libraries[name]

    @cached_property
    def index(self) -> Index:
        """All names at once."""
        from verbline.interpreter.index import Index

        return Index(self)

    @cached_property
    def overview(self) -> Overview:
        """What only the whole project shows; rules look there."""
        from verbline.interpreter.overview import Overview

        return Overview(self)

    @cached_property
    def journeys(self) -> Journeys:
        """The journeys, their paths, and what joins them."""
        from verbline.interpreter.journeys import Journeys

        return Journeys(self)

    def renewed(self, sources: Mapping[str, Source]) -> Project:
        """Return the project with other texts for the files that ``sources`` names."""
        joined = {name: sources.get(name, file.source) for name, file in self.files.items()}
        return Project(joined, self.settings, self.library, self.text, known=self)
