"""Rules about flow. Rule: see the pages of the codes below."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.rules import Rule

RULES: Mapping[str, Rule] = {}
