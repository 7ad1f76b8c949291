"""`verbline plan` over any log: it names exactly those in whom two separate simulations differ."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apart import project_at
from tests.planned import PAIRS, REWORDED, SAME_PEOPLE, Pair, named, traces
from tests.trials import tries
from verbline.cli.planning import Asked, planned
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.known import Known
from verbline.runtime.log import Log
from verbline.runtime.plan.differing import NOBODY

MEMBERS = st.sampled_from([
    {"member-number": "M-1", "email": "ana@mail.example", "last-name": "Kos"},
    {"member-number": "M-2", "email": "bor@mail.example"},
    {"web-account": "W-1", "email": "ana@mail.example", "last-name": "Kos"},
    {"web-account": "W-2", "email": "bor@mail.example", "last-name": "Rus"},
    {"member-number": "M-3"},
    {"page": "nobody"},
])  # fmt: skip
EVENT = st.tuples(
    st.sampled_from([("booking", "booked"), ("ground", "attended"), ("site", "visited"), ("x", "strange")]),
    MEMBERS,
    st.sampled_from([0, 1, 5, 30, 100, 200]),
    st.sampled_from([None, "grant", "withdraw", "object"]),
)  # fmt: skip


def written(events: list[Any], path: Path) -> None:
    """Write a log."""
    hour, lines = 0, []
    for number, ((source, kind), who, hours, act) in enumerate(events):
        hour += hours
        day, rest = divmod(hour, 24)
        month, left = divmod(day, 28)
        row: dict[str, Any] = {"id": f"e{number}", "source": source, "type": kind, "data": who}
        row["time"] = f"{2026 + month // 12}-{month % 12 + 1:02}-{left + 1:02}T{rest:02}:00:00Z"
        if act:
            row["consent"] = [{"purpose": "offers", "channel": "email", "act": act, "record": "r"}]
            row["consent"][0] |= {"contact": who["email"]} if "email" in who else {}
        lines.append(json.dumps(row) + "\n")
    path.write_text("".join(lines), "utf-8")


@tries(20)
@given(
    events=st.lists(EVENT, min_size=1, max_size=30),
    pair=st.sampled_from([one for one in SAME_PEOPLE if one.path.stem != REWORDED]),
)
def test_any_log_names_exactly_those_who_differ(
    versions: dict[str, tuple[Path, Path]], tmp_path: Path, events: list[Any], pair: Pair
) -> None:
    """Whatever stands in the log, and whichever two versions meet it."""
    old, new = versions[pair.path.stem]
    log = tmp_path / "any.jsonl"
    written(events, log)
    before, after = traces(old, log), traces(new, log)
    expected = {one for one in before.keys() | after.keys() if before[one] != after[one]}
    found = planned(Asked(str(new), str(old), str(log)))
    assert found is not None
    assert named(found) == expected


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Return the folders of every pair."""
    found = {}
    for pair in PAIRS:
        old, new, _log = pair.write(tmp_path_factory.mktemp(pair.path.stem))
        found[pair.path.stem] = (old, new)
    return found


IDENTITY = next(one for one in PAIRS if one.path.stem == "identity-rule")


def owners(folder: Path, log: Path) -> tuple[list[int], Callable[[int], int]]:
    """Return whom each event is about in the end, by the rules of a project, and the last number of somebody."""
    found, told = project_at(folder), list[int]()
    known = Known(found.project, found.program, Ledger(), each=lambda _event, number, _people: told.append(number))  # fmt: skip
    for events in Log(log).batches():
        known.take(events)
    now = known.identity.now
    return [number and now(number) for number in told], now


def by_person(told: dict[str, Counter[str]], now: Callable[[int], int]) -> dict[int, Counter[str]]:
    """Return traces by the numbers that people bear in the end."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for person, records in told.items():
        found[now(int(person[1:]))] += records
    return found


@tries(20)
@given(events=st.lists(EVENT, min_size=1, max_size=30))
def test_people_by_other_rules_are_compared_by_their_events(
    versions: dict[str, tuple[Path, Path]], tmp_path: Path, events: list[Any]
) -> None:
    """Who shares an event on any side is one group; told is each group whose traces, taken together, differ."""
    old, new = versions[IDENTITY.path.stem]
    log = tmp_path / "any.jsonl"
    written(events, log)
    (before, old_now), (after, new_now) = owners(old, log), owners(new, log)
    olds, news = by_person(traces(old, log), old_now), by_person(traces(new, log), new_now)
    groups = [{("old", one), ("new", other)} for one, other in zip(before, after, strict=True)]
    groups = [{one for one in group if one[1]} for group in groups]
    whole: list[set[tuple[str, int]]] = []
    for group in filter(None, groups):
        touching = [one for one in whole if one & group]
        whole = [one for one in whole if not one & group] + [group.union(*touching)]
    expected = set()
    for group in whole:
        mine = sum((olds[one] for side, one in group if side == "old"), Counter[str]())
        theirs = sum((news[one] for side, one in group if side == "new"), Counter[str]())
        if mine != theirs:
            expected.add(frozenset(group))
    found = planned(Asked(str(new), str(old), str(log)))
    assert found is not None
    assert {parted(name) for name in named(found)} == expected


def parted(name: str) -> frozenset[tuple[str, int]]:
    """Return the numbers that a name stands for, on both sides."""
    after, _, before = name.removesuffix(")").partition(" (was ")
    news, olds = (
        [int(one[1:]) for one in side.split(", ") if one != NOBODY]
        for side in (after, before or after)
    )
    return frozenset((*(("old", one) for one in olds), *(("new", one) for one in news)))
