"""The words that a project shows where it asks somebody to agree. Rule: they are known by their hash, as events name them."""

from __future__ import annotations

from verbline.interpreter.guard.consent import key_of
from verbline.interpreter.guard.purpose import channel_of
from verbline.runtime.consent.rows import notice_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.project import Project

# An answer may name any purpose; so many are remembered.
NOTICES_MAX = 4_096


class Wordings:
    """The words by form, purpose's key and channel, nothing where every channel is meant; ``hashes`` are those of all."""

    def __init__(self, project: Project) -> None:
        self._of: dict[tuple[str, str, str], str] = {}
        for form in project.overview.declarations("form"):
            for line in form.sentence.of("asks_agreement"):
                if line.node is not None and line.node.has("wording"):
                    channel = (
                        channel_of(line.node.word("channel")) if line.node.has("channel") else ""
                    )
                    place = form.name, key_of(line.node.text("purpose")), channel
                    self._of.setdefault(place, line.node.text("wording"))
        for purpose in project.overview.declarations("purpose"):
            for line in purpose.sentence.of("asked_with"):
                if line.node is not None:
                    self._of["", key_of(purpose.name), ""] = line.node.text("wording")
        self.hashes = frozenset(map(notice_of, self._of.values()))
        self._notices: dict[tuple[str, str, str], str] = {}

    def shown(self, form: str, purpose: str, channel: str) -> str:
        """Return the words that ``form`` shows for a purpose and a channel; nothing where nobody wrote them down."""
        places = (form, purpose, channel), (form, purpose, ""), ("", purpose, "")
        return next((self._of[one] for one in places if one in self._of), "")

    def notice(self, form: str, purpose: str, channel: str) -> str:
        """Return the hash of the words that ``form`` shows for a purpose and a channel; nothing where there are none."""
        place = form, purpose, channel
        found = self._notices.get(place)
        if found is None:
            words = self.shown(form, purpose, channel)
            found = notice_of(words) if words else ""
            if len(self._notices) < NOTICES_MAX:
                self._notices[place] = found
        return found

    def all(self) -> list[str]:
        """Return all words, each once."""
        return list(dict.fromkeys(self._of.values()))
