"""Which line belongs under which. Rule: indentation alone decides; where it is doubtful, the reading is said aloud."""

from __future__ import annotations

from verbline.interpreter.places import holds_lines, lists_conditions
from verbline.interpreter.source import DEPTH_MAX, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File


class Nesting:
    """The sentences that are open, each with its indentation."""

    __slots__ = ("depth_told", "file", "open")

    def __init__(self, file: File) -> None:
        self.file = file
        self.open: list[tuple[int, Sentence]] = []
        self.depth_told = False

    @property
    def full(self) -> bool:
        """Whether a line under the innermost open sentence would be nested too deep."""
        return len(self.open) >= DEPTH_MAX

    def parent_of(self, line: Line) -> Sentence | None:
        """Close what ends before ``line`` and return the sentence it is nested under; report a doubtful indentation."""
        parent = self._parent_of(line)
        line.level = len(self.open)
        return parent

    def _parent_of(self, line: Line) -> Sentence | None:
        closed: tuple[int, Sentence] | None = None
        while self.open and self.open[-1][0] >= line.width:
            closed = self.open.pop()
        if not self.open:
            if line.width and (closed is None or closed[0] != line.width):
                self._report_margin(line)
                line.width = 0
            return None
        width, above = self.open[-1]
        beside = closed is not None and closed[0] > line.width
        if beside or (closed is None and above.node is not None and not may_hold(above)):
            self._report_width(line, width, above, closed)
            line.width = width
            self.open.pop()
            return self.open[-1][1] if self.open else None
        if len(self.open) >= DEPTH_MAX:
            self._report_depth(line)
        return above

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

    def beside(self, line: Line, sentence: Sentence) -> None:
        """Add ``sentence``, which is nested too deep, beside the innermost open one."""
        _, last = self.open.pop()
        self.nest(line, sentence, last.parent)

    def _report_margin(self, line: Line) -> None:
        """Report a line that is indented under nothing."""
        span = Span(line.number, 1, line.number, line.column)
        self.file.report("S010", span, "top", width=line.width)

    def _report_width(
        self, line: Line, low: int, above: Sentence, closed: tuple[int, Sentence] | None
    ) -> None:
        """Report an indentation between two levels, or under a sentence that holds no lines."""
        span = Span(line.number, 1, line.number, line.column)
        values: dict[str, str | int] = {
            "width": line.width,
            "low": low,
            "beside": above.raw,
            "at": above.number,
        }
        if closed is not None:
            self.file.report("S010", span, "", high=closed[0], **values)
        else:
            self.file.report("S010", span, "under", **values)

    def _report_depth(self, line: Line) -> None:
        """Report nesting past the limit, once a file."""
        if not self.depth_told:
            self.depth_told = True
            span = Span(line.number, line.column, line.number, line.column + 1)
            self.file.report("S034", span, most=DEPTH_MAX)


def may_hold(above: Sentence) -> bool:
    """Return whether lines may be nested under ``above``."""
    return holds_lines(above.shape) or (above.parent is not None and lists_conditions(above.parent))
