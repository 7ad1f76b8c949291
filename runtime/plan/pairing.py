"""Two lists of lines, and what became of each. Rule: a line is the same where it means the same, wherever it stands in its file.

What is left is paired by what it is about: a wait for the same moment, a message of the same name. A line that went from one
block to another has moved. What is left then is gone or has come.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from verbline.interpreter.nodes import meaning
from verbline.interpreter.procedure import is_beside
from verbline.interpreter.program.identities import PARTS, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verbline.interpreter.nodes import Sentence

# What a line is about, by its shape: two lines that differ are one line, changed, where this is the same.
ABOUT: Mapping[str, str] = {
    "wait_for": "moments", "wait_absent": "moment", "wait_until": "until", "wait_until_workday": "until", "wait_before": "until",
    "wait_after": "until", "notify": "message", "notify_desk": "desk", "ask": "message", "escalate": "desk", "escalate_named": "field",
    "pass_up": "desk", "confirm": "question", "learn": "field", "learn_list": "field", "signal": "moment", "qualify": "label",
    "offer": "offer", "experiment": "name", "arm": "name", "if_": "condition", "otherwise_if": "condition",
    "if_this_happens": "moment", "if_answer": "answers", "case_": "values", "stop_writing": "purpose",
    "starts_when": "moment", "starts_segment": "segment", "starts_also": "segment", "only_for": "segment", "except_for": "segment",
    "stops_when": "moment", "stops_segment": "segment", "stops_withdrawn": "purpose", "no_longer": "label", "aims_for": "metric",
    "carries": "name", "has_field": "name", "asks_agreement": "purpose", "adds": "moment", "takes": "moment", "trust": "fields",
    "merge_ask": "desk", "rests_on": "basis", "open_hours": "first",
}  # fmt: skip


class Pairing:
    """What became of lines: ``same`` and ``altered`` are pairs, ``moved`` stand elsewhere, ``gone`` and ``come`` have no partner.

    Lines that are told in one breath with the one above them are gone or come with it.
    """

    __slots__ = ("altered", "come", "gone", "moved", "same")

    def __init__(self) -> None:
        self.same: list[tuple[Sentence, Sentence]] = []
        self.altered: list[tuple[Sentence, Sentence]] = []
        self.moved: list[tuple[Sentence, Sentence]] = []
        self.gone: list[Sentence] = []
        self.come: list[Sentence] = []

    def clauses(self, before: Iterable[Sentence], after: Iterable[Sentence]) -> None:
        """Compare lines whose order says nothing."""
        news: dict[str, list[Sentence]] = {}
        for line in own(after):
            news.setdefault(said(line), []).append(line)
        left = []
        for line in own(before):
            found = news.get(said(line))
            if found:
                self._keep(line, found.pop(0))
            else:
                left.append(line)
        self._replace(left, [line for ones in news.values() for line in ones])

    def steps(self, before: Iterable[Sentence], after: Iterable[Sentence]) -> None:
        """Compare lines that follow one another."""
        olds, news = list(own(before)), list(own(after))
        keys = [said(line) for line in olds], [said(line) for line in news]
        for what, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
            if what == "equal":
                for one, other in zip(olds[a:b], news[c:d], strict=True):
                    self._keep(one, other)
            else:
                self._replace(olds[a:b], news[c:d])

    def _keep(self, old: Sentence, new: Sentence) -> None:
        """Take two lines that mean the same, and compare what stands under them."""
        self.same.append((old, new))
        self.steps(old.block, new.block)

    def _replace(self, olds: Sequence[Sentence], news: Sequence[Sentence]) -> None:
        """Pair lines that mean something else, by what they are about and then by what they are."""
        left_old, left_new = list(olds), list(news)
        for same_about in (True, False):
            for old in list(left_old):
                new = partner(old, left_new, left_old, same_about=same_about)
                if new is not None:
                    left_old.remove(old)
                    left_new.remove(new)
                    self.altered.append((old, new))
                    self.steps(old.block, new.block)
        self.gone += (line for old in left_old for line in told_lines(old))
        self.come += (line for new in left_new for line in told_lines(new))

    def settle(self) -> None:
        """Find what only moved: the same line, gone from one place and come to another."""
        for old in list(self.gone):
            new = next((one for one in self.come if said(one) == said(old)), None)
            if new is not None:
                self.gone.remove(old)
                self.come.remove(new)
                self.moved.append((old, new))

    def kept(self) -> Iterator[tuple[Sentence, Sentence]]:
        """Yield each line of before that is still there, with what it is now."""
        yield from self.same
        yield from self.altered
        yield from self.moved


def own(lines: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield lines without those that are part of the one above them."""
    return (line for line in lines if line.node is not None and line.shape not in PARTS)


def told_lines(line: Sentence) -> Iterator[Sentence]:
    """Yield a line and those under it that are told by themselves."""
    yield line
    for inner in own(line.block):
        if not is_beside(inner):
            yield from told_lines(inner)


def partner(
    old: Sentence, news: Sequence[Sentence], olds: Sequence[Sentence], *, same_about: bool
) -> Sentence | None:
    """Return the line that ``old`` has become: one about the same, or the only one of its kind."""
    alike = [one for one in news if one.shape == old.shape]
    if same_about:
        return next((one for one in alike if about(one) == about(old)), None) if old.shape in ABOUT else None  # fmt: skip
    is_only = len(alike) == 1 and sum(one.shape == old.shape for one in olds) == 1
    return alike[0] if is_only else None


def about(line: Sentence) -> object:
    """Return what a line is about."""
    part = line.node.parts.get(ABOUT[line.shape]) if line.node else None
    return None if part is None else meaning(part)
