"""Older versions of journeys. Rule: who is inside one goes on by its own words; everything that these name is today's.

Its own words are the journey's text and that of the messages and offers it sends. They are kept when the version is taken
up, and compiled again in the project of today as if they stood there: a purpose that was narrowed, a desk that opens later
and a segment that is smaller hold for people inside at once. What the words name has to be declared still.
"""

from __future__ import annotations

import json

from verbline.interpreter.check import check
from verbline.interpreter.names import Names, Scope
from verbline.interpreter.parse import parse
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.identities import TALK
from verbline.interpreter.program.journeys import served
from verbline.interpreter.program.needs import take_heeded, take_idle, watched_in
from verbline.interpreter.program.parts import Message
from verbline.interpreter.program.spans import Span
from verbline.interpreter.program.targets import targets
from verbline.interpreter.project import Project
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program

FORMAT = 1
SUFFIX = ".journey"
# What is told of a name that is gone without harm: who would have gone on there ends, and begins nothing.
HARMLESS = frozenset(("continue_with",))


class Kept:
    """The own words of one version: ``files`` by name with the lines that are its own, each in its place.

    ``languages`` are those of the files; ``texts`` the text files that its messages name, by path.
    """

    __slots__ = ("files", "journey", "languages", "texts", "version")

    def __init__(
        self,
        journey: str,
        version: str,
        files: Mapping[str, str],
        languages: Mapping[str, str],
        texts: Mapping[str, str],
    ) -> None:
        self.journey = journey
        self.version = version
        self.files = files
        self.languages = languages
        self.texts = texts

    def to_bytes(self) -> bytes:
        """Return the words as bytes."""
        form = {"format": FORMAT, **{name: getattr(self, name) for name in self.__slots__}}
        text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, content: bytes) -> Kept:
        """Return the words that `to_bytes` wrote."""
        form: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
        assert form.pop("format") == FORMAT, "a form that this version of Verbline wrote"
        return cls(**form)


def kept(project: Project, program: Program, name: str) -> Kept:
    """Return the own words of the version of the journey ``name`` that ``program`` was compiled with."""
    journey = program.journeys[name]
    overview, texts = project.overview, {}
    lines: dict[str, dict[int, str]] = {}
    languages = {}
    own = {id(names.file): one for one, names in project.names.items()}
    for kind, called in (("journey", name), *words_sent(journey)):
        found = overview.find(kind, called)
        file = own.get(id(found.file)) if found else None
        if found is None or file is None:
            continue  # words of the standard library are those of this Verbline
        languages[file] = found.file.language.code
        kept_lines = lines.setdefault(file, {})
        talk = {line.number for line in found.sentence.block if line.shape in TALK}
        for number in rows_of(found.file, found.sentence):
            if number not in talk:
                kept_lines[number] = found.file.source.lines[number - 1]
        for line in found.sentence.walk():
            if line.shape == "text_from" and line.node is not None:
                path = line.node.text("file")
                texts[path] = project.text(path) or ""
    files = {
        file: "\n".join(rows.get(number, "") for number in range(1, max(rows) + 1))
        for file, rows in lines.items()
    }
    return Kept(name, journey.version, files, languages, texts)


def words_sent(journey: Journey) -> list[tuple[str, str]]:
    """Return the messages and offers that a journey sends, by kind and name."""
    found: dict[tuple[str, str], None] = {}
    for step in journey.steps.values():
        message = getattr(step, "message", None)
        if message is not None:
            found["message", message.name if isinstance(message, Message) else message] = None
        for offer in getattr(step, "offers", ()):
            found["offer", offer.name] = None
            if offer.message is not None:
                found["message", offer.message.name] = None
    return sorted(found)


def rows_of(file: File, sentence: Sentence) -> range:
    """Return the numbers of the lines of a sentence that begins at the margin, with all that stands below it."""
    behind = next((one for one in file.sentences if one.number > sentence.number), None)
    return range(sentence.number, behind.number if behind else len(file.source.lines) + 1)


