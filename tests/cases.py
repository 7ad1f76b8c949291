"""Cases are text files that say their own expectation; adding one needs no Python.

A case is a small project. A line ``=== NAME`` begins a section:

    === verbline.toml            settings (optional)
    === a.journey                a file of the project; also messages/x.md
    === check                    the findings `verbline check` must give, no more and no fewer, one a line:
    a.journey:3:5 N101           path:line:column CODE, then optionally the exact message behind a blank
    === lint C203 C206           the same for `verbline lint` at its strictest; codes named here are all that is compared
    === lint --preset starter    the same with another preset, or with --today 2027-03-01
    === fix a.journey            the text of this file after `verbline lint --fix`
    === pretty                   what people read: every finding of `verbline check`, word for word

A case may hold several expectations. Text before the first section is a comment.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from verbline.interpreter.allowed import cap_of, work_of
from verbline.interpreter.project import Project, Settings
from verbline.interpreter.source import Source

CASES = Path(__file__).parent / "cases"
STDLIB = Path(__file__).parent.parent / "stdlib"


@dataclass(frozen=True)
class Expectation:
    """What a command must say about a case."""

    command: str
    codes: tuple[str, ...]
    lines: tuple[str, ...]
    preset: str = "strict"
    today: str = ""
    text: str = ""


@dataclass(frozen=True)
class Case:
    """One case: the files of its project and what is expected of them."""

    path: Path
    files: dict[str, str]
    expectations: tuple[Expectation, ...]

    def __str__(self) -> str:
        return str(self.path.relative_to(CASES).with_suffix(""))

    def project(self) -> Project:
        """Return the case's project."""
        return project_of(self.files)


def library(name: str) -> Source | None:
    """Return a file of the standard library."""
    path = STDLIB / f"{name.removeprefix('standard/')}.journey"
    return Source.of_bytes(name, path.read_bytes()) if path.exists() else None


def project_of(files: dict[str, str]) -> Project:
    """Return the project of ``files``: path -> text."""
    raw = tomllib.loads(files.get("verbline.toml", ""))
    project = raw.get("project", {})
    settings = Settings(
        name=project.get("name", ""),
        language=project.get("language", "en"),
        zone=project.get("zone", "UTC"),
        country=project.get("country", ""),
        holidays=project.get("holidays", ""),
        work=work_of(project["work"], "en") if "work" in project else None,
        marketing=cap_of(project["marketing"], "en") if "marketing" in project else None,
        people=frozenset(raw["people"]) if "people" in raw else None,
        rules=raw.get("rules", {}),
    )
    sources = {
        path.removesuffix(".journey"): Source.of_text(path, text)
        for path, text in files.items()
        if path.endswith(".journey")
    }
    return Project(sources, settings, library, files.get)


def read_case(path: Path) -> Case:
    """Return the case that ``path`` holds."""
    files: dict[str, str] = {}
    expectations: list[Expectation] = []
    for section in path.read_text("utf-8").split("\n=== ")[
        0 if path.read_text("utf-8").startswith("=== ") else 1 :
    ]:
        title, _, body = section.removeprefix("=== ").partition("\n")
        if title.split()[0] in ("check", "lint", "fix"):
            expectations.append(expectation(title, body))
        else:
            files[title.strip()] = body
    return Case(path, files, tuple(expectations))


def expectation(title: str, body: str) -> Expectation:
    """Return what a section asks for: ``title`` is the command with its options and codes."""
    command, *words = title.split()
    options = {
        words[at].removeprefix("--"): words[at + 1]
        for at in range(len(words) - 1)
        if words[at].startswith("--")
    }
    codes = [word for word in words if not word.startswith("--") and word not in options.values()]
    lines = [line for line in body.splitlines() if line.strip() and not line.startswith("#")]
    return Expectation(command, tuple(codes), tuple(lines), text=body, **options)


def cases(folder: str) -> list[Case]:
    """Return the cases below ``tests/cases/<folder>``, in the order of their names."""
    return [read_case(path) for path in sorted((CASES / folder).rglob("*.case"))]
