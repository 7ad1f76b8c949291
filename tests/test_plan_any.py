"""`verbline plan` over any log: it names exactly those in whom two separate simulations differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.planned import PAIRS, REWORDED, SAME_PEOPLE, Pair, named, traces
from verbline.cli.planning import Asked, planned

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


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
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
