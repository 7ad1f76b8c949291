"""What operators say about people in a log, and what is known after a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tree import ROOT
from verbline.cli.programs import compiled
from verbline.runtime.known import Known, known

RETAIL = compiled(str(ROOT / "journeys" / "retail"))


def lines_of(*events: tuple[str, dict[str, Any]]) -> str:
    """Return events as the lines of a log, a minute apart."""
    rows = [
        json.dumps(
            {"id": f"e{at}", "type": kind, "time": f"2026-03-01T10:{at:02}:00Z", "data": data}
        )
        for at, (kind, data) in enumerate(events)
    ]
    return "\n".join(rows) + "\n"


def after(folder: Path, *events: tuple[str, dict[str, Any]], **how: Any) -> Known:
    """Return what is known after ``events`` about shoppers."""
    log = folder / "log.jsonl"
    log.write_text(lines_of(*events), "utf-8")
    assert RETAIL is not None, "the example has no errors"
    return known(RETAIL.project, RETAIL.program, log, **how)


def changes(found: Known) -> list[tuple[str, int, int, str]]:
    """Return what operators have changed."""
    return [(one.what, one.one, one.other, one.reason) for _at, one in found.changes]


TWO = (("seen", {"loyalty-number": "L-1"}), ("seen", {"web-account": "W-1"}))


def test_an_operator_joins_and_parts(tmp_path: Path) -> None:
    """What operators say in the log is done, in its order; the older number stays, and a split gives it all back."""
    found = after(
        tmp_path,
        *TWO,
        ("verbline.merge", {"people": ["P2", "P1"], "by": "staff:ana"}),
        ("verbline.merge", {"people": ["P1", "P2"]}),
        ("verbline.split", {"person": "P1", "apart": "P2"}),
        ("verbline.split", {"person": "P1", "apart": "P2"}),
    )
    assert changes(found) == [
        ("merge", 1, 2, ""),
        ("refused", 1, 1, "already_one"),
        ("split", 1, 2, ""),
        ("apart", 1, 2, ""),
    ]
    assert found.identity.holders("web-account", "W-1") == (2,)


def test_identifiers_are_split_off(tmp_path: Path) -> None:
    """Who holds some identifiers of a person becomes somebody new; a person is never split off whole."""
    found = after(
        tmp_path,
        ("seen", {"loyalty-number": "L-1", "email": "ana@mail.example"}),
        ("verbline.split", {"person": "P1", "identifiers": [["email", "ana@mail.example"]]}),
        ("verbline.split", {"person": "P2", "identifiers": [["email", "ana@mail.example"]]}),
        ("verbline.split", {"person": "P1", "identifiers": [["email", "eva@mail.example"]]}),
    )
    assert changes(found) == [
        ("split", 1, 2, ""),
        ("refused", 2, 0, "nothing_to_split"),
        ("refused", 1, 0, "not_held"),
    ]
    assert found.identity.holders("email", "ana@mail.example") == (2,)


def test_whoever_holds_the_identifier_is_meant(tmp_path: Path) -> None:
    """Where other rules have given other numbers, a person is found by what the event says that they hold."""
    sure = {"P8": ["loyalty-number", "L-1"], "P9": ["web-account", "W-1"]}
    said = ("verbline.merge", {"people": ["P9", "P8"], "known_by": sure})
    assert changes(after(tmp_path, *TWO, said)) == [("merge", 1, 2, "")]


def test_nonsense_changes_nothing(tmp_path: Path) -> None:
    """What names nobody, or nothing, is told as refused, and the log goes on."""
    found = after(
        tmp_path,
        *TWO,
        ("verbline.merge", {"people": ["P1", "P7"]}),
        ("verbline.merge", {"people": "P1"}),
        ("verbline.split", {"person": "P1"}),
        ("verbline.split", {"person": ["P1"], "apart": {}}),
        ("verbline.split", {"person": "P1", "apart": "P1"}),
        ("verbline.split", {"person": "P1", "identifiers": [["email"]]}),
        ("verbline.person.erased", {"person": "P0"}),
    )
    assert {what for what, _one, _other, _reason in changes(found)} == {"refused"}
    assert len(changes(found)) == 7
    assert found.identity.store.people == 2


def test_who_was_erased_is_found_no_more(tmp_path: Path) -> None:
    """After the event that somebody was erased nothing leads to them, and the next event makes somebody new."""
    found = after(
        tmp_path,
        ("seen", {"loyalty-number": "L-1", "email": "ana@mail.example"}),
        ("verbline.person.erased", {"person": "P1"}),
        ("seen", {"email": "ana@mail.example"}),
    )
    assert changes(found) == [("erased", 1, 0, "")]
    assert found.identity.holders("email", "ana@mail.example") == (2,)


def test_nobody_becomes_one_with_who_was_erased(tmp_path: Path) -> None:
    """Somebody who was erased stays apart, as journeys have it: nobody is known by their number too."""
    erased = ("verbline.person.erased", {"person": "P2"})
    merges = [("verbline.merge", {"people": list(pair)}) for pair in (("P1", "P2"), ("P2", "P1"))]
    found = after(tmp_path, *TWO, erased, *merges)
    assert changes(found)[1:] == [("refused", 1, 2, "person_erased"), ("refused", 2, 1, "person_erased")]  # fmt: skip
    assert found.names(1) == ["P1"]


def test_time_ends_where_it_is_asked_to(tmp_path: Path) -> None:
    """What is known at ``until`` or later is not read."""
    at = 1_772_359_260_000  # 2026-03-01T10:01:00Z
    assert after(tmp_path, *TWO, until=at).identity.store.people == 1
    assert after(tmp_path, *TWO, until=at + 1).identity.store.people == 2
