"""What an author did wrong is a value: a code, a place, a sentence, a next move. Rule: a code never changes its meaning.

The wording, level and page of each code stand in one Markdown file, ``pages/CODE.md``; it is read only when the code is
found, so a clean file costs nothing.
"""

from __future__ import annotations

import os

from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages")


class Edit:
    """A change of the text: what stands in ``span`` becomes ``text``."""

    __slots__ = ("span", "text")

    def __init__(self, span: Span, text: str) -> None:
        self.span = span
        self.text = text


class Term:
    """A word of our own that a message shows in the reader's language: a kind, a place. It stands in ``pages/terms.toml``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Problem:
    """One finding.

    ``variant`` picks a wording of the code's page; ``values`` fill it. ``suggestion`` is a sentence to copy, in the
    file's language; where it is empty the page may have one. ``edits`` are a safe fix: `--fix` applies them.
    ``language`` is that of the file. ``related`` are other places: (path, line). ``judged`` is the level the project gives
    it, where that is not the code's own; only `lint` sets it.
    """

    __slots__ = (
        "code",
        "edits",
        "judged",
        "language",
        "path",
        "related",
        "span",
        "suggested",
        "values",
        "variant",
    )

    def __init__(
        self,
        code: str,
        path: str,
        span: Span,
        *,
        variant: str = "",
        language: str = "en",
        suggestion: str = "",
        edits: tuple[Edit, ...] = (),
        related: tuple[tuple[str, int], ...] = (),
        values: Mapping[str, str | int | Term] | None = None,
    ) -> None:
        self.code = code
        self.path = path
        self.span = span
        self.variant = variant
        self.language = language
        self.suggested = suggestion
        self.edits = edits
        self.judged = ""
        self.related = related
        self.values: Mapping[str, str | int | Term] = values or {}

    def __repr__(self) -> str:
        return f"{self.path}:{self.span.line}:{self.span.column} {self.code} {self.variant}"

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What findings are sorted by."""
        return self.path, self.span.line, self.span.column, self.code

    @property
    def name(self) -> str:
        """The code's name, such as ``wait-without-limit``."""
        return str(page(self.code)["name"])

    @property
    def title(self) -> str:
        """The code's name as words, in the language of the file where its page has it."""
        return str(
            page(self.code).get("title", {}).get(self.language) or self.name.replace("-", " ")
        )

    @property
    def note(self) -> str:
        """What stands beside the place itself, or nothing."""
        return self._worded("note")

    @property
    def level(self) -> str:
        """How much it weighs in this project: ``error``, ``warning`` or ``hint``."""
        return self.judged or str(page(self.code)["level"])

    @property
    def message(self) -> str:
        """The sentence for the author, in the language of the file."""
        return self._worded("message")

    @property
    def suggestion(self) -> str:
        """A sentence to copy, or nothing."""
        return self.suggested or self._worded("suggestion")

    def _worded(self, part: str) -> str:
        wordings = page(self.code).get(part, {})
        if self.variant:
            wordings = wordings.get(self.variant, None if part == "message" else {})
        template = wordings.get(self.language) or wordings.get("en", "")
        shown = {
            name: term(value.name, self.language) if isinstance(value, Term) else value
            for name, value in self.values.items()
        }
        return str(template).format_map(shown).strip("\n")


_pages: dict[str, Mapping[str, Any]] = {}


def page(code: str) -> Mapping[str, Any]:
    """Return the front matter of the code's page, with its Markdown body as ``body``."""
    found = _pages.get(code)
    if found is None:
        import tomllib

        with open(os.path.join(PAGES, f"{code}.md"), encoding="utf-8") as file:
            _, front, body = file.read().split("+++\n", 2)
        found = _pages[code] = {**tomllib.loads(front), "body": body.strip("\n")}
    return found


def codes() -> list[str]:
    """Return every code that has a page."""
    return sorted(name[:-3] for name in os.listdir(PAGES) if name.endswith(".md"))


def term(name: str, language: str) -> str:
    """Return one of our own words in ``language``."""
    if "" not in _pages:
        import tomllib

        with open(os.path.join(PAGES, "terms.toml"), "rb") as file:
            _pages[""] = tomllib.load(file)
    words = _pages[""][name]
    return str(words.get(language) or words["en"])
