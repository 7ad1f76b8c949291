"""Breaks one line of a correct project. Rule: the same numbers break the same line in the same way."""

from __future__ import annotations

import re
from functools import cache

from tests.cases import project_of
from tests.tree import ROOT
from verbline.interpreter.check import check
from verbline.interpreter.project import Project

PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))
JUNK = "blurb"


@cache
def files_of(number: int) -> dict[str, str]:
    """Return the files of an example project: path -> text."""
    folder = PROJECTS[number % len(PROJECTS)]
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".journey", ".md", ".toml")
    }


@cache
def places(number: int) -> list[tuple[str, int]]:
    """Return every line of a project that says something: (path, index); blank lines, comments and texts say nothing."""
    project = project_of(files_of(number))
    return [
        (file.path, sentence.number - 1)
        for file in project.files.values()
        for sentence in file.walk()
    ]


@cache
def findings(number: int) -> frozenset[tuple[str, int, str]]:
    """Return what is found in a project as it is."""
    return frozenset(
        (one.path, one.span.line, one.code) for one in check(project_of(files_of(number)))
    )


def broken(number: int, at: int, kind: int, place: int) -> tuple[Project, str, int, str]:
    """Return a project with one line broken, the line's path, its number, and the line as it now is."""
    every = places(number)
    path, index = every[at % len(every)]
    files = dict(files_of(number))
    lines = files[path].split("\n")
    lines[index] = changed(lines[index], kind, place)
    files[path] = "\n".join(lines)
    return project_of(files), path, index + 1, lines[index]


def changed(line: str, kind: int, place: int) -> str:
    """Return ``line`` with one letter, word or quote changed."""
    body = line.lstrip()
    words = body.split(" ")
    at = place % len(words)
    word = words[at]
    letter = (place // len(words)) % len(word) if word else 0
    if kind == 0:
        words[at] = word[:letter] + word[letter + 1 :]
    elif kind == 1:
        words[at] = word[:letter] + word[letter + 1 : letter + 2] + word[letter : letter + 1]
        words[at] += word[letter + 2 :]
    elif kind == 2:
        del words[at]
    elif kind == 3:
        words.insert(at, word)
    elif kind == 4:
        words[at] = JUNK
    elif kind == 5:
        words.insert(at, JUNK)
    elif kind == 6:
        quotes = [match.start() for match in re.finditer('"', body)] or [0]
        cut = quotes[place % len(quotes)]
        words = [body[:cut] + body[cut + 1 :]]
    return line[: len(line) - len(body)] + " ".join(words)


KINDS = 7
