"""Who waits at an entry brake waits there after a restart too, in the same place, whatever became of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rehearsed import broken, dice_of, folder, given_of, opened, shape_of, simulated
from tests.run_club import JOURNEY, club
from tests.test_uptake_stored import Shop
from tests.versioned import JOURNEY as VERSIONED
from verbline.cli.programs import Compiled, compiled
from verbline.interpreter.step.brakes import Brakes
from verbline.interpreter.step.records import instant_text
from verbline.interpreter.zones import HOUR
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine import state, world
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.store.damage import DamagedError
from verbline.runtime.uptake import stored

START = 1_772_442_000_000
SLOW = JOURNEY.replace("gives up after", "entered by at most 2 people in 1 hour\n  gives up after")
# Somebody joins, one of the two who joined last turns out to be an earlier one, or somebody is erased.
DEEDS = st.lists(
    st.one_of(
        st.just(("joins", 0, 0)),
        st.tuples(st.just("merges"), st.integers(1, 12), st.integers(1, 12)),
        st.tuples(st.just("erased"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("splits"), st.integers(1, 12), st.integers(1, 12)),
        st.tuples(st.just("passes"), st.integers(0, 3), st.just(0)),
    ),
    min_size=4,
    max_size=24,
)  # fmt: skip


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return a club that takes in two people an hour."""
    project, _ = club(tmp_path_factory.mktemp("slow"), SLOW)
    found = compiled(str(project))
    assert found is not None
    return found


def log_of(deeds: list[tuple[str, int, int]], log: Path) -> None:
    """Write the log of what people do, and what operators say."""
    at, lines = START, []
    for number, (what, one, other) in enumerate(deeds):
        told: dict[str, Any] = {"id": f"e{number}", "time": instant_text(at)}
        match what:
            case "passes":
                at += one * HOUR
                continue
            case "joins":
                data = {"member-number": f"M-{number}", "email": f"m{number}@mail.example"}
                lines.append({**told, "source": "desk", "type": "member.joined", "data": data})
                lines[-1:] += [{**lines[-1], "id": f"e{number}b", "data": {"member-number": f"N-{number}", "email": f"n{number}@mail.example"}}]  # fmt: skip
            case "merges":
                data = {"people": [f"P{one}", f"P{other}"]}  # type: ignore[dict-item]
                lines.append({**told, "source": "verbline", "type": "verbline.merge", "data": data})
            case "splits":
                data = {"person": f"P{one}", "apart": f"P{other}"}
                lines.append({**told, "source": "verbline", "type": "verbline.split", "data": data})
            case _:
                data = {"person": f"P{one}"}
                lines.append({**told, "source": "verbline", "type": "verbline.person.erased", "data": data})  # fmt: skip
    log.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, seed=st.integers(0, 1 << 30))
