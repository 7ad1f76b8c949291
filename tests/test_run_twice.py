"""Events that come again, under a runtime. Rule: an event is one, however often it comes, in whichever file, before and after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsed import dice_of
from tests.sweeps.club import BEGIN, DAYS, Place, Result, line_of
from tests.sweeps.rotated import without_places
from tests.sweeps.stepped import Stepped
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.ids import Ids

FILES = ("desk.jsonl", "again.jsonl")
# How often a line comes again, at the most, after each new one.
MOST = 4


def lived(folder: Path, seed: int, *, again: bool) -> Result:
    """Let all days happen line by line, and the runtime begin anew at times; where ``again``, some of what was there comes again."""
    place, dice, twice = Place(folder), dice_of(seed), dice_of(-seed)
    there: list[bytes] = []
    pending = [(day, line_of(day, *one)) for day, happens in enumerate(DAYS) for one in happens]
    while pending:
        with Stepped(place, BEGIN) as run:
            while pending:
                day, line = pending.pop(0)
                there.append(line)
                engines.TOGETHER = dice.choice((1, 2, 5_000))
                run.instant = BEGIN + day * DAY + 10 * HOUR
                more = [twice.choice(there) for _ in range(twice.randint(0, MOST) if again else 0)]
                written(place, dice.choice(FILES), [line, *more])
                run.look()
                if dice.random() < 0.3:
                    break
    return without_places(place.result())


def written(place: Place, name: str, lines: list[bytes]) -> None:
    """Append what is an event, and what is none only once."""
    with (place.log / name).open("ab") as file:
        file.writelines(one for at, one in enumerate(lines) if not at or b"torn" not in one)


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_comes_again_changes_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Nobody else enters, nothing else leaves, nothing else is told."""
    monkeypatch.setattr(engines, "TOGETHER", engines.TOGETHER)
    found = lived(tmp_path / "again", seed, again=True)
    assert found.differs(lived(tmp_path / "once", seed, again=False)) == ""
    assert found.twice == 0


def test_ids_that_nobody_keeps_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line is taken for a new one."""
    monkeypatch.setattr(engines, "TOGETHER", engines.TOGETHER)
    once = lived(tmp_path / "once", 1, again=False)
    monkeypatch.setattr(Ids, "new", lambda _self, items, _file: iter([[one] for one in items if not hasattr(one, "fault")]))  # fmt: skip
    assert lived(tmp_path / "again", 1, again=True).differs(once)
