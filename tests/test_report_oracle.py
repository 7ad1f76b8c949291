"""Reports of invented years, held against a second reading: the lines themselves, and nothing of the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scipy import stats  # type: ignore[import-untyped]  # it brings no types

from benchmarks.years.made import year_of
from tests.tree import ROOT
from verbline import cli

ZONE = ZoneInfo("Europe/Ljubljana")
PEOPLE = 200


def lines(folder: Path, kind: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield when each event of a type happened, and its fields; one that is written twice comes once."""
    seen = set()
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            event = json.loads(line)
            if event["type"] == kind and (event["source"], event["id"]) not in seen:
                seen.add((event["source"], event["id"]))
                yield datetime.fromisoformat(event["time"]), event["data"]


def later(at: datetime, days: int) -> datetime:
    """Return the same time of day so many days later in Ljubljana."""
    there = at.astimezone(ZONE).replace(tzinfo=None) + timedelta(days=days)
    return there.replace(tzinfo=ZONE).astimezone(UTC)


def told(
    project: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the figures of a report by section."""
    arguments = [
        "report",
        str(ROOT / "journeys" / project),
        "--log",
        str(folder),
        "--format",
        "json",
    ]
    assert cli.run(arguments) == 0
    whole = json.loads(capsys.readouterr().out)
    cut = {"key": "cut", "value": whole["cut"]}
    return {"": [cut], **{one["key"]: one["figures"] for one in whole["sections"]}}


def figure(figures: list[dict[str, Any]], key: str) -> Any:
    """Return a figure that is told of everything."""
    return next(one for one in figures if one["key"] == key and "group" not in one)


def test_a_share_is_what_the_lines_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the orders of thirty days, which had three days to arrive, as many arrived in time as the lines say."""
    year_of("beverages", PEOPLE, 11).write(tmp_path)
    found = told("beverages", tmp_path, capsys)
    cut = datetime.fromisoformat(found[""][0]["value"])
    end = later(cut, -3)
    start = later(end, -30)
    placed: dict[str, datetime] = {}
    for at, data in lines(tmp_path, "order.placed"):
        if start <= at < end:
            placed[data["order"]] = min(at, placed.get(data["order"], at))
    arrived: dict[str, list[datetime]] = {}
    for at, data in lines(tmp_path, "order.delivered"):
        arrived.setdefault(data["order"], []).append(at)
    hits = sum(
        any(at <= one <= later(at, 3) for one in arrived.get(order, ()))
        for order, at in placed.items()
    )
    share = figure(found["metric/orders that arrive when promised"], "share")
    assert len(placed) > 60
    assert (share["of"], share["value"]) == (len(placed), pytest.approx(hits / len(placed)))
    theirs = stats.binomtest(hits, len(placed)).proportion_ci(0.95, method="wilson")
    assert (share["low"], share["high"]) == pytest.approx((theirs.low, theirs.high))


def test_a_median_is_what_the_lines_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The time from a request to the first talk is that of a curve which scipy makes of the lines."""
    year_of("manufacturing", 3 * PEOPLE, 5).write(tmp_path)
    sections = told("manufacturing", tmp_path, capsys)
    found = sections["metric/time from a sample request to the first talk"]
    cut = datetime.fromisoformat(sections[""][0]["value"])
    start = later(cut, -90)
    talks: dict[str, list[datetime]] = {}
    for at, data in lines(tmp_path, "contact.made"):
        talks.setdefault(data["account"], []).append(at)
    asked: dict[str, list[datetime]] = {}
    for at, data in lines(tmp_path, "sample.requested"):
        asked.setdefault(data["account"], []).append(at)
    ended: list[float] = []
    still_open: list[float] = []
    for person, times in asked.items():
        over = datetime.min.replace(tzinfo=UTC)
        for at in sorted(times):
            if at < over:
                continue
            end = min((one for one in talks.get(person, ()) if one >= at), default=None)
            over = end or datetime.max.replace(tzinfo=UTC)
            if start <= at < cut:
                (ended if end else still_open).append(((end or cut) - at).total_seconds())
    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=still_open)).sf
    half = next(
        (
            float(at)
            for at, left in zip(curve.quantiles, curve.probabilities, strict=True)
            if left <= 0.5
        ),
        None,
    )
    assert figure(found, "cases")["value"] == len(ended) + len(still_open) > 20
    assert figure(found, "open")["value"] == len(still_open)
    assert figure(found, "median")["value"] == pytest.approx(half)
