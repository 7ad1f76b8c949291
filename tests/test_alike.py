"""Messages that say the same to everybody. Rule: they leave as they would if each were made by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import durable
from tests.rehearsed import folder
from verbline.runtime.engine import engine
from verbline.runtime.leaving.alike import Alike
from verbline.runtime.store.rows import rows_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.store.rows import Row

# The log is of 25 days, so some of its messages are too late by then.
LATE = 'for "offers"\n    at most 12 days late\n'
KEY = "shop.db.links"


@pytest.fixture(name="place")
def a_place() -> Iterator[Path]:
    """Return a folder in memory: waiting for a disk shows nothing here."""
    with folder() as path:
        yield path


def left(place: Path) -> list[Row]:
    """Return what is there to leave of the log in ``place``, which is caught up with in a new store."""
    key = (place / KEY).read_text("ascii") if (place / KEY).exists() else ""
    durable.clear(place)
    if key:
        (place / KEY).write_text(key, "ascii")
    source = durable.given_in(place)
    durable.catch_up(source, place / durable.STORE, "live")
    with closing(sqlite3.connect(place / durable.STORE)) as connection:
        return list(rows_in(connection))


@pytest.mark.parametrize(("is_late", "together"), [(True, 5_000), (False, 5_000), (False, 300)])
def test_each_leaves_as_if_it_were_the_only_one(
    place: Path, monkeypatch: pytest.MonkeyPatch, *, is_late: bool, together: int
) -> None:
    """Its words, its links, its key and its times are its own, in every batch; what comes too late has none, as ever."""
    durable.write("cart", "s", place)
    monkeypatch.setattr(engine, "TOGETHER", together)
    if is_late:
        for path in place.glob("journeys/*.journey"):
            path.write_text(path.read_text("utf-8").replace(durable.LATE, LATE), "utf-8")
    made: list[bool] = []
    again = Alike._again

    def noted(*given: object) -> object:
        found = again(*given)  # type: ignore[arg-type]  # as it was called
        made.append(found is not None)
        return found

    monkeypatch.setattr(Alike, "_again", noted)
    found = left(place)
    states = {one.state for one in found}
    assert made.count(True) > 50
    assert states == ({"ready", "stale"} if is_late else {"ready"})
    assert len({one.intent.links.get("leave") for one in found if one.state == "ready"}) > made.count(True) / 2  # fmt: skip
    monkeypatch.setattr(Alike, "_model", lambda *_: None)
    assert left(place) == found
