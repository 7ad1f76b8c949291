"""What a step of a journey has behind it. Rule: what stands in another branch has not happened on the way here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence

# Lines under a step of which only one comes to pass.
ALTERNATIVES = frozenset(
    [
        "if_happens",
        "if_not_happens",
        "if_this_happens",
        "if_neither",
        "if_nobody",
        "if_somebody",
        "if_no_desk",
        "if_answer",
        "if_yes",
        "if_no",
        "if_no_answer",
        "if_answered",
        "if_nothing_fits",
        "if_nothing_sent",
        "if_sent",
        "if_past",
        "case_",
        "case_else",
        "arm",
    ]
)
FOLLOWS_IF = frozenset(("otherwise_if", "if_unknown", "otherwise"))
ANSWERS = ("if_happens", "if_this_happens")
WAITS = frozenset(("wait_for", "wait_absent"))
ENDS = frozenset(("finish", "continue_with"))


class Passed:
    """What the lines under one sentence leave behind, looked at once: a block may have thousands of lines.

    ``places`` is the place of each line, ``begins`` where its ``if`` begins, ``waits`` the moments awaited on the way with
    the place of the first line that awaits them. ``anywhere`` are those of all lines below, in no order.
    """

    __slots__ = ("_anywhere", "begins", "parent", "places", "waits")

    def __init__(self, parent: Sentence) -> None:
        self.parent = parent
        self.places: dict[int, int] = {}
        self.begins: list[int] = []
        self.waits: list[tuple[int, list[str], bool]] = []
        self._anywhere: list[list[str]] | None = None
        known: set[tuple[bool, tuple[str, ...]]] = set()
        for at, line in enumerate(parent.block):
            self.places[id(line)] = at
            follows = line.shape in FOLLOWS_IF and at
            self.begins.append(self.begins[-1] if follows else at)
            for moments, sure in left_behind(line):
                if (sure, tuple(moments)) not in known:
                    known.add((sure, tuple(moments)))
                    self.waits.append((at, moments, sure))

    @property
    def anywhere(self) -> list[list[str]]:
        """The moments of every wait below the sentence."""
        if self._anywhere is None:
            waits = (one for one in self.parent.walk() if one.shape in WAITS)
            self._anywhere = [list(one) for one in {tuple(moments_of(wait)): 0 for wait in waits}]
        return self._anywhere

    def before(self, inner: Sentence) -> Iterator[tuple[list[str], bool]]:
        """Yield what is awaited before ``inner``: not in a line that is only another way."""
        if inner.shape in ALTERNATIVES:
            return
        end = self.begins[self.places[id(inner)]]
        for at, moments, sure in self.waits:
            if at >= end:
                return
            yield moments, sure


def left_behind(line: Sentence) -> Iterator[tuple[list[str], bool]]:
    """Yield the moments awaited in a line and below it, and whether one of them surely happened behind it."""
    if line.shape in WAITS:
        yield moments_of(line), line.shape == "wait_for" and only_if_happened(line)
    for step in line.block:
        yield from ((moments_of(one), False) for one in step.walk() if one.shape in WAITS)


def awaited_before(
    sentence: Sentence, known: dict[int, Passed]
) -> Iterator[tuple[list[str], bool]]:
    """Yield the moments awaited before ``sentence`` is reached, and whether one of them surely happened by then.

    ``known`` keeps what has been worked out of a file.
    """
    inner = sentence
    while inner.parent is not None:
        parent = inner.parent
        if id(parent) not in known:
            known[id(parent)] = Passed(parent)
        passed = known[id(parent)]
        yield from passed.before(inner)
        node = None if inner.misplaced else inner.node
        if parent.shape in WAITS and node is None:
            # An answer that was not understood may be that of any of the moments.
            yield from (([moment], True) for moment in moments_of(parent))
        elif parent.shape in WAITS and node is not None and node.shape in ANSWERS:
            this = node.shape == "if_this_happens"
            named = [word.text for word in node.words("moment")] if this else []
            yield named or moments_of(parent), parent.shape == "wait_for"
        elif parent.shape == "repeat":
            yield from ((moments, False) for moments in passed.anywhere)
        inner = parent


def moments_of(sentence: Sentence) -> list[str]:
    """Return the moments that a wait or a start names."""
    part = "moments" if sentence.shape == "wait_for" else "moment"
    return [word.text for word in sentence.node.words(part)] if sentence.node else []


def only_if_happened(wait: Sentence) -> bool:
    """Return whether the journey goes on behind a wait only where what it waits for has happened."""
    return any(ends(inner.block) for inner in wait.of("if_not_happens", "if_neither"))


def ends(block: list[Sentence]) -> bool:
    """Return whether the journey is always over at the end of ``block``."""
    if not block:
        return False
    if block[-1].shape in ENDS:
        return True
    first = len(block) - 1
    while first and block[first].shape in FOLLOWS_IF:
        first -= 1
    return block[-1].shape == "otherwise" and all(ends(branch.block) for branch in block[first:])
