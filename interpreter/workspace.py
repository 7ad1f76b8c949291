"""A project that is being edited. Rule: its findings are those of `lint`, to the letter; only what can have changed is looked at.

A file is parsed again when its text changes, a line only when it was never seen. A check or a rule that looked at a file
and at the files it uses, and at nothing else, need not look again until one of these changes; one that asked the project
about all its files looks again after every change.
"""

from __future__ import annotations

from verbline.interpreter.accept import without_accepted
from verbline.interpreter.check import CHECKS
from verbline.interpreter.lint import is_locked, weighed
from verbline.interpreter.project import Project, Settings
from verbline.interpreter.rules import rules
from verbline.interpreter.settings import settings_of
from verbline.interpreter.source import Source
from verbline.interpreter.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from verbline.interpreter.names import Names
    from verbline.interpreter.problems import Problem

    Look: TypeAlias = Callable[[View], Iterable[Problem]]

SETTINGS = "verbline.toml"
SUFFIX = ".journey"
# What a look may ask the project for without depending on its other files.
SAME_FOR_ALL = frozenset(("settings", "grammar"))


class Watched:
    """A project that notes whether it was asked about more than one file."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.asked = False

    def __getattr__(self, name: str) -> Any:
        if name not in SAME_FOR_ALL:
            self.asked = True
        return getattr(self.project, name)


class Seen:
    """What was found in a file: by the looks at it alone in ``near``, by those at the whole project in ``far``.

    ``parts`` are the names that the file had in sight, ``all`` is what was found in ``project``.
    """

    __slots__ = ("all", "far", "near", "parts", "project")

    def __init__(self, parts: tuple[Names, ...]) -> None:
        self.parts = parts
        self.project: Project | None = None
        self.all: list[Problem] = []
        self.near: dict[Look, list[Problem]] = {}
        self.far: list[Look] = []


class Workspace:
    """The files of a project as an editor holds them.

    ``library`` returns a file of the standard library and ``text`` a text file that the workspace was not given; see
    `Project`. ``today`` is the date on which acceptances run out.
    """

    def __init__(
        self,
        library: Callable[[str], Source | None],
        text: Callable[[str], str | None] = lambda _path: None,
        *,
        preset: str = "standard",
        today: str = "",
    ) -> None:
        self.library = library
        self.outer_text = text
        self.preset = preset
        self.today = today
        self.settings = Settings()
        self.contents: dict[str, bytes] = {}
        self.sources: dict[str, Source] = {}
        self.seen: dict[str, Seen] = {}
        self.looks: tuple[Look, ...] = (*CHECKS, *rules().values())
        self._project: Project | None = None
        self._fresh = False

    def update(self, path: str, content: bytes | None) -> None:
        """Take the new content of the file at ``path`` from the project's folder; None where it is gone."""
        if self.contents.get(path) == content:
            return
        if content is None:
            del self.contents[path]
        else:
            self.contents[path] = content
        self._fresh = False
        if path == SETTINGS:
            self.settings = Settings() if content is None else settings_of(path, content)
            self._project = None
            self.seen.clear()
        elif path.endswith(SUFFIX):
            name = path.removesuffix(SUFFIX)
            self.sources.pop(name, None)
            self.seen.pop(name, None)
            if content is not None:
                self.sources[name] = Source.of_bytes(path, content)

    @property
    def project(self) -> Project:
        """The project as it stands now."""
        if self._project is None or not self._fresh:
            ordered = dict(sorted(self.sources.items()))
            self._project = Project(
                ordered, self.settings, self.library, self.text, known=self._project
            )
            self._fresh = True
        return self._project

    def text(self, path: str) -> str | None:
        """Return the text file at ``path``: the one that the workspace was given, else the outer one."""
        content = self.contents.get(path)
        return self.outer_text(path) if content is None else content.decode("utf-8", "replace")

    def findings(self, names: Iterable[str] | None = None) -> list[Problem]:
        """Return the findings in the files ``names`` (all of them by default), in the order of the text."""
        project = self.project
        found = list(self.settings.problems)
        for name in names if names is not None else project.files:
            found += self.accepted(project, name)
        return weighed(project, found, self.preset)

    def accepted(self, project: Project, name: str) -> Iterator[Problem]:
        """Yield the findings in one file that nobody has accepted."""
        view = View(project, name)
        return without_accepted(view, self.look(view), is_locked, self.today)

    def look(self, view: View) -> list[Problem]:
        """Return what every check and rule finds in one file; what cannot have changed is not looked for again."""
        project = view.project
        seen = self.seen.get(view.name)
        if seen is None or seen.parts != view.scope.parts:
            seen = self.seen[view.name] = Seen(view.scope.parts)
            seen.far = list(self.looks)
        if seen.project is not project:
            found = {**self.found_far(view, seen), **seen.near}
            seen.all = [problem for look in self.looks for problem in found[look]]
            seen.project = project
        return seen.all

    def found_far(self, view: View, seen: Seen) -> dict[Look, list[Problem]]:
        """Return what is found by looks that ask about the whole project, and keep what the others find."""
        project = view.project
        watched = Watched(project)
        view.project = watched  # type: ignore[assignment]  # it answers as the project does
        far: dict[Look, list[Problem]] = {}
        for look in seen.far:
            watched.asked = False
            problems = list(look(view))
            (far if watched.asked else seen.near)[look] = problems
        view.project = project
        seen.far = list(far)
        return far
