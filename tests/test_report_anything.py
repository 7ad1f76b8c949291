"""Reports of any log: whatever happens, in whatever order it becomes known, figures stay what they say they are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from verbline.cli.programs import Compiled, compiled
from verbline.runtime.log import Log
from verbline.runtime.report.figures import SHARE, Figure
from verbline.runtime.report.page import page
from verbline.runtime.report.report import Report, report
from verbline.runtime.report.roles import roles_of
from verbline.runtime.report.run import facts
from verbline.runtime.report.wanted import wanted
from verbline.runtime.report.window import Window
from verbline.runtime.report.written import as_csv, as_json

START = 1_772_000_000_000
DAY = 86_400_000
PROJECT = """\
use "standard/metrics"
use "standard/identity"

person customer
  known by customer-number
  known by account
  also known by email
  recognised by device

purpose "news"
  is service
  rests on contract
  covers email

desk "Sales"
  led by "Ana Kos"
  answers within 4 working hours

message "Hello"
  subject "Hello"
  says "Hello."

metric "settled after a merge"
  owned by "Ana Kos"
  counts people who had "claim is closed" within 2 months after "profiles are merged"
  compared over 30 days
  should be at least 10%

journey "Signal"
  owned by "Ana Kos"
  because "Speed"
  aims for "sales response time"
  aims for "settled after a merge" of at least 20%
  starts when "opportunity is created"
  runs once per person
  gives up after 60 days

  signal "sales signal is seen" with signal-kind "reader"
  experiment "letter" judged by "qualified interest capture" after 30 days
    50% of people get "letter"
      notify the customer by email with "Hello" for "news"
    50% of people get "alone"
      finish as "left alone"
  escalate to desk "Sales" because "They read"
    if nobody answers
      finish as "silent"
  finish as "answered"

journey "Claim"
  owned by "Ana Kos"
  because "Papers"
  aims for "time until the papers are complete"
  aims for "pipeline velocity"
  starts when "claim is notified"
  runs once per claim-number
  gives up after 60 days

  wait for "claim papers are complete" up to 20 days
    if it happens
      finish as "complete"
    if it does not happen
      finish as "missing"
"""
SETTINGS = """\
[project]
zone = "Europe/Ljubljana"
country = "SI"
work = "monday to friday from 08:00 to 16:00"

[report]
minimum = 1

[report.interest]
shown = "opportunity is created"
captured = "claim is notified"
qualified = "opportunity is qualified"
"""
TYPES = (
    "opportunity.created", "opportunity.qualified", "opportunity.won", "opportunity.lost", "signal.assigned", "signal.accepted",
    "contact.made", "interest.shown", "interest.accepted", "interest.rejected", "claim.notified", "claim.complete", "claim.paid", "claim.closed",
    "claim.reopened", "claim.asked",
)  # fmt: skip
SOURCES = {
    "opportunity": "sales system",
    "signal": "sales system",
    "contact": "sales system",
    "claim": "claims system",
}
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "customer-number": st.sampled_from(["K-1", "K-2", "K-3"]),
        "account": st.sampled_from(["A-1", "A-2"]),
        "email": st.sampled_from(["a@mail.example", "b@mail.example"]),
        "device": st.sampled_from(["d-1", "d-2"]),
        "claim-number": st.sampled_from(["C-1", "C-2"]),
        "opportunity-number": st.sampled_from(["O-1", "O-2"]),
        "won-value": st.sampled_from(["10 EUR", "20 USD", "-5 EUR", "much"]),
        "claim-kind": st.sampled_from(["motor", "<b>"]),
        "ask-reason": st.sampled_from(["status", "papers"]),
    },
)
HAPPENED = st.tuples(st.sampled_from(TYPES), st.integers(0, 120 * 24), FIELDS)
STATED = st.one_of(
    st.tuples(
        st.just("verbline.merge"),
        st.integers(0, 120 * 24),
        st.just({"people": ["P1", "P2"], "by": "staff:Ana"}),
    ),
    st.tuples(
        st.just("verbline.split"),
        st.integers(0, 120 * 24),
        st.just({"person": "P1", "apart": "P2", "by": "staff:Ana"}),
    ),
    st.tuples(
        st.just("verbline.person.erased"), st.integers(0, 120 * 24), st.just({"person": "P1"})
    ),
    st.tuples(
        st.just("verbline.desk.answered"),
        st.integers(0, 120 * 24),
        st.just({"customer-number": "K-1", "desk": "Sales", "answer": "yes"}),
    ),
)
EVENTS = st.lists(st.one_of(HAPPENED, HAPPENED, HAPPENED, STATED), max_size=40)


@cache
def project() -> Compiled:
    """Return the project, compiled once."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "verbline.toml").write_text(SETTINGS, "utf-8")
        (Path(folder) / "a.journey").write_text(PROJECT, "utf-8")
        found = compiled(folder)
        assert found is not None, "the project has no errors"
        return found


