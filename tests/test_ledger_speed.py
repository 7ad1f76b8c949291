"""What the ledger's benchmark asserts, on a small ledger."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ledger import measured


def test_the_benchmark_knows_the_right_answers(tmp_path: Path) -> None:
    """Every answer that is timed is compared with the fold, and the erased are gone."""
    found = measured(3_000, 50, tmp_path)
    assert found.erased == 50
    assert found.size < 600
