"""What is worked out once for all events of a type is what each of them would come to by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import logs
from benchmarks.engine import Engine
from verbline.interpreter.person.encode import to_bytes
from verbline.interpreter.program.parts import Moment
from verbline.interpreter.program.readers import READERS
from verbline.runtime.feed import Feed
from verbline.runtime.identity.plain import Plain
from verbline.runtime.ways import fields_of

NAMES = {f'a "{kind}" of\nit\\': kind for kind in READERS}
MOMENT = Moment("it", "it", "", {name: READERS[kind] for name, kind in NAMES.items()})
SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=4),
    st.sampled_from((" ", "2026-03-14", "3 days", "12.50 EUR")),
)
VALUE = st.one_of(SCALAR, st.lists(SCALAR, max_size=2))


@given(given_fields=st.dictionaries(st.sampled_from(sorted(NAMES)), VALUE))
def test_fields_are_those_of_the_moment(given_fields: dict[str, Any]) -> None:
    """The written-out reader gives the fields that the moment gives, in the same order, whatever the event holds."""
    found, right = fields_of(MOMENT)(given_fields.get), MOMENT.fields_of(given_fields)
    assert list(found.items()) == list(right.items())
    assert [type(value) for value in found.values()] == [type(value) for value in right.values()]


def people(folder: Path) -> list[bytes]:
    """Return everybody after the log in ``folder``, as bytes, in the order of their ids."""
    engine = Engine(folder)
    engine.run(lambda *_told: None)
    assert engine.world is not None
    return [to_bytes(one) for _, one in sorted(engine.world.people.items())]


@pytest.mark.parametrize("name", ["cart", "consent"])
def test_short_ways_come_to_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is another in a byte where every answer is read in full and every event looked at whole."""
    logs.make(name, "s").write(tmp_path)
    right = people(tmp_path)
    taken = []
    monkeypatch.setattr(Feed, "models", lambda *_told: taken.append("answer"))
    monkeypatch.setattr(Plain, "take", lambda *_told: taken.append("event"))
    assert people(tmp_path) == right
    assert set(taken) == {"answer", "event"}
    assert len(right) > 100
