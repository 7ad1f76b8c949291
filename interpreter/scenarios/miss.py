"""What a missed expectation says. Rule: what happened instead, then why, then what may be missing and where."""

from __future__ import annotations

from verbline.interpreter.problems import Problem
from verbline.interpreter.source import span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.scenarios.script import Line, Script

CODE = "T900"


class Miss:
    """What happened ``instead`` of what was expected, ``why``, and the sentence that may be ``missing``.

    ``where`` says where it may be missing: in the ``journey`` or in the ``scenario``. Whatever is not known is empty.
    """

    __slots__ = ("instead", "missing", "where", "why")

    def __init__(
        self, instead: str, why: str = "", missing: str = "", where: str = "journey"
    ) -> None:
        self.instead = instead
        self.why = why
        self.missing = missing
        self.where = where

    def problem(self, script: Script, line: Line) -> Problem:
        """Return the finding at the line of the expectation."""
        variant = "why" if self.why else ""
        if self.missing:
            variant = f"{self.where}_why" if self.why else self.where
        rows = ((script.path, script.row),) if script.row else ()
        values = {"scenario": script.name, "instead": self.instead, "why": self.why}
        return Problem(
            CODE,
            script.path,
            span_of(line.sentence),
            variant=variant,
            language=script.language,
            suggestion=self.missing,
            related=((script.path, script.sentence.number), *rows),
            values=values,
        )
