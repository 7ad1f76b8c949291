"""HTML out of plain words, and plain words out of HTML. Rule: what was no link does not become one by being written to.

A mail has both parts. From plain words the other part is made of paragraphs; only links of our own and those that the
author wrote can be clicked, never what a person gave as a name.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PARAGRAPH = re.compile(r"\n\s*\n")
LINK = re.compile(r"https?://[^\s<>\"'{}]+(?<![.,;:!?)\]])")
BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "section", "article", "header", "footer", "blockquote", "hr")
)  # fmt: skip
UNSEEN = frozenset(("script", "style", "head", "title", "template"))
GAPS = re.compile(r"\n{3,}")


def links_in(text: str) -> list[str]:
    """Return the links that stand in a text."""
    return LINK.findall(text)


def html_of(text: str, links: Iterable[str]) -> str:
    """Return plain words as HTML: paragraphs, lines, and ``links`` that can be clicked."""
    body = "\n".join(
        f"<p>{one.strip().replace(chr(10), '<br>' + chr(10))}</p>"
        for one in PARAGRAPH.split(escape(text.strip()))
        if one.strip()
    )
    known = sorted({escape(link) for link in links if link}, key=len, reverse=True)

    def clickable(match: re.Match[str]) -> str:
        link = next((one for one in known if match[0].startswith(one)), "")
        return f'<a href="{link}">{link}</a>{match[0][len(link) :]}' if link else match[0]

    return LINK.sub(clickable, body) if known else body


def page_of(body: str, language: str) -> str:
    """Return a whole page of HTML around ``body``."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8"></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def text_of(html: str) -> str:
    """Return the plain words of HTML; a link stands behind its words."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return GAPS.sub("\n\n", "\n".join(lines)).strip() + "\n"


class Reader(HTMLParser):
    """HTML being read. ``found`` are the words so far."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where a block begins."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self.found.append("\n")
        elif tag == "li":
            self.found.append("\n- ")
        elif tag in BLOCKS:
            self.found.append("\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.found)))

    def handle_endtag(self, tag: str) -> None:
        """End a line where a block ends; write a link behind its words."""
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BLOCKS:
            self.found.append("\n\n")
        elif tag == "a" and self._links:
            link, start = self._links.pop()
            words = "".join(self.found[start:]).strip()
            if link.startswith(("http://", "https://")) and link != words:
                self.found.append(f" ({link})")

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._unseen:
            self.found.append(re.sub(r"\s+", " ", data))
