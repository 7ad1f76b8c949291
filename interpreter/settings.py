"""``verbline.toml`` to `Settings`. Rule: what is wrong with a setting is a finding at its place, and the rest still counts.

Only ``[project]``, ``[people]`` and ``[rules]`` are read here; the other tables belong to the runtime and are looked at
by name alone.
"""

from __future__ import annotations

import re

from verbline.interpreter.allowed import cap_of, fault_in, work_of
from verbline.interpreter.nearness import nearest
from verbline.interpreter.problems import Problem, Term, codes
from verbline.interpreter.project import Settings
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Span
from verbline.interpreter.toml import place_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

TABLES = (
    "project",
    "people",
    "sources",
    "channels",
    "desks",
    "links",
    "outbox",
    "report",
    "rules",
    "environments",
)
PROJECT = ("name", "language", "zone", "country", "holidays", "work", "marketing")
PERSON = ("role", "email")
REQUIRED = ("zone", "country")
LANGUAGE = re.compile(r'^\s*language\s*=\s*"(\w+)"', re.MULTILINE)
LEVELS = ("error", "warning", "hint", "off")
PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
BARE_VALUE = re.compile(r"""=\s*([^\s"'#=\[{][^#]*?)\s*(?:#.*)?$""")
CONTROL = dict.fromkeys((*range(32), *range(127, 160)), "\ufffd")
# What the reader of TOML says, and which of our wordings tells it.
TOLD = {
    "Unclosed": "open",
    "Unterminated": "open",
    "Illegal character '\\n'": "open",
    "Expected '\"": "open",
    "Expected \"'": "open",
    "Cannot": "twice",
    "Duplicate": "twice",
}


def settings_of(path: str, content: bytes) -> Settings:
    """Return the settings that the file's bytes hold, with their findings in ``problems``."""
    return Reader(path, content).run()