def test_a_queue_is_the_same_after_a_restart(
    slow: Compiled, deeds: list[tuple[str, int, int]], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pieces of two, broken off at random; the trace is that of a simulation, and what is loaded is what was there."""
    monkeypatch.setattr(state, "PIECE", 2)
    with folder() as place:
        log = place / "log.jsonl"
        log_of([("joins", 0, 0), *deeds], log)
        found, _ = broken(place / "s.db", given_of(slow, log), dice_of(seed))
        assert found == simulated(slow, log)
        with opened(place / "s.db", given_of(slow, log)) as engine:
            again = Engine(engine.store, engine.given)
            assert shape_of(again) == shape_of(engine)


def test_a_long_queue_is_not_written_again_for_one_who_comes(
    slow: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a batch writes does not grow with the queue; the front of it is taken away piece by piece."""
    monkeypatch.setattr(engines, "TOGETHER", 20)
    with folder() as place:
        log = place / "log.jsonl"
        log_of([("joins", 0, 0)] * 200 + [("passes", 3, 0)] * 20 + [("joins", 0, 0)], log)
        with opened(place / "s.db", given_of(slow, log)) as engine:
            sizes = []
            plain = engine.store.journal.add

            def add(records: Any, kept: dict[str, bytes]) -> None:
                sizes.append(sum(len(body) for name, body in kept.items() if name[:5] == "queue"))
                plain(records, kept)

            monkeypatch.setattr(engine.store.journal, "add", add)
            rehearse(engine, None)
            waiting = len(engine.world.brakes.queues["Welcome"])
            assert waiting > 2 * state.PIECE
            assert max(sizes) < 3 * state.PIECE * 200
            names = [name for name, body in engine.store.journal.named().items() if name.startswith("queue/") and body]  # fmt: skip
            assert len(names) <= waiting // state.PIECE + 2


JOIN = ("joins", 0, 0)
WITHOUT = {
    "keep": [JOIN] * 6,
    "drop_first": [JOIN] * 6 + [("passes", 2, 0), ("erased", 1, 0)],
    "unite": [JOIN] * 6 + [("merges", 9, 10)],
    "divide": [*[JOIN] * 6, ("merges", 9, 10), ("splits", 9, 10)],
    "leave": [JOIN] * 6 + [("erased", 9, 0)],
}


@pytest.mark.parametrize("name", WITHOUT)
def test_a_change_of_a_queue_that_is_not_noted_is_found(
    slow: Compiled, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them changes who waits."""
    monkeypatch.setattr(state, "PIECE", 2)
    monkeypatch.setattr(engines, "TOGETHER", 1)
    with folder() as place:
        log = place / "log.jsonl"
        log_of(WITHOUT[name], log)
        lines = log.read_text("utf-8").splitlines(keepends=True)
        for number, is_planted in enumerate((False, True)):
            if is_planted:
                monkeypatch.setattr(world.Queues, name, getattr(Brakes, name))
            with opened(place / f"{number}.db", given_of(slow, log)) as engine:
                for end in range(len(lines)):
                    log.write_text("".join(lines[: end + 1]), "utf-8")
                    rehearse(engine, None)
                assert is_same(engine) != is_planted


def is_same(engine: Engine) -> bool:
    """Return whether what is loaded is what was there."""
    try:
        return shape_of(Engine(engine.store, engine.given)) == shape_of(engine)
    except (AssertionError, AttributeError, DamagedError):
        return False


def test_who_waits_at_the_brake_of_a_journey_that_is_gone_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Once, with the version that they waited for and the event that had brought them; as where a world is renewed in memory."""
    monkeypatch.setattr(state, "PIECE", 2)
    monkeypatch.setattr(stored, "TOGETHER", 1)
    shop = Shop(tmp_path)
    shop.write(
        VERSIONED.replace("  gives up", "  entered by at most 2 people in 1 hour\n  gives up")
    )
    for number in range(1, 8):
        shop.happens(1, "joined", **{"member-number": f"M-{number}", "email": f"m{number}@mail.example"})  # fmt: skip
    shop.happens(1, "spoke", **{"member-number": "M-8", "email": "m8@mail.example"})
    before = [one for one in shop.rehearse() if one["kind"] == "entry"]
    held = {one["person"]: one for one in before if one["verdict"] == "held"}
    assert len(held) == 5
    shop.write("")
    shop.happens(2, "joined", **{"member-number": "M-9", "email": "m9@mail.example"})
    for _again in range(2):
        told = [one for one in shop.rehearse() if one["kind"] == "entry"][len(before) :]
        assert [(one["person"], one["verdict"], one["reason"]) for one in told] == [(person, "not admitted", "closed") for person in held]  # fmt: skip
        assert {one["moment"] for one in told} == {"joins"}
        for one in told:
            there = held[one["person"]]
            assert [one["journey"], one["version"], one["cause"]] == [there["journey"], there["version"], there["cause"]]  # fmt: skip
    assert not [name for name in shop.loaded().kept if name.startswith(("queue/", "entries/"))]
