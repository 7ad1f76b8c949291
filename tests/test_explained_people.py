"""`verbline explain` for all people of a year: each record has its line and its evidence, and the check can fail."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.years.made import PROJECTS, year_of
from tests import explained
from tests.clubs import TINA, YES, club
from tests.known import event
from verbline.cli.programs import compiled
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.explain import evidence


@pytest.mark.parametrize("name", PROJECTS)
def test_every_record_names_its_line_and_what_it_rests_on(name: str, tmp_path: Path) -> None:
    """Of people of a year: what is told is the trace, and the log up to any instant tells the same of it."""
    year_of(name, 30, 5).write(tmp_path)
    found = explained.of_project(name, tmp_path)
    total: Counter[str] = Counter()
    for number in found.people[:12]:
        total.update(explained.check(found, number))
    assert {"line", "address", "purpose"} <= total.keys()
    instants = sorted({row.at for row in found.run.rows})
    explained.prefix(found, instants[len(instants) // 3])


@pytest.mark.slow
@pytest.mark.parametrize("name", PROJECTS)
def test_a_thousand_people_are_explained(name: str) -> None:
    """Of each project's year a third of a thousand people, from the log and from a store.

    `python -m tests.explained` holds them to more prefixes of the log.
    """
    total = explained.year(name, 334, prefixes=1)
    assert total["line"] > 334
    assert {"line", "address", "purpose"} <= total.keys()


def everybody(found: explained.Watched) -> None:
    """Check all people of a log."""
    for number in found.people:
        explained.check(found, number)


def test_evidence_that_is_not_named_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Whoever forgets what a purpose says, or asks the ledger of today for what was known then, fails the check."""
    year_of("mobility", 10, 5).write(tmp_path)
    found = explained.of_project("mobility", tmp_path)
    monkeypatch.setattr(evidence, "OF_PURPOSE", frozenset())
    with pytest.raises(AssertionError, match="rests on"):
        everybody(found)


def test_the_ledger_of_another_time_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A decision is held to what was known when it was made: the ledger of today would say otherwise."""
    consent = [{"purpose": "offers", "channel": "email", "act": "withdraw", "at": "2026-03-03T09:00:00Z"}]  # fmt: skip
    late = event(20, "preferences", "centre", data=TINA, consent=consent)
    club(tmp_path, event(2, data=TINA, agrees=YES), late)
    one = compiled(str(tmp_path))
    assert one is not None
    found = explained.watched(one, tmp_path / "log")
    everybody(found)
    monkeypatch.setattr(Ledger, "seq_at", lambda ledger, _instant: ledger.last().seq)
    with pytest.raises(AssertionError, match="opted_out"):
        everybody(found)