class Mixed(Project):
    """The project of today with the own words of an older version, which see everything that is declared in it.

    ``own`` are the names of the files that bring these words.
    """

    def __init__(self, project: Project, words: Kept) -> None:
        self.own: list[str] = []
        folder = project.overview.folder
        mine: dict[str, Names] = {}
        for file, text in words.files.items():
            source = Source.of_text(f"{folder}{file}{SUFFIX}", text)
            name = f"{words.version} {file}"
            mine[name] = Names(parse(source, grammar(), words.languages[file]))
            self.own.append(name)
        replaced = {
            (kind, name)
            for names in mine.values()
            for kind, ones in names.declared.items()
            for name in ones
        }
        sources = {
            **{name: without(names, replaced) for name, names in project.names.items()},
            **{name: names.file.source for name, names in mine.items()},
        }
        known = Known({**project.names, **mine}, project.libraries)

        def text_at(path: str) -> str | None:
            return words.texts[path] if path in words.texts else project.text(path)

        super().__init__(sources, project.settings, project.library, text_at, known=known)  # type: ignore[arg-type]  # it is asked for nothing else

    def _scope(self, name: str) -> Scope:
        if name not in self.own:
            return super()._scope(name)
        own = self.names[name]
        libraries = [one for one in self.libraries.values() if one is not None]
        return Scope(own, [one for one in (*self.names.values(), *libraries) if one is not own])


class Known:
    """Files that are parsed already."""

    __slots__ = ("libraries", "names")

    def __init__(self, names: dict[str, Names], libraries: dict[str, Names | None]) -> None:
        self.names = names
        self.libraries = libraries


def without(names: Names, gone: Iterable[tuple[str, str]]) -> Source:
    """Return the source of a file with empty lines for what it declares of ``gone``."""
    source = names.file.source
    numbers = {
        number
        for kind, name in gone
        if (found := names.declared.get(kind, {}).get(name)) is not None
        for number in rows_of(names.file, found.sentence)
    }
    if not numbers:
        return source
    lines = ["" if at in numbers else line for at, line in enumerate(source.lines, 1)]
    return Source(source.path, lines, source.size)


class OlderVersion:
    """An older version compiled in the project of today, or the ``problems`` that keep it from being.

    ``program`` holds nothing but its journey; ``sentence`` is the one that declares it, None where it cannot be read.
    """

    __slots__ = ("problems", "program", "sentence", "version")

    def __init__(self, project: Project, words: Kept, policy: Any = None) -> None:
        self.version = words.version
        self.program: Program | None = None
        mixed = Mixed(project, words)
        self.problems: list[Problem] = [
            one
            for one in check(mixed, mixed.own)
            if one.level == "error" and not is_harmless(mixed, one)
        ]
        found = mixed.overview.find("journey", words.journey)
        self.sentence = found.sentence if found else None
        if self.sentence is not None and not self.problems:
            self.program = compile_project(mixed, policy, files=mixed.own)
            self.journey.version = words.version

    @property
    def journey(self) -> Journey:
        """The journey in this version."""
        assert self.program is not None, "only a version that can be read is asked"
        return next(iter(self.program.journeys.values()))


def is_harmless(project: Mixed, problem: Problem) -> bool:
    """Return whether a problem is no more than that a journey is gone with which the version would continue."""
    return any(
        line.number == problem.span.line
        for names in (project.names[name] for name in project.own)
        if names.file.path == problem.path
        for line in names.of(*HARMLESS)
    )


def take_older(program: Program, project: Project, older: OlderVersion) -> None:
    """Let ``program``, which ``project`` is compiled to, hold an older version of a journey for those who are inside it."""
    assert older.program is not None, "only a version that can be read is taken"
    assert older.sentence is not None, "what was compiled has a sentence"
    journey = older.journey
    assert (journey.name, journey.version) not in program.older, "a version is taken once"
    program.older = {**program.older, (journey.name, journey.version): journey}
    newest = project.overview.find("journey", journey.name)
    if newest is not None and program.journeys[journey.name].moves:
        found = targets(journey.name, older.sentence, newest.sentence)
        program.targets = {**program.targets, (journey.name, journey.version): found}
    put_in_order(program)
    for name, theirs in older.program.moments.items():
        moment = program.moments[name]
        moment.keep = max(moment.keep, theirs.keep)
        moment.awaited = moment.awaited or theirs.awaited
        moment.compared = tuple(dict.fromkeys((*moment.compared, *theirs.compared)))
    if journey.cap is not None:
        program.cap_span = max(program.cap_span, Span(journey.cap[1]).high)
    program.watched = watched_in(program)
    program.watches = bool(program.watched or program.fading)
    take_idle(program)
    take_heeded(program)


def put_in_order(program: Program) -> None:
    """Number all journeys in the order in which they are served; an older version stands where the newest does."""
    for journey in program.older.values():
        newest = program.journeys.get(journey.name)
        if newest is not None:
            journey.index = newest.index
    gone = [one for one in program.older.values() if one.name not in program.journeys]
    if not gone:
        return
    known: dict[str, int] = {}
    for journey in sorted((*program.journeys.values(), *gone), key=served):
        journey.index = known.setdefault(journey.name, len(known))
    for journey in program.older.values():
        journey.index = known[journey.name]
