"""What the files of a project say that a log is read by. Rule: only what is declared counts, no scenario.

Fields that somebody reads are remembered of people; what a form asks agreement to is what its short answers rest on.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import key_of
from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.nodes import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project

DECLARING = frozenset(
    ("known_by", "also_known_by", "recognised_by", "has_field", "carries", "asks")
)


def read_of(project: Project, program: Program, names: Collection[str]) -> tuple[str, ...]:
    """Return those of ``names`` that a message, a task or a condition reads."""
    read = read_in(project, program)
    return tuple(name for name in names if name in read)


def read_in(project: Project, program: Program) -> AbstractSet[str]:
    """Return the data words of all messages and of all sentences that do more than declare; scenarios are left out."""
    if program.named is not None:
        return program.named
    offered = (one.message for one in program.offers.values() if one.message is not None)
    read = {name for one in (*program.messages.values(), *offered) for name in one.reads}
    for file in project.files.values():
        for sentence in file.sentences:
            if sentence.shape != "scenario":
                read.update(words_in(sentence))
    return read


def words_in(sentence: Sentence) -> Iterator[str]:
    """Yield the data words of a sentence and of all below it, but for those that only declare what an event brings."""
    if sentence.node is not None and sentence.shape not in DECLARING:
        words = (word for word in sentence.node.walk() if isinstance(word, Word))
        yield from (word.text for word in words if word.kind == "NAME")
    for below in sentence.block:
        yield from words_in(below)


def agreements(project: Project) -> dict[str, frozenset[tuple[str, str]]]:
    """Return what each form asks agreement to: the purpose's key and the channel, nothing where it names none."""
    return {
        one.name: frozenset(
            (
                key_of(line.node.text("purpose")),
                channel_of(line.node.word("channel")) if line.node.has("channel") else "",
            )
            for line in one.sentence.of("asks_agreement")
            if line.node
        )
        for one in project.overview.declarations("form")
    }
