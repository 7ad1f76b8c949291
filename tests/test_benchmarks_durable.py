"""The durable cases: what they take for the right answer. A judge that never says no judges nothing."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import durable
from benchmarks.oracle import WrongAnswerError
from verbline.runtime.engine.engine import Engine


@pytest.fixture(name="folder", scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the smallest log of the shop was rehearsed."""
    folder = tmp_path_factory.mktemp("shop")
    durable.write("cart", "s", folder)
    taken = durable.catch_up(durable.given_in(folder), folder / durable.STORE, "rehearsed")
    assert taken.inside == 0
    assert taken.written > 0
    return folder


def test_a_rehearsal_has_the_right_effects(folder: Path) -> None:
    """The trace in the store is compared with what the generator wrote down."""
    durable.judge_leaving(folder / durable.STORE, "cart", "s", "rehearsed")
    with pytest.raises(WrongAnswerError, match="not the right ones"):
        durable.judge(folder / durable.STORE, "consent", "s")


def test_the_effects_are_told_before_people_reach_their_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a run leaves them that is killed before it has put everything in order."""
    monkeypatch.setattr(Engine, "settle", lambda _self: None)
    durable.write("consent", "s", tmp_path)
    durable.catch_up(durable.given_in(tmp_path), tmp_path / durable.STORE, "rehearsed")
    with closing(sqlite3.connect(tmp_path / durable.STORE)) as connection:
        assert connection.execute("select count(*) from pending").fetchone()[0]
        assert not connection.execute("select count(*) from member").fetchone()[0]
    assert any(
        one.verdict != "sent" for one in durable.judge(tmp_path / durable.STORE, "consent", "s")
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: lines[1:], "were decided"),
        (lambda lines: [*lines, lines[0]], "leave twice"),
        (lambda lines: [json.dumps({**json.loads(lines[0]), "failed": "x"}).encode(), *lines[1:]], "were decided"),
    ],
)  # fmt: skip
def test_what_leaves_is_there_once(folder: Path, tmp_path: Path, change, why: str) -> None:  # type: ignore[no-untyped-def]
    """A message that is missing, there twice or without words is a wrong answer."""
    durable.kept(folder, tmp_path)
    intents = tmp_path / "shop.db.intents.jsonl"
    intents.write_bytes(b"\n".join(change(intents.read_bytes().splitlines())) + b"\n")
    with pytest.raises(WrongAnswerError, match=why):
        durable.judge_leaving(tmp_path / durable.STORE, "cart", "s", "rehearsed")


def test_a_cleared_folder_begins_anew(folder: Path, tmp_path: Path) -> None:
    """Nothing of a run is left for the next sample."""
    durable.kept(folder, tmp_path)
    durable.clear(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [durable.LOG]
    durable.again(tmp_path, folder)
    with closing(sqlite3.connect(tmp_path / durable.STORE)) as connection:
        assert connection.execute("select count(*) from trace_slice").fetchone()[0]
