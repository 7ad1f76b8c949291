"""What the pages of the findings say, for the tests of the pages and of the code that raises them."""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from verbline.interpreter.problems import page

CODE = re.compile(r"[A-Z]\d{3}")
# What a finding says: its sentence, a sentence to copy, a word at the place itself.
PARTS = ("message", "suggestion", "note")

Wording = Mapping[str, str]


def wordings(code: str, part: str) -> dict[str, Wording]:
    """Return the wordings of ``part`` (message or suggestion) of a page, by variant."""
    table: Mapping[str, Any] = page(code).get(part, {})
    plain = {name: text for name, text in table.items() if isinstance(text, str)}
    found: dict[str, Wording] = {"": plain} if plain else {}
    found.update((name, entry) for name, entry in table.items() if isinstance(entry, dict))
    return found


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a template."""
    return {name for _text, name, _form, _turn in Formatter().parse(text) if name is not None}
