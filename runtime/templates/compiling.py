"""Braces as Liquid. Rule: no letter that an author wrote becomes a command, and no value is ever read as a template.

Hello {first-name or dear member}   ->   Hello {% if f["first-name"] == nil %}dear member{% else %}{{ f["first-name"] }}{% endif %}
"""

from __future__ import annotations

import re

from verbline.interpreter.program.worded import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.worded import Pieces

# What begins or ends a command of Liquid, however it is cut into pieces.
BRACE = re.compile(r"[{}]")
FIELDS = "f"


def liquid_of(pieces: Pieces) -> str:
    """Return the Liquid template of a text; the values of its fields stand in ``f``, nil where one is unknown."""
    return "".join(_of_gap(one) if isinstance(one, Gap) else letters(one) for one in pieces)


def letters(text: str) -> str:
    """Return ``text`` as a template that writes it as it is."""
    return BRACE.sub(lambda match: '{{ "' + match[0] + '" }}', text)


def _of_gap(gap: Gap) -> str:
    assert '"' not in gap.field, "a data word holds no quotation mark"
    value = f'{FIELDS}["{gap.field}"]'
    if gap.fallback is None:
        return f"{{{{ {value} }}}}"
    return f"{{% if {value} == nil %}}{letters(gap.fallback)}{{% else %}}{{{{ {value} }}}}{{% endif %}}"
