"""What is wrong with one line, before it is worded. Rule: a suggestion is a sentence, or it is left out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.problems import Term


class Mistake:
    """A code with its variant, the place from ``start`` to before ``end`` in the sentence's text, a suggestion, values.

    ``whole`` says that the line becomes a sentence once this is mended.
    """

    __slots__ = ("code", "end", "start", "suggestion", "values", "variant", "whole")

    def __init__(
        self,
        code: str,
        start: int,
        end: int,
        variant: str = "",
        suggestion: str = "",
        *,
        whole: bool = False,
        **values: str | int | Term,
    ) -> None:
        self.code = code
        self.variant = variant
        self.start = start
        self.end = end
        self.suggestion = suggestion
        self.values = values
        self.whole = whole
