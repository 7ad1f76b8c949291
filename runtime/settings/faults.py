"""What is wrong with a value, said as a wording of the finding P007. Rule: what may be secret is never shown."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

PREFIX = "verbline_"


def fault(variant: str, **shown: str) -> PydanticCustomError:
    """Return the error that becomes the finding P007 in the wording ``variant``; ``shown`` fills it."""
    return PydanticCustomError(PREFIX + variant, "{variant}", {"variant": variant, **shown})
