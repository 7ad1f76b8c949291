"""The words of a message for one person. Rule: they are made once, before the intent is stored; a retry says the same.

plain words      the interpreter's own, `worded.filled`: what a scenario or a rehearsal shows is what leaves
words in HTML    the same pieces as Liquid, rendered in the child, where every value is escaped
a layout         Liquid of the author, rendered in the child
"""

from __future__ import annotations

from functools import lru_cache

from verbline.interpreter.program.worded import Gap, MissingFieldError, filled, pieces_of
from verbline.interpreter.sentence import grammar
from verbline.runtime.channels.intent import Words
from verbline.runtime.templates.compiling import FIELDS, liquid_of
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.rich import html_of, links_in, page_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.program.parts import Message
    from verbline.interpreter.program.worded import Pieces
    from verbline.runtime.templates.worker import Worker

OUTPUT_MAX = 1 << 20
# The links that the runtime fills in, and how an intent calls them.
LINKS = {"leave-link": "leave", "confirm-link": "confirm"}


class Written:
    """A message in one ``language``: its ``subject`` and ``body`` in pieces; ``rich`` where the body is HTML."""

    __slots__ = ("body", "language", "rich", "subject")

    def __init__(self, subject: Pieces, body: Pieces, language: str, *, rich: bool = False) -> None:
        self.subject = subject
        self.body = body
        self.language = language
        self.rich = rich


def written_in(message: Message, language: str, otherwise: str = "") -> Written:
    """Return a message in ``language``; where it is not written in that in ``otherwise``, else as it was written first."""
    codes = [name.removesuffix(" body") for name in message.pieces if name.endswith(" body")]
    code = next((one for one in (language, otherwise, *codes) if one in codes), language)
    subject = message.pieces.get(f"{code} subject", ())
    if not subject and codes:
        subject = message.pieces.get(f"{codes[0]} subject", ())
    body = message.pieces.get(f"{code} body", ())
    return Written(subject, body, code, rich=code in message.rich)


def question_in(question: str, language: str) -> Written:
    """Return a question, which is written in the language of its file alone."""
    table = grammar()
    code = language if language in table.languages() else "en"
    return Written((), pieces_of(question, [table.language(code)]), language)


class Renderer:
    """Makes words. ``layout`` is a Liquid template around the HTML of a mail: ``body``, ``subject``, ``language``, ``leave``."""

    __slots__ = ("_layout", "_worker")

    def __init__(self, worker: Worker, layout: str = "") -> None:
        self._worker = worker
        self._layout = layout

    def words(
        self,
        written: Written,
        values: Mapping[str, str | None],
        links: Mapping[str, str],
        *,
        html: bool = False,
    ) -> Words:
        """Return the words with ``values`` and ``links`` in them, and for ``html`` that part too.

        `TemplateError` where there are none: a value is missing, a template is broken or takes too much.
        """
        known = {**values, **{name: links.get(kind) for name, kind in LINKS.items()}}
        subject = self._filled(written.subject, known) if written.subject else ""
        body = self._filled(written.body, known, rich=written.rich)
        if not written.rich:
            text = body
            clickable = [*links.values(), *author_links(written.body)]
            body = html_of(text, clickable) if html else ""
        else:
            text = text_of(body)
        if not html:
            return Words(subject=subject, text=text)
        return Words(subject=subject, text=text, html=self._laid_out(subject, body, written, links))

    def _filled(
        self, pieces: Pieces, values: Mapping[str, str | None], *, rich: bool = False
    ) -> str:
        try:
            text = filled(pieces, values)
        except MissingFieldError as missing:
            raise TemplateError("missing_field", missing.field) from None
        if len(text) > OUTPUT_MAX:
            raise TemplateError("template_too_costly", "The text is too long.")
        if not rich:
            # What a scenario shows. Liquid says the same, and takes fifty times as long to say it.
            return text
        given = {gap.field: values.get(gap.field) for gap in pieces if isinstance(gap, Gap)}
        return self._worker.render(source_of(pieces), {FIELDS: given}, rich=True)

    def _laid_out(self, subject: str, body: str, written: Written, links: Mapping[str, str]) -> str:
        if not self._layout:
            return body if "<html" in body[:1000].lower() else page_of(body, written.language)
        given = {
            "body": body,
            "subject": subject,
            "language": written.language,
            "leave": links.get("leave", ""),
        }
        return self._worker.render(self._layout, given, rich=True, marked=("body",))


@lru_cache(1024)
def source_of(pieces: Pieces) -> str:
    """Return the Liquid of a text."""
    return liquid_of(pieces)


@lru_cache(1024)
def author_links(pieces: Pieces) -> tuple[str, ...]:
    """Return the links that the author wrote."""
    return tuple(link for piece in pieces if isinstance(piece, str) for link in links_in(piece))