def line_of(number: int, kind: str, hour: int, data: dict[str, Any]) -> str:
    """Return a line of a log."""
    source = "verbline" if kind.startswith("verbline.") else SOURCES.get(kind.partition(".")[0], "")
    at = {"id": f"e{number}", "type": kind, "time": time_of(hour), "data": data}
    return json.dumps({**at, "source": source} if source else at) + "\n"


def time_of(hour: int) -> str:
    """Return an instant so many hours after the start."""
    from verbline.interpreter.step.records import instant_text

    return instant_text(START + hour * DAY // 24)


def reported(
    events: list[tuple[str, int, dict[str, Any]]], by: tuple[str, ...], start: int | None
) -> Report:
    """Return the report of a log of events, in the order in which they stand."""
    found = project()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log.jsonl"
        file.write_text(
            "".join(line_of(number, *one) for number, one in enumerate(events)), "utf-8"
        )
        wants = wanted(found.project, found.program)
        roles = roles_of(found.reading.settings, found.program)
        noted = facts(
            found.project,
            found.program,
            wants,
            roles,
            lambda run: Log(file, now=START + 1000 * DAY, park=run.park),
        )
        window = (
            None
            if start is None
            else Window(START + start * DAY, max(noted.cut, START + start * DAY + 1))
        )
        return report(found.project, noted, window, by)


def check(figure: Figure) -> None:
    """Hold a figure to what its unit promises."""
    assert figure.of is None or figure.of >= 0
    if figure.value is None:
        return
    assert figure.value == figure.value, "a number"
    if figure.unit == "count":
        assert figure.value >= 0
        assert figure.value == int(figure.value)
    if figure.unit == SHARE:
        assert 0 <= figure.value <= 1
    if figure.unit in ("seconds", "working seconds"):
        assert figure.value >= 0
    if figure.low is not None:
        assert figure.low <= figure.value + 1e-9
    if figure.high is not None:
        assert figure.high >= figure.value - 1e-9


@settings(max_examples=60)
@given(
    EVENTS,
    st.sampled_from([(), ("month",), ("journey", "channel"), ("desk",), ("step", "week")]),
    st.one_of(st.none(), st.integers(0, 100)),
)
def test_figures_stay_what_they_say_they_are(
    events: list[tuple[str, int, dict[str, Any]]], by: tuple[str, ...], start: int | None
) -> None:
    """Whatever the log holds, shares are shares, bounds hold their value, and every form can be written."""
    made = reported(events, by, start)
    for section in made.sections:
        for figure in section.figures:
            check(figure)
    assert json.loads(as_json(made))
    assert as_csv(made).count("\n") >= 1
    assert "<b>" not in page(made).replace("<b>", "", page(made).count("<figcaption><b>"))


@settings(max_examples=30)
@given(EVENTS)
def test_months_add_up(events: list[tuple[str, int, dict[str, Any]]]) -> None:
    """Cases, claims and signals told by month are together those told of everything."""
    made = reported(sorted(events, key=lambda one: one[1]), ("month",), None)
    for section in made.sections:
        for key in ("cases", "begun", "sent", "tasks", "shown"):
            whole = [one.value for one in section.figures if one.key == key and not one.group]
            parts = [
                one.value or 0 for one in section.figures if one.key == key and "month" in one.group
            ]
            if whole:
                assert sum(parts) == whole[0], (section.key, key)


def test_there_is_something_to_hold() -> None:
    """A log in which each type happens to eight people brings every section and every family."""
    events = []
    for number, kind in enumerate(TYPES):
        for who in range(8):
            data = {
                "customer-number": f"K-{who}",
                "email": f"k{who}@mail.example",
                "won-value": "10 EUR",
            }
            numbers = {"claim-number": f"C-{who}", "opportunity-number": f"O-{who}"}
            events.append((kind, number, {**data, **numbers}))
    keys = {section.key.partition("/")[0] for section in reported(events, (), 0).sections}
    families = {"pipeline", "response", "interest", "claims"}
    rest = {"goals", "metric", "experiment", "journeys", "messages", "desks", "people"}
    assert keys == families | rest
