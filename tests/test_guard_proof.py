"""The guard against the table of what it must answer, and what holds for every history."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.guarded import POLICY
from verbline.interpreter.guard import decide as deciding
from verbline.interpreter.guard.policy import policy_of
from verbline.interpreter.guard.proof import prove, standard_table

ONE_COUNTRY = policy_of(
    {
        "version": "test",
        "countries": {
            "unknown": {
                "email": {"regime": "opt_out", "soft": ["sale"]},
                "sms": {
                    "regime": "opt_in_or_implied",
                    "soft": ["sale"],
                    "implied": [{"kind": "purchase", "months": 24}],
                },
                "post": {"regime": "opt_in", "soft": ["sale"]},
            }
        },
    }
)


@pytest.mark.slow
def test_the_guard_answers_every_combination_as_the_table_says() -> None:
    """Millions of questions: nothing goes out that must not, and nothing is held that may go."""
    found = prove(POLICY)
    assert found.counterexample == ""
    assert found.cases > 1_000_000
    assert found.rows == len(POLICY.countries) * 7
    assert found.rows_different < found.rows


def test_a_country_of_ones_own_is_proved_too() -> None:
    """A table that a project brings along is held against what must be, channel by channel."""
    assert prove(ONE_COUNTRY).counterexample == ""


@pytest.mark.parametrize("number", range(len(standard_table()["record"])))
def test_every_line_of_the_table_is_looked_at(number: int) -> None:
    """Whichever record the table gives another worth, the proof finds a case in which the guard disagrees."""
    table: dict[str, Any] = deepcopy(dict(standard_table()))
    record = table["record"][number]
    table["record"] = [record]
    record["enough"] = [need for need in ("opt_out",) if need not in record["enough"]]
    assert record["name"] in prove(ONE_COUNTRY, table).counterexample


@pytest.mark.parametrize("number", range(1, len(standard_table()["address"])))
def test_every_address_of_the_table_is_looked_at(number: int) -> None:
    """Whichever address the table lets pass, the proof finds that the guard does not."""
    table: dict[str, Any] = deepcopy(dict(standard_table()))
    address = table["address"][number]
    address["blocks"] = []
    table["address"], table["record"] = [address], table["record"][:3]
    assert address["name"] in prove(ONE_COUNTRY, table).counterexample


def test_a_guard_that_lets_go_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the guard comes out as the first question that it answers wrongly."""
    monkeypatch.setattr(deciding, "judged", lambda *_given: (True, "consent"))
    found = prove(ONE_COUNTRY).counterexample
    assert (
        found
        == "marketing by consent; unknown email; nothing; an address of the person: is allowed (consent)"
    )


def test_a_guard_that_refuses_everything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that sends nothing is safe and useless; it does not pass."""
    monkeypatch.setattr(deciding, "judged", lambda *_given: (False, "no_consent"))
    assert "is refused (no_consent)" in prove(ONE_COUNTRY).counterexample
