"""What only the whole project shows: who sends which message, and which fields a journey can reach. Rule: names are
global, so this looks at every file of the project and at the library files that they use.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from verbline.interpreter.known import Reach, joined, needed_by, reaches
from verbline.interpreter.listeners import Listeners, bringing, filled
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.sendings import Purpose, Sending
from verbline.interpreter.texts import texts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.names import Declaration, Field, Names
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.project import Project
    from verbline.interpreter.texts import Text

SIGNS = re.compile(r"[\W_]+")
# Lines that declare fields, or what the lines below them belong to.
FIELD_LINES = (
    "carries", "has_field", "known_by", "also_known_by", "recognised_by", "moment", "person", "score", "use",
)  # fmt: skip


class Overview:
    """The whole project, each part worked out when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.own: list[Names] = list(project.names.values())
        found = {id(names): names for names in self.own}
        for names in self.own:
            for use in names.uses:
                used = project.used(use.node.text("file")) if use.node else None
                if used is not None:
                    found.setdefault(id(used), used)
        self.names: list[Names] = list(found.values())
        self._texts: dict[str, list[Text]] = {}

    @cached_property
    def declared(self) -> dict[str, dict[str, Declaration]]:
        """Every declaration by kind and name, the first where there are several."""
        found: dict[str, dict[str, Declaration]] = {}
        for names in self.names:
            for kind, ones in names.declared.items():
                several = found.setdefault(kind, {})
                for name, one in ones.items():
                    several.setdefault(name, one)
        return found

    def find(self, kind: str, name: str) -> Declaration | None:
        """Return the declaration of ``name`` anywhere in the project or in the library files it uses."""
        return self.declared.get(kind, {}).get(name)

    @cached_property
    def listeners(self) -> Listeners:
        """The names that sentences and texts use."""
        return Listeners(self)

    @cached_property
    def bringing(self) -> dict[str, list[str]]:
        """The systems that bring each field."""
        return bringing(self)

    @cached_property
    def filled(self) -> set[str]:
        """The fields that something can bring."""
        return filled(self)

    @cached_property
    def alike(self) -> dict[tuple[str, str], Declaration]:
        """The first declaration of each name of the project's own, by kind and by what stays without capitals and signs."""
        found: dict[tuple[str, str], Declaration] = {}
        for names in self.own:
            for kind, ones in names.declared.items():
                for name, one in ones.items():
                    found.setdefault((kind, alike(name)), one)
        return found

    @cached_property
    def continuing(self) -> dict[str, list[Sentence]]:
        """The steps that continue with a journey, by its name."""
        found: dict[str, list[Sentence]] = {}
        for _file, step, node in self.steps("continue_with"):
            found.setdefault(node.text("journey"), []).append(step)
        return found

    def declarations(self, kind: str) -> Iterator[Declaration]:
        """Yield each declaration of ``kind`` once; further names of a person or a moment are no declarations of their own."""
        for names in self.names:
            seen: set[int] = set()
            for one in names.declared.get(kind, {}).values():
                if id(one.sentence) not in seen:
                    seen.add(id(one.sentence))
                    yield one

    def steps(self, *shapes: str) -> Iterator[tuple[File, Sentence, Node]]:
        """Yield the sentences of these shapes in the project's own files."""
        for names in self.own:
            for sentence in names.of(*shapes):
                if not sentence.misplaced and sentence.node is not None:
                    yield names.file, sentence, sentence.node

    @cached_property
    def folder(self) -> str:
        """The project's folder as findings write it: empty, or with a slash at its end."""
        folder = ""
        for name, file in self.project.files.items():
            full = f"{name}.journey"
            if file.path.endswith(full):
                return file.path[: -len(full)]
            if full.endswith(file.path):
                folder = "../" * full[: -len(file.path)].count("/")
        return folder

    @cached_property
    def purposes(self) -> dict[str, Purpose]:
        """Every purpose by its name."""
        found: dict[str, Purpose] = {}
        for one in self.declarations("purpose"):
            found.setdefault(one.name, Purpose(one.name, one.file, one.sentence))
        return found

    @cached_property
    def offered(self) -> frozenset[str]:
        """The messages that offers show."""
        return frozenset(node.text("message") for _file, _line, node in self.steps("shows"))

    def asking(self, file: File, step: Sentence) -> Sending:
        """Return the sending of a question, which is its own message."""
        assert step.node is not None, "only understood lines are asked for"
        channels = frozenset(word.kind for word in step.node.words("channels"))
        return Sending(step, file, "confirm", step.node.text("purpose"), channels)

    @cached_property
    def sendings(self) -> dict[str, list[Sending]]:
        """Who sends each message, by its name."""
        found: dict[str, list[Sending]] = {}
        shown = {
            offer.text("name"): node.text("message")
            for _file, sentence, node in self.steps("shows")
            if sentence.parent is not None and (offer := sentence.parent.node) is not None
        }
        for message, sending in self._all_sendings(shown):
            found.setdefault(message, []).append(sending)
        return found

    def _all_sendings(self, shown: dict[str, str]) -> Iterator[tuple[str, Sending]]:
        for file, step, node in self.steps("notify", "ask", "offer", "offer_best"):
            channels = frozenset(word.kind for word in node.words("channels"))
            how = "offer" if step.shape == "offer_best" else step.shape
            if how != "offer":
                yield node.text("message"), Sending(step, file, how, node.text("purpose"), channels)
            offers = [word.text for word in (*node.words("offers"), *node.words("offer"))]
            for message in dict.fromkeys(shown[offer] for offer in offers if offer in shown):
                sending = Sending(step, file, how, node.text("purpose"), channels)
                sending.offers = tuple(one for one in offers if shown.get(one) == message)
                yield message, sending
        for file, step, node in self.steps("notify_desk", "notify_routed"):
            yield node.text("message"), Sending(step, file, "desk", "", frozenset())
        for file, step, node in self.steps("confirmed_by_link"):
            if node.has("message"):
                sending = Sending(step, file, "link", "", frozenset(("C_EMAIL",)))
                yield node.text("message"), sending

    @cached_property
    def person_fields(self) -> dict[str, Field]:
        """The fields of every person, by name."""
        found: dict[str, Field] = {}
        for one in self.declarations("person"):
            for field in fields_of_person(one):
                found.setdefault(field.name, field)
        return found

    @cached_property
    def carried(self) -> dict[str, dict[str, Field]]:
        """What each moment carries, by all its names."""
        found: dict[str, dict[str, Field]] = {}
        for names in self.names:
            for name, one in names.declared.get("moment", {}).items():
                found.setdefault(name, {field.name: field for field in fields_of_moment(one)})
        return found

    @cached_property
    def all_carried(self) -> dict[str, list[str]]:
        """The fields that moments carry, each with these moments."""
        found: dict[str, list[str]] = {}
        for one in self.declarations("moment"):
            for field in fields_of_moment(one):
                found.setdefault(field.name, []).append(one.name)
        return found

    def is_carried(self, field: str) -> bool:
        """Return whether some moment carries ``field``."""
        return field in self.all_carried

    def suited(self, offer: str) -> set[str]:
        """Return the fields that are known of everybody whom ``offer`` suits."""
        declared = self.find("offer", offer)
        lines = declared.sentence.of("suits") if declared else []
        return set().union(*(needed_by(line) for line in lines))

    @cached_property
    def message_languages(self) -> set[str]:
        """The languages in which the project's messages have words."""
        found = {node.text("code") for _file, _line, node in self.steps("in_lang")}
        if found:
            found |= {
                file.language.code
                for file, message, _node in self.steps("message")
                if message.text is not None or message.of("says", "text_from")
            }
        return found

    @cached_property
    def guards(self) -> dict[str, str]:
        """The fields that are marked sensitive or secret, with that mark; the stricter mark counts."""
        found: dict[str, str] = {}
        fields = [*self.person_fields.values()]
        fields += [field for carried in self.carried.values() for field in carried.values()]
        for field in fields:
            if field.guard and found.get(field.name) != "secret":
                found[field.name] = field.guard
        return found

    @cached_property
    def always_known(self) -> frozenset[str]:
        """The scores, which begin at 0."""
        return frozenset(one.name for one in self.declarations("score"))

    @cached_property
    def unclear(self) -> list[Sentence]:
        """The lines that were not understood or stand in a wrong place.

        While there are any, nothing can be said about what is never used.
        """
        return [
            sentence
            for names in self.own
            for sentence in names.file.walk()
            if sentence.node is None or sentence.misplaced
        ]

    def is_unclear(self, moment: str) -> bool:
        """Return whether a line about ``moment`` was not understood, so that it may carry more."""
        declared = self.find("moment", moment)
        return declared is not None and any(
            line.node is None or line.misplaced for line in declared.sentence.block
        )

    @cached_property
    def may_hide_fields(self) -> bool:
        """Whether a field may be declared where it cannot be seen: in an unclear line, or in a file that is not there."""
        return any(line.may_be(*FIELD_LINES) for line in self.unclear) or any(
            use.node is None or self.project.used(use.node.text("file")) is None
            for names in self.own
            for use in names.uses
        )

    @cached_property
    def doors(self) -> dict[int, tuple[File, Sentence]]:
        """The first form that signals each moment, by the moment's declaration."""
        found: dict[int, tuple[File, Sentence]] = {}
        for file, line, node in self.steps("form_signals"):
            moment = self.find("moment", node.text("moment"))
            if moment is not None and line.parent is not None:
                found.setdefault(id(moment.sentence), (file, line.parent))
        return found

    def texts(self, name: str) -> list[Text]:
        """Return the texts of the project's file ``name``."""
        if name not in self._texts:
            self._texts[name] = texts_of(self.project.names[name], self.project, self.folder)
        return self._texts[name]

    def reach(self, journey: Sentence) -> Reach:
        """Return which fields of moments ``journey`` can see."""
        found = self.reaches.get(journey)
        # Steps may stand under a line that was not understood, and was perhaps meant as a journey.
        return found if found is not None else joined([journey], [], {}, self)

    @cached_property
    def reaches(self) -> dict[Sentence, Reach]:
        """What each journey sees."""
        return reaches(self)


@lru_cache(50_000)
def alike(name: str) -> str:
    """Return ``name`` without capitals, blanks and signs: two names that give the same are taken for one by readers."""
    return SIGNS.sub("", name.casefold())
