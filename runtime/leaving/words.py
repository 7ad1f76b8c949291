"""Drafts into intents: the words of a batch, made in one go. Rule: a draft without words becomes an intent that says why.

The ways out, the answers and the confirmation are links that name the intent by its key; where the project has no links
none stand there, and marketing by mail is refused by its channel.
"""

from __future__ import annotations

import msgspec

from verbline.interpreter.program.spoken import grammar_word
from verbline.interpreter.program.worded import Gap, fields_of
from verbline.runtime.channels.answers import STALE, Refused
from verbline.runtime.channels.desk import GRACE
from verbline.runtime.channels.links import ANSWER, CONFIRM, LEAVE
from verbline.runtime.leaving.drafts import CONFIRMATION, NOTE, QUESTION, TASK
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.rendering import LINKS, Sheet, Written, author_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbline.runtime.channels.intent import Intent, Words
    from verbline.runtime.channels.links import Links
    from verbline.runtime.leaving.drafts import Draft
    from verbline.runtime.templates.rendering import Renderer

# Nobody leaves what no consent holds back.
WITHOUT_WAY_OUT = frozenset(("transactional", "legal", ""))
YES, NO = "yes", "no"
HTML_ON = "email"
# Fields that only the runtime fills in; no data word has a blank in it.
LINK_OF = {YES: "yes link", NO: "no link"}
SHOWN = "shown {name}"
CONFIRM_LINK = next(name for name, kind in LINKS.items() if kind == CONFIRM)


class Rendered:
    """An ``intent`` with its words; ``fault`` says why it has none, None where it has."""

    __slots__ = ("fault", "intent")

    def __init__(self, intent: Intent, fault: Refused | None = None) -> None:
        self.intent = intent
        self.fault = fault


class Wording:
    """Words drafts. ``layouts`` are the Liquid templates around mails, by channel."""

    def __init__(
        self, renderer: Renderer, links: Links | None = None, layouts: Mapping[str, str] | None = None
    ) -> None:  # fmt: skip
        self.renderer = renderer
        self.links = links
        self.layouts = layouts or {}

    def of(self, drafts: Sequence[Draft]) -> list[Rendered]:
        """Return the intents of ``drafts`` in their order.

        `TemplateError` is raised where nothing can be rendered at all at present; then it is tried again later.
        """
        links = [self.links_of(one) for one in drafts]
        sheets = [
            sheet
            for one, there in zip(drafts, links, strict=True)
            if (sheet := self.sheet(one, there)) is not None
        ]
        made = iter(self.renderer.all(sheets))
        return [
            Rendered(one.intent) if one.written is None else rendered(one, there, next(made))
            for one, there in zip(drafts, links, strict=True)
        ]

    def in_time(self, drafts: Sequence[Draft], now: int | None) -> list[Rendered]:
        """Return the same where those get no words that are stale ``now``; None where nobody asks the clock."""
        late = [is_stale(one.intent.expires, now) for one in drafts]
        fresh = [one for one, is_late in zip(drafts, late, strict=True) if not is_late]
        made = iter(self.of(fresh) if fresh else ())
        return [
            stale(one) if is_late else next(made) for one, is_late in zip(drafts, late, strict=True)
        ]

    def links_of(self, draft: Draft) -> dict[str, str]:
        """Return the links of a draft: by what they do, or by the answer that they give."""
        intent, links = draft.intent, self.links
        if links is None or intent.kind in (TASK, NOTE):
            return {}
        if intent.kind == CONFIRMATION:
            return {CONFIRM: links.link(CONFIRM, intent.key)}
        found = {}
        if intent.kind == QUESTION and draft.due is not None:
            ends = draft.due + GRACE
            found = {one: links.link(ANSWER, intent.key, one, ends) for one in (YES, NO)}
        if intent.cls not in WITHOUT_WAY_OUT:
            found[LEAVE] = links.link(LEAVE, intent.key)
        return found

    def sheet(self, draft: Draft, links: Mapping[str, str]) -> Sheet | None:
        """Return what the words of a draft are made of; None for a task."""
        if draft.written is None:
            return None
        channel, values = draft.intent.channel, dict(draft.values)
        written = draft.written
        if draft.intent.kind == QUESTION:
            written = asking(written, is_linked=YES in links)
            values |= {LINK_OF[one]: link for one, link in links.items() if one in LINK_OF}
        elif draft.intent.kind == CONFIRMATION and links:
            written = confirming(written)
        elif draft.shown:
            written = showing(written, tuple(name for name, _value in draft.shown))
            values |= {SHOWN.format(name=name): value for name, value in draft.shown}
        layout = self.layouts.get(channel, "")
        html = channel == HTML_ON and (written.rich or bool(layout))
        return Sheet(written, values, links, html, layout)


def asking(written: Written, *, is_linked: bool) -> Written:
    """Return a question as a message: it is its own subject, and its links stand behind it."""
    body = written.body
    if is_linked:
        words = [grammar_word(one, written.language).capitalize() for one in ("YES", "NO")]
        yes, no = (Gap(LINK_OF[one], None) for one in (YES, NO))
        body = (*body, f"\n\n{words[0]}: ", yes, f"\n{words[1]}: ", no)
    return Written(written.body, body, written.language)


def confirming(written: Written) -> Written:
    """Return a request to confirm with the link that confirms, where its author left it out."""
    if CONFIRM_LINK in fields_of(written.body):
        return written
    link = Gap(CONFIRM_LINK, None)
    more = ('\n<p><a href="', link, '">', link, "</a></p>\n") if written.rich else ("\n\n", link)
    subject = written.subject or written.body
    return Written(subject, (*written.body, *more), written.language, rich=written.rich)


def showing(written: Written, names: tuple[str, ...]) -> Written:
    """Return a note with the fields that it shows behind it."""
    lines: list[str | Gap] = []
    for name in names:
        lines += ["\n\n" if not lines else "\n", f"{name}: ", Gap(SHOWN.format(name=name), "-")]
    return Written(written.subject, (*written.body, *lines), written.language)


def rendered(draft: Draft, links: Mapping[str, str], words: Words | TemplateError) -> Rendered:
    """Return the intent with its words and its links, or with the reason for which it has none."""
    if isinstance(words, TemplateError):
        return Rendered(draft.intent, Refused(words.reason, str(words)))
    if draft.intent.channel == HTML_ON and not words.html and draft.written is not None:
        words = msgspec.structs.replace(words, clickable=author_links(draft.written.body))
    intent = msgspec.structs.replace(draft.intent, words=words, links=dict(links))
    return Rendered(intent)


def is_stale(expires: int | None, now: int | None) -> bool:
    """Return whether it is too late for what ``expires`` then: it gets no words."""
    return now is not None and expires is not None and expires < now


def stale(draft: Draft) -> Rendered:
    """Return a draft that comes too late, without the address that nobody writes to."""
    intent = msgspec.structs.replace(draft.intent, address="")
    return Rendered(intent, Refused(STALE))
