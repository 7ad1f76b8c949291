"""Which line belongs under which. Rule: indentation alone decides; where it is doubtful, the reading is said aloud."""

from __future__ import annotations

from verbline.interpreter.places import holds_lines, lists_conditions, may_stand
from verbline.interpreter.source import DEPTH_MAX, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File


INDENT = 2


class Nesting:
    """The sentences that are open, each with its indentation, and doubtful indentations with those they are read as."""

    __slots__ = ("depth_told", "file", "open", "reads")

    def __init__(self, file: File) -> None:
        self.file = file
        self.open: list[tuple[int, Sentence]] = []
        self.reads: dict[int, int] = {}
        self.depth_told = False

    @property
    def full(self) -> bool:
        """Whether a line under the innermost open sentence would be nested too deep."""
        return len(self.open) >= DEPTH_MAX

    def parent_of(self, line: Line, meant: Collection[str] = ()) -> Sentence | None:
        """Close what ends before ``line`` and return the sentence it is nested under; report a doubtful indentation.

        ``meant`` are the shapes the line may have; none where that is not known.
        """
        if self.reads:
            self.reads = {seen: read for seen, read in self.reads.items() if line.width > read}
            line.width = self.reads.get(line.width, line.width)
        parent = self._parent_of(line, meant)
        line.level = len(self.open)
        return parent

    def _parent_of(self, line: Line, meant: Collection[str]) -> Sentence | None:
        closed: tuple[int, Sentence] | None = None
        while self.open and self.open[-1][0] >= line.width:
            closed = self.open.pop()
        if not self.open:
            if line.width and (closed is None or closed[0] != line.width):
                self._report_margin(line)
                line.width = 0
            return None
        width, above = self.open[-1]
        if closed is not None and closed[0] > line.width:
            self._report_between(line, above, closed, inside=only_under(meant, above))
            if only_under(meant, above):
                return above
        elif closed is not None or may_hold(above, meant):
            if len(self.open) >= DEPTH_MAX:
                self._report_depth(line)
            return above
        else:
            self._report_under(line, above)
        # The lines after it that stand exactly as far in are read alike, and it is told once.
        if width:
            self.reads[line.width] = width
        line.width = width
        self.open.pop()
        return self.open[-1][1] if self.open else None

    def nest(self, line: Line, sentence: Sentence, parent: Sentence | None) -> None:
        """Add ``sentence`` to its parent and leave it open for lines below."""
        sentence.parent = parent
        (parent.block if parent else self.file.sentences).append(sentence)
        self.file.every.append(sentence)
        self.open.append((line.width, sentence))

    def to_margin(self, line: Line) -> None:
        """Close everything and take ``line`` as if it stood at the left margin."""
        self.open.clear()
        line.width = line.level = 0

    def into(self, line: Line, above: Sentence) -> None:
        """Take ``line`` as if it stood under ``above``, which stands at the margin, beside what stands there."""
        first = above.block[0].column - 1 if above.block else 0
        self.open[:] = [(0, above)]
        line.width = max(first, INDENT)
        line.level = 1

    def beside(self, line: Line, sentence: Sentence) -> None:
        """Add ``sentence``, which is nested too deep, beside the innermost open one."""
        _, last = self.open.pop()
        self.nest(line, sentence, last.parent)

    def _report_margin(self, line: Line) -> None:
        """Report a line that is indented under nothing."""
        span = Span(line.number, 1, line.number, line.column)
        self.file.report("S010", span, "top", width=line.width)

    def _report_between(
        self, line: Line, above: Sentence, closed: tuple[int, Sentence], *, inside: bool
    ) -> None:
        """Report an indentation between two levels: that of ``above``, and that of what was ``closed``, which is deeper."""
        low, (high, within) = self.open[-1][0], closed
        read, beside = (high, within) if inside else (low, above)
        self.file.report(
            "S010",
            Span(line.number, 1, line.number, line.column),
            width=line.width,
            low=low,
            high=high,
            read=read,
            beside=beside.raw,
            at=beside.number,
        )

    def _report_under(self, line: Line, above: Sentence) -> None:
        """Report an indentation under a sentence that does not hold such a line."""
        span = Span(line.number, 1, line.number, line.column)
        self.file.report("S010", span, "under", width=line.width, beside=above.raw, at=above.number)

    def _report_depth(self, line: Line) -> None:
        """Report nesting past the limit, once a file."""
        if not self.depth_told:
            self.depth_told = True
            span = Span(line.number, line.column, line.number, line.column + 1)
            self.file.report("S034", span, most=DEPTH_MAX)


def may_hold(above: Sentence, meant: Collection[str]) -> bool:
    """Return whether a line that is one of ``meant`` may be nested under ``above``, or belongs there as little as beside it."""
    if above.node is None:
        return True
    listing = above.parent is not None and lists_conditions(above.parent)
    if not holds_lines(above.shape):
        return listing
    beside = above.parent.shape if above.parent else ""
    misfit = not any(may_stand(shape, above.shape) for shape in meant)
    # A condition under a step that is answered ("if it happens") was surely meant as that answer.
    astray = any(may_stand(shape, beside) and shape != "if_" for shape in meant)
    return not (misfit and astray)


def only_under(meant: Collection[str], above: Sentence) -> bool:
    """Return whether a line that is one of ``meant`` may stand under ``above`` and not beside it."""
    beside = above.parent.shape if above.parent else ""
    under = any(may_stand(shape, above.shape) for shape in meant)
    return under and not any(may_stand(shape, beside) for shape in meant)
