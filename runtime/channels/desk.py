"""Tasks for people: by mail, by a webhook or into a file. Rule: an answer link answers one task with one answer, until it ends.

A task that is taken back is told too, so that nobody works for nothing. The words stand in ``desk.toml``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from verbline.runtime.channels.intent import Words
from verbline.runtime.channels.links import ANSWER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.runtime.channels.answers import Answer, Channel, Declares
    from verbline.runtime.channels.intent import Intent, Task
    from verbline.runtime.channels.links import Links

# A link answers for so long after the deadline: a late answer is kept, and changes nothing. Without one it ends too.
GRACE = 7 * 86_400_000
OPEN = 90 * 86_400_000


class Desk:
    """The one way to a desk: ``way`` carries the task, to ``address`` where it goes by mail. ``links`` make answer links."""

    __slots__ = ("address", "declares", "links", "way")

    def __init__(self, way: Channel, links: Links | None = None, address: str = "") -> None:
        self.way = way
        self.links = links
        self.address = address
        self.declares: Declares = way.declares

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Hand a task or a note over."""
        return self.way.send(self.dressed(intent), deadline)

    def dressed(self, intent: Intent) -> Intent:
        """Return the intent with the words of its task and the links that answer it."""
        task = intent.task
        address = self.address or intent.address
        if task is None:
            return msgspec.structs.replace(intent, address=address)
        links = self.answers(intent, task)
        words = words_of(task, links, intent.language)
        return msgspec.structs.replace(
            intent, address=address, words=words, links={**intent.links, **links}
        )

    def answers(self, intent: Intent, task: Task) -> dict[str, str]:
        """Return each answer that the desk may give -> its link; none where nothing is asked or no links are made."""
        if self.links is None or task.is_withdrawn:
            return {}
        ends = task.due + GRACE if task.due is not None else intent.at + OPEN
        offered = task.answers or (said("done", intent.language),)
        return {one: self.links.link(ANSWER, task.key or intent.key, one, ends) for one in offered}

    def close(self) -> None:
        """Close the way."""
        self.way.close()


def words_of(task: Task, links: Mapping[str, str], language: str) -> Words:
    """Return a task in words: why, what is known, until when, and the links to answer with."""
    key = "subject" if task.because else "subject_plain"
    subject = said(key, language).format(desk=task.desk, because=task.because)
    subject = " ".join(subject.split())
    if task.is_withdrawn:
        subject = said("withdrawn", language).format(subject=subject)
    parts = [task.because] if task.because else []
    if task.is_withdrawn:
        parts.append(said("nothing", language))
    elif task.due_text:
        parts.append(said("due", language).format(due=task.due_text))
    if task.shown:
        parts.append("\n".join(f"{name}: {value or '-'}" for name, value in task.shown))
    if links:
        listed = "\n".join(f"{answer}\n  {link}" for answer, link in links.items())
        parts.append(f"{said('answer', language)}\n\n{listed}")
    return Words(subject=subject, text="\n\n".join(parts) + "\n")


def said(key: str, language: str) -> str:
    """Return one of the sentences in ``language``; in English where it has none."""
    wordings = sentences()[key]
    return wordings.get(language) or wordings["en"]


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return what ``desk.toml`` holds."""
    return tomllib.loads(files(__package__ or "").joinpath("desk.toml").read_text("utf-8"))
