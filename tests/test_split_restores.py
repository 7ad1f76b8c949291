"""A merge that an operator takes back: every answer is again what it was."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.test_known import RETAIL, START, read
from tests.trials import tries
from verbline.runtime.consent.standing import Somebody, standings
from verbline.runtime.known import Known

ADDRESSES = ["ana@mail.si", "eva@mail.si"]
WHO = st.fixed_dictionaries(
    {},
    optional={
        "loyalty-number": st.sampled_from(["L-1", "L-2"]),
        "web-account": st.sampled_from(["W-1", "W-2"]),
        "email": st.sampled_from(ADDRESSES),
        "phone": st.sampled_from(["+38631234567", "+38631234568"]),
        "last-name": st.sampled_from(["Kos", "Turk"]),
        "device": st.sampled_from(["d-1", "d-2"]),
    },
)
PURPOSE = st.sampled_from(["reading tips", "my account", "recognising my visits (example)"])
YES = st.fixed_dictionaries({
    "purpose": PURPOSE, "channel": st.just("email"), "act": st.just("grant"),
    "actor": st.sampled_from(["subject", "subject", "staff:7"]), "words": st.just("Yes."),
    "contact": st.sampled_from(["", *ADDRESSES]),
})  # fmt: skip
NO = st.fixed_dictionaries(
    {"act": st.sampled_from(["withdraw", "object", "deny"]), "actor": st.just("subject")},
    optional={
        "purpose": PURPOSE,
        "channel": st.just("email"),
        "contact": st.sampled_from(ADDRESSES),
    },
)
EVENT = st.tuples(WHO, st.lists(st.one_of(YES, NO), max_size=2))


def line(at: int, kind: str, data: dict[str, Any], consent: list[Any]) -> str:
    """Return an event of the preference centre, so many minutes after the start; a yes names an address, or means the event's."""
    mail = data.get("email")
    consent = [
        {**one, "contact": one["contact"] or mail} if one["act"] == "grant" else one
        for one in consent
        if mail or one["act"] != "grant" or one["contact"]
    ]
    stamp = f"2026-03-01T{at // 60:02}:{at % 60:02}:00Z"
    row = {"id": f"e{at}", "source": "preference-centre", "type": kind, "time": stamp, "data": data}
    return json.dumps(row | ({"consent": consent} if consent else {})) + "\n"


def answers(found: Known) -> dict[str, list[Any]]:
    """Return what stands for everybody, without the places in the ledger."""
    assert RETAIL is not None, "the example has no errors"
    told = {}
    for number in range(1, found.identity.store.people + 1):
        if found.identity.now(number) == number:
            ids = found.names(number)
            who = Somebody(ids[0], ids, sorted(found.contacts(number)), {})
            rows = standings(RETAIL.program, found.ledger, who, START + 86_400_000)
            told[ids[0]] = sorted((*one.subject, one.state, one.verdict, one.reason) for one in rows)  # fmt: skip
    return told


@tries(40)
@given(
    events=st.lists(EVENT, min_size=3, max_size=14),
    one=st.integers(0, 5),
    other=st.integers(0, 5),
)
def test_a_split_restores_every_answer(
    tmp_path_factory: Any, events: list[Any], one: int, other: int
) -> None:
    """Two people are joined by an operator, which allows nothing new, and taken apart: nobody's answer is another then."""
    log = tmp_path_factory.mktemp("split") / "log.jsonl"
    rows = [line(2 * at, "seen", *event) for at, event in enumerate(events)]
    log.write_text("".join(rows), "utf-8")
    before = read(log, None)
    people = before.identity.store.people
    living = [number for number in range(1, people + 1) if before.identity.now(number) == number]
    if len(living) < 2:
        return
    one = living.pop(one % len(living))
    other = living[other % len(living)]
    at = 2 * len(events)
    merge = line(at, "verbline.merge", {"people": [f"P{one}", f"P{other}"]}, [])
    log.write_text("".join(rows) + merge, "utf-8")
    merged = read(log, None)
    ((_, change),) = merged.changes
    split = line(at + 2, "verbline.split", {"person": f"P{change.one}", "apart": f"P{change.other}"}, [])  # fmt: skip
    log.write_text("".join(rows) + merge + split, "utf-8")
    after = read(log, None)
    then, joined = answers(before), answers(merged)
    assert len(joined) == len(then) - 1
    # What is allowed to the one person was allowed to one of the two.
    allowed = {tuple(row[:4]) for name in then for row in then[name] if row[5] == "allow"}
    assert {tuple(row[:4]) for row in joined[f"P{change.one}"] if row[5] == "allow"} <= allowed
    assert answers(after) == then
