"""The moulds of a store. Rule: whoever reads a record reads it whole, however it is kept.

Most records stand in a store as the number of a mould and a few values, see `interpreter/person/mould`; the moulds stand among
what is kept by name.
"""

from __future__ import annotations

from verbline.interpreter.person.encode import from_bytes, standing_in
from verbline.interpreter.person.mould import BRIEF, Mould, row_of, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from verbline.interpreter.person.encode import Standing
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program

    Moulds: TypeAlias = "Mapping[int, Mould]"

MOULD = "mould/"


def moulds_in(kept: Iterable[tuple[str, bytes]]) -> dict[int, Mould]:
    """Return the moulds by number, of what is kept by name."""
    found = (
        (int(name.removeprefix(MOULD)), content) for name, content in kept if name.startswith(MOULD)
    )
    moulds = {number: Mould.from_bytes(content, number) for number, content in sorted(found)}
    for one in moulds.values():
        # What is not what was written there is met now, not once somebody asks for a record.
        places = [gap.value for _path, gap in one.gaps]
        one.form(0, 0, [0] * (1 + max(places, default=0)))
    return moulds


def is_brief(content: bytes) -> bool:
    """Return whether a record is kept by its mould."""
    return content[0] == BRIEF


def person_in(content: bytes, number: int, moulds: Moulds, program: Program) -> Person:
    """Return the person whose record this is."""
    if not is_brief(content):
        return from_bytes(content, program)
    mould, due, values = row_of(content)
    return moulds[mould].person(number, due, values, program)


def whole_record(content: bytes, number: int, moulds: Moulds) -> bytes:
    """Return a record as it is without a mould."""
    return whole(content, number, moulds[row_of(content)[0]]) if is_brief(content) else content


def stands(content: bytes, moulds: Moulds) -> tuple[list[Standing], list[Standing]]:
    """Return the same as `standing_in` of any record."""
    if is_brief(content):
        return moulds[row_of(content)[0]].standing, []
    return standing_in(content)