class Reader:
    """One settings file being read: its lines, and what was found wrong so far."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        self.text = self.text.replace("\r\n", "\n")
        self.lines = self.text.split("\n")
        self.language = "en"
        self.problems: list[Problem] = []
        self.meant: set[str] = set()
        self.wrong: set[str] = set()

    def run(self) -> Settings:
        """Return the settings; where the file is no TOML, those of a project without a file."""
        # Where the file is no TOML, its language can mostly be seen all the same, and its sentences are no mistakes.
        seen = LANGUAGE.search(self.text)
        self.language = seen[1] if seen and seen[1] in grammar().languages() else "en"
        raw = self.load()
        if raw is None:
            return Settings(language=self.language, problems=tuple(self.problems))
        self.language = "en"
        for table in raw:
            if table not in TABLES:
                self.report_unknown((), table, TABLES, "table")
        project = self.table(raw, "project")
        if not isinstance(raw.get("project", {}), dict):
            self.meant.update(REQUIRED)
        language = project.get("language")
        if isinstance(language, str) and language in grammar().languages():
            self.language = language
        self.read_project(project)
        people = self.read_people(raw)
        rules = self.read_rules(self.table(raw, "rules"))
        text = {
            key: value
            for key, value in project.items()
            if isinstance(value, str) and key not in self.wrong
        }
        return Settings(
            name=text.get("name", ""),
            language=self.language,
            zone=text.get("zone", "UTC"),
            country=text.get("country", ""),
            holidays=text.get("holidays", ""),
            work=work_of(text["work"], self.language) if "work" in text else None,
            marketing=cap_of(text["marketing"], self.language) if "marketing" in text else None,
            people=people,
            rules=rules,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.key)),
        )

    def load(self) -> dict[str, Any] | None:
        """Return the file's tables, or None where it is no TOML, which is then reported."""
        import tomllib

        try:
            # A byte that is no UTF-8 stands as a lone surrogate here, which no TOML may hold.
            self.text.encode("utf-8")
            return tomllib.loads(self.text)
        except UnicodeEncodeError as error:
            line = self.text.count("\n", 0, error.start) + 1
            column = error.start - self.text.rfind("\n", 0, error.start)
            self.report("P001", Span(line, column, line, column + 1), "encoding")
        except RecursionError:
            self.report("P001", Span(1, 1, 1, 2), "deep")
        except ValueError as error:
            self.report_unreadable(str(error))
        return None

    def report_unreadable(self, told: str) -> None:
        """Report the place where the file stops being TOML."""
        place = PLACE.search(told)
        line = (
            int(place[1])
            if place
            else max((at for at, text in enumerate(self.lines, 1) if text.strip()), default=1)
        )
        text = self.lines[line - 1]
        # Past the end something was still to come: a value behind its sign, else what closes a list or a table.
        other = "plain" if place or text.rstrip().endswith("=") else "open"
        variant = next(
            (wording for start, wording in TOLD.items() if told.startswith(start)), other
        )
        bare = BARE_VALUE.search(text)
        if variant == "plain" and bare and place and int(place[2]) == bare.start(1) + 1:
            span = Span(line, bare.start(1) + 1, line, bare.end(1) + 1)
            value = bare[1].strip("“”„«»‘’,")
            self.report("P001", span, "quotes", f'{text[: bare.start(1)].strip()} "{value}"')
            return
        whole = variant == "twice" or not place
        start = len(text) - len(text.lstrip()) + 1 if whole or place is None else int(place[2])
        end = max(len(text.rstrip()) + 1, start + 1) if whole else start + 1
        self.report("P001", Span(line, start, line, end), "" if variant == "plain" else variant)

    def table(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        """Return the table called ``name``; an empty one where it is absent or no table."""
        found = raw.get(name, {})
        if isinstance(found, dict):
            return found
        self.report_kind((name,), "table", found)
        return {}

    def read_project(self, project: dict[str, Any]) -> None:
        """Report what is wrong in ``[project]``."""
        for key, value in project.items():
            if key not in PROJECT:
                self.report_unknown(("project",), key, PROJECT)
            elif not isinstance(value, str):
                self.report_kind(("project", key), "text", value)
            else:
                self.check_value(key, value)
        for key in REQUIRED:
            # What stands there under a wrong name is not missing.
            if key not in project and key not in self.meant:
                self.report("P003", self.place("project"), key)

    def check_value(self, key: str, value: str) -> None:
        """Report a value that the setting ``key`` of ``[project]`` cannot have."""
        fault = fault_in(key, value, self.language)
        if fault is None:
            return
        self.wrong.add(key)
        place = self.value_place("project", key)
        meant = f'{key} = "{fault.meant}"' if fault.meant else ""
        self.report("P006", place, fault.variant, meant, value=value, known=fault.known)

    def read_people(self, raw: dict[str, Any]) -> frozenset[str] | None:
        """Return the names in ``[people]``, or None where there is no such table."""
        if "people" not in raw:
            return None
        people = self.table(raw, "people")
        for name, person in people.items():
            if not isinstance(person, dict):
                self.report_kind(("people", name), "person", person)
                continue
            for key, value in person.items():
                if key not in PERSON:
                    self.report_unknown(("people", name), key, PERSON)
                elif not isinstance(value, str):
                    self.report_kind(("people", name, key), "text", value)
        return frozenset(people)

    def read_rules(self, table: dict[str, Any]) -> dict[str, str]:
        """Return the levels of ``[rules]`` that mean something, and report the others."""
        rules: dict[str, str] = {}
        for code, level in table.items():
            if code not in codes():
                self.report_unknown(("rules",), code, codes(), "rule")
            elif not isinstance(level, str):
                self.report_kind(("rules", code), "text", level)
            elif level not in LEVELS:
                known = ", ".join(LEVELS)
                self.report(
                    "P006", self.value_place("rules", code), "level", value=level, known=known
                )
            else:
                rules[code] = level
        return rules

    def report_unknown(
        self, where: tuple[str, ...], key: str, known: Iterable[str], of: str = ""
    ) -> None:
        """Report a key that nobody reads, with the nearest one where one is near."""
        meant = nearest_of(key, known)
        self.meant.add(meant)
        values = {"key": key, "table": ".".join(where), "nearest": meant}
        variant = of if meant else f"{of}_none".lstrip("_")
        shown = "" if of == "rule" else ", ".join(known)
        self.report("P002", self.place(*where, key), variant, known=shown, **values)

    def report_kind(self, keys: tuple[str, ...], wanted: str, value: object) -> None:
        """Report a value of another kind than the setting has."""
        found = Term(f"setting-{KINDS.get(type(value).__name__, 'date')}")
        wanted_term = Term(f"setting-{wanted}")
        self.report("P004", self.place(*keys), key=keys[-1], wanted=wanted_term, found=found)

    def report(
        self, code: str, span: Span, variant: str = "", suggestion: str = "", **values: str | Term
    ) -> None:
        """Add a finding."""
        # TOML can write signs that would command a terminal.
        shown = {
            name: value.translate(CONTROL) if isinstance(value, str) else value
            for name, value in values.items()
        }
        self.problems.append(
            Problem(
                code,
                self.path,
                span,
                variant=variant,
                language=self.language,
                suggestion=suggestion,
                values=shown,
            )
        )

    def place(self, *keys: str) -> Span:
        """Return where the last of ``keys`` stands; the nearest table above it, or the file's start, else."""
        return place_in(self.lines, keys)

    def value_place(self, *keys: str) -> Span:
        """Return where the value of a setting stands, or the setting where its value is on another line."""
        span = self.place(*keys)
        text = self.lines[span.line - 1]
        match = re.compile(r"\s*=\s*([^#]*[^#\s])").match(text, span.end_column - 1)
        return Span(span.line, match.start(1) + 1, span.line, match.end(1) + 1) if match else span


KINDS = {
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "yes-no",
    "list": "list",
    "dict": "table",
}


def nearest_of(key: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that ``key`` may have been meant as, or nothing."""
    inside = (one for one in known if len(one) > 3 and one in key.casefold())
    return nearest(key, known) or next(inside, "")
