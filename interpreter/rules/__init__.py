"""The rules of the linter. Rule: one rule is one function from a view of a file to its findings, and has one page.

A family of rules is one module with a table ``RULES``: code -> function. What a rule says stands in its page,
``interpreter/pages/CODE.md``, never here.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View

    Rule: TypeAlias = Callable[[View], Iterator[Problem]]

FAMILIES = (
    "ownership",
    "consent",
    "flow",
    "messages",
    "identity",
    "experiments",
    "scenarios",
    "style",
)


def rules() -> dict[str, Rule]:
    """Return every rule by its code, in the order of the families."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        found.update(importlib.import_module(f"verbline.interpreter.rules.{family}").RULES)
    return found
