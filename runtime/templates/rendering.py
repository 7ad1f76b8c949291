"""The words of a message for one person. Rule: they are made once, before the intent is stored; a retry says the same.

plain words      the interpreter's own, `worded.filled`: what a scenario or a rehearsal shows is what leaves
words in HTML    the same pieces as Liquid, rendered in the child, where every value is escaped
a layout         Liquid of the author, rendered in the child
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from verbline.interpreter.program.worded import Gap, MissingFieldError, filled, pieces_of
from verbline.interpreter.sentence import grammar
from verbline.runtime.channels.intent import Words
from verbline.runtime.templates.compiling import FIELDS, liquid_of
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.rich import html_of, links_in, page_of, text_of
from verbline.runtime.templates.worker import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class Sheet(NamedTuple):
    """What the words of one message are made of; ``html`` says that they have that part too, ``layout`` what stands around it.

    A layout is a Liquid template with ``body``, ``subject``, ``language`` and ``leave``.
    """

    written: Written
    values: Mapping[str, str | None]
    links: Mapping[str, str]
    html: bool = False
    layout: str = ""


class Renderer:
    """Makes words. ``layout`` is a Liquid template around the HTML of a mail."""

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
        (found,) = self.all([Sheet(written, values, links, html, self._layout)])
        if isinstance(found, TemplateError):
            raise found
        return found

    def all(self, sheets: Iterable[Sheet]) -> list[Words | TemplateError]:
        """Return the words of many messages, or why one has none; the child is asked twice, however many there are."""
        pages = [Page(sheet) for sheet in sheets]
        for job_of, take in ((Page.rich, Page.take_rich), (Page.outer, Page.take_outer)):
            asked = [(page, job) for page in pages if (job := job_of(page)) is not None]
            if asked:
                made = self._worker.render_all([job for _page, job in asked])
                for (page, _job), text in zip(asked, made, strict=True):
                    take(page, text)
        return [page.words() for page in pages]


class Page:
    """A message whose words are being made. ``fault`` says why there are none."""

    __slots__ = ("body", "fault", "html", "known", "sheet", "subject")

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        # The values, with those of the links that the runtime fills in.
        self.known = {
            **sheet.values,
            **{name: sheet.links.get(kind) for name, kind in LINKS.items()},
        }
        self.fault: TemplateError | None = None
        self.subject = self.body = self.html = ""
        written = sheet.written
        try:
            self.subject = self._filled(written.subject)
            self.body = self._filled(written.body)
        except TemplateError as error:
            self.fault = error
        if sheet.html and not written.rich and not self.fault:
            clickable = [*sheet.links.values(), *author_links(written.body)]
            self.html = html_of(self.body, clickable)

    def _filled(self, pieces: Pieces) -> str:
        """Return what a scenario shows. Liquid says the same, and takes fifty times as long to say it."""
        try:
            text = filled(pieces, self.known)
        except MissingFieldError as missing:
            raise TemplateError("missing_field", missing.field) from None
        if len(text) > OUTPUT_MAX:
            raise TemplateError("template_too_costly", "The text is too long.")
        return text

    def rich(self) -> Job | None:
        """Return the job for a body that is HTML; None where it is none."""
        written = self.sheet.written
        if self.fault or not written.rich:
            return None
        known = self.known
        given = {gap.field: known.get(gap.field) for gap in written.body if isinstance(gap, Gap)}
        return Job(source_of(written.body), {FIELDS: given}, rich=True)

    def take_rich(self, text: str | TemplateError) -> None:
        """Take what the child made of the body."""
        if isinstance(text, TemplateError):
            self.fault = text
            return
        self.html, self.body = text, text_of(text)

    def outer(self) -> Job | None:
        """Return the job for the layout; None where there is none."""
        sheet = self.sheet
        if self.fault or not sheet.html or not sheet.layout:
            return None
        given = {
            "body": self.html,
            "subject": self.subject,
            "language": sheet.written.language,
            "leave": sheet.links.get("leave", ""),
        }
        return Job(sheet.layout, given, rich=True, marked=("body",))

    def take_outer(self, text: str | TemplateError) -> None:
        """Take what the child made of the layout."""
        if isinstance(text, TemplateError):
            self.fault = text
        else:
            self.html = text

    def words(self) -> Words | TemplateError:
        """Return the words, or why there are none."""
        if self.fault is not None:
            return self.fault
        sheet, html = self.sheet, self.html
        if not sheet.html:
            return Words(subject=self.subject, text=self.body)
        if not sheet.layout and "<html" not in html[:1000].lower():
            html = page_of(html, sheet.written.language)
        return Words(subject=self.subject, text=self.body, html=html)


@lru_cache(1024)
def source_of(pieces: Pieces) -> str:
    """Return the Liquid of a text."""
    return liquid_of(pieces)


@lru_cache(1024)
def author_links(pieces: Pieces) -> tuple[str, ...]:
    """Return the links that the author wrote."""
    return tuple(link for piece in pieces if isinstance(piece, str) for link in links_in(piece))
