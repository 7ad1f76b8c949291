"""The rules of the linter. Rule: one rule is one function from a view of a file to its findings, and has one page.

A family of rules is one module with a table ``RULES``: code -> function. What a rule says stands in its page,
``interpreter/pages/CODE.md``, never here.
"""

from __future__ import annotations

import importlib
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View

    Rule: TypeAlias = Callable[[View], Iterator[Problem]]

FAMILIES = (
    "ownership",
    "purposes",
    "sending",
    "guarded",
    "consent",
    "flow",
    "messages",
    "tokens",
    "capture",
    "identity",
    "conditions",
    "clock",
    "experiments",
    "offers",
    "scenarios",
    "style",
    "structure",
    "imports",
)


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in the order of the families. The table is made once."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        found.update(importlib.import_module(f"verbline.interpreter.rules.{family}").RULES)
    return found
