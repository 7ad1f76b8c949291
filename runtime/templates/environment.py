"""The Liquid that templates are written in. Rule: plain data and what is on the list below; no clock, no file, no way around escaping.

Taken out of the language: `date` (it reads the clock for "now"), `safe` and what marks its result as safe, `include` and
`render` (they load files), `tablerow`, `doc`, `liquid`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from liquid import Environment, Mode, StrictUndefined
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError

from verbline.runtime.templates.faults import TemplateError

TAGS = frozenset(
    (
        "content", "output", "illegal", "if", "unless", "case", "for", "break", "continue", "assign", "capture", "comment", "cycle",
        "echo", "increment", "decrement", "ifchanged", "#",
    )
)  # fmt: skip
FILTERS = frozenset(
    (
        "abs", "at_most", "at_least", "ceil", "divided_by", "floor", "minus", "plus", "round", "times", "modulo", "capitalize",
        "append", "downcase", "escape", "escape_once", "lstrip", "prepend", "remove", "remove_first", "remove_last", "replace",
        "replace_first", "replace_last", "slice", "split", "upcase", "strip", "rstrip", "strip_newlines", "truncate", "truncatewords",
        "url_encode", "squish", "join", "first", "last", "reverse", "sort", "sort_natural", "uniq", "compact", "size", "default",
    )
)  # fmt: skip
TEMPLATE_MAX = 256 << 10
OUTPUT_MAX = 1 << 20
KEPT_MAX = 256


class Limited(Environment):
    """The environment of all templates."""

    block_nesting_limit: ClassVar[int] = 12
    context_depth_limit: ClassVar[int] = 12
    loop_iteration_limit: ClassVar[int | None] = 10_000
    local_namespace_limit: ClassVar[int | None] = 1 << 20
    output_stream_limit: ClassVar[int | None] = OUTPUT_MAX

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register what is on the lists, and nothing else."""
        super().setup_tags_and_filters(extra=False)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: one for name, one in self.filters.items() if name in FILTERS}


class Templates:
    """Renders templates, and keeps those that it has read."""

    def __init__(self) -> None:
        self._environments = {
            rich: Limited(
                tolerance=Mode.STRICT,
                undefined=StrictUndefined,
                strict_filters=True,
                autoescape=rich,
            )
            for rich in (False, True)
        }
        self._kept: dict[tuple[str, bool], object] = {}

    def render(self, source: str, values: Mapping[str, object], *, rich: bool) -> str:
        """Return the text; where it is ``rich`` every value is escaped for HTML. `TemplateError` where there is none."""
        if len(source) > TEMPLATE_MAX:
            raise TemplateError("template_too_costly", "The template is too long.")
        try:
            template = self._kept.get((source, rich))
            if template is None:
                if len(self._kept) >= KEPT_MAX:
                    self._kept.clear()
                template = self._kept[source, rich] = self._environments[rich].from_string(source)
            return str(template.render(**values))  # type: ignore[attr-defined]
        except UndefinedError as error:
            raise TemplateError("missing_field", told(error)) from None
        except (ResourceLimitError, MemoryError, RecursionError):
            raise TemplateError("template_too_costly", "A limit was reached.") from None
        except LiquidError as error:
            raise TemplateError("template_broken", told(error)) from None
        except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise TemplateError("template_broken", type(error).__name__) from None


def told(error: LiquidError) -> str:
    """Return what is wrong, in one short line without any value."""
    return " ".join(str(error.message or type(error).__name__).split())[:200]
