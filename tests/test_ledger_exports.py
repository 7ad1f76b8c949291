"""The ledger as JSON: every event, and consent records with their states."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tests.ledgers import START, ledger, said
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.erasure import Erasing, erase
from verbline.runtime.consent.exports import records, whole
from verbline.runtime.consent.rows import Said

TINA = "email:tina@mail.example"
NOW = START + 50 * DAY
END = START + 20 * DAY
# What two links come to.
T, U = "t", "u"
# What happens -> the states it leads through.
STATES: tuple[tuple[Sequence[Said], str], ...] = (
    ([said(1)], "Given"),
    ([said(1), said(2)], "Given Renewed"),
    ([said(1), said(2, act="withdraw")], "Given Withdrawn"),
    ([said(1), said(2, act="withdraw", purpose="*", channel="*", contact=None)], "Given Withdrawn"),
    ([said(1), said(2, act="object"), said(3)], "Given Withdrawn Given"),
    ([said(1, act="deny")], "Refused"),
    ([said(1, act="deny"), said(2, actor="import:1")], "Refused"),
    ([said(1, token=T)], "Requested"),
    ([said(1, token=T), said(2, token=T, act="confirm")], "Requested Given"),
    ([said(1, token=T), said(2, token=U, act="confirm")], "Requested"),
    ([said(1, token=T), said(2, token=T, act="confirm"), said(3, token=T, act="confirm")], "Requested Given"),
    ([said(1), said(2, token=T)], "Given"),
    ([said(1, complete=False)], "Unknown"),
    ([said(1, until=END)], "Given Expired"),
    ([said(1, until=NOW + DAY)], "Given"),
    ([said(1, until=END), said(30)], "Given Expired Given"),
    ([said(1, until=END), said(3, act="withdraw")], "Given Withdrawn"),
    ([said(1, until=END), said(3, known=9, act="withdraw")], "Given Withdrawn"),
    ([said(2), said(1, known=9, act="deny")], "Refused Given"),
)  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), STATES)
def test_a_record_tells_the_states_it_went_through(events: Sequence[Said], expected: str) -> None:
    """Each event leads to the state that the standard's vocabulary has for it, in the order in which it happened."""
    with ledger(*events) as found:
        made = records(found, ["P1"], [TINA], "Club", NOW)
    mine = next(one for one in made if one["pii_principal_id"] == TINA)
    states = [one["dpv:hasConsentStatus"].removeprefix("dpv:Consent") for one in mine["events"]]
    assert " ".join(states) == expected
    assert mine["dpv:hasConsentStatus"] == mine["events"][-1]["dpv:hasConsentStatus"]


def test_an_erased_consent_is_invalidated() -> None:
    """What is left of somebody erased is that, and no more."""
    with ledger(said(1)) as found:
        erase(found, [Erasing(["P1"])], "staff:1", NOW)
        (made,) = records(found, ["P1"], [TINA], "Club", NOW)
        assert [one["dpv:hasConsentStatus"] for one in made["events"]] == ["dpv:ConsentInvalidated"]
        assert whole(found, ["P1"], [TINA])["events"][0]["person"] is None


def test_everything_on_record_is_told() -> None:
    """An export holds each event with both times, who said it, where, and the words; it is plain JSON."""
    with ledger() as found:
        notice = found.keep_words("Offers by email.")
        found.append([said(1, known=2, notice=notice), said(3, basis="soft:sale", act="grant", topic="sale")])  # fmt: skip
        told = json.loads(json.dumps(whole(found, ["P1"], [TINA])))
        assert told["anchor"] == str(found.last())
        first, second = told["events"]
        assert first == {
            "seq": 1, "at": "2026-01-02T11:00:00Z", "recorded": "2026-01-03T11:00:00Z", "act": "grant", "actor": "subject",
            "source": "shop", "person": "P1", "contact": TINA, "holder": 0, "channel": "email", "purpose": "offers",
            "topic": None, "basis": "consent", "evidence": True, "until": None, "corrects": None, "notice": notice,
            "words": "Offers by email.", "record": None, "cause": None,
        }  # fmt: skip
        assert second["basis"] == "soft:sale"
        (record,) = records(found, ["P1"], [TINA], "Club", NOW)
        assert record["notices"] == {notice: "Offers by email."}
        assert (record["dpv:hasDataController"], record["record_id"]) == ("Club", "1:email:offers")
