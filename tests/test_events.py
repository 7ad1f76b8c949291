"""One line of a log: what it says, or why it stands parked."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from tests.cases import CASES
from tests.tree import ROOT
from verbline.runtime import careful, decode, seen
from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event, Fault, Item, Parked, milliseconds
from verbline.runtime.shapes import keys_in

LINES: list[dict[str, Any]] = tomllib.loads((CASES / "log" / "lines.toml").read_text("utf-8"))[
    "line"
]
PLAIN = b'{"specversion":"1.0","id":"e0","source":"s","type":"t","time":"2026-03-09T08:00:00Z","data":{"a":1}}'
CONSENT = (
    '{"id":"e1","type":"t","time":"2026-03-09T08:00:00Z","consent":[{"act":"deny","record":%s}]}'
)
BARE = '{"id":"e1","type":"t","time":"2026-03-09T08:00:00Z","data":{"a":%s}}'


def read(line: bytes, decoder: Decoder | None = None) -> Item:
    """Return what ``line`` is."""
    items = (decoder or Decoder()).events(line, "shop.jsonl", 0)
    assert len(items) == 1
    return items[0]


def raw(case: dict[str, Any]) -> bytes:
    """Return the line of a case."""
    return bytes.fromhex(case["bytes"]) if "bytes" in case else str(case["text"]).encode()


def value(text: str) -> Any:
    """Return a value as the reader gives it."""
    return json.loads(text, parse_float=Decimal)


def told(item: Item, case: dict[str, Any]) -> dict[str, Any]:
    """Return of ``item`` what ``case`` tells of a line, in its words."""
    if isinstance(item, Parked):
        return {"reason": item.fault.reason}
    said = {name: getattr(item, name) for name in ("id", "source", "type", "sourced")}
    said |= {"happened": item.happened, "data": item.data, "consent": item.consent}
    return {name: said[name] for name in case if name in said}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """Return what a case expects, as `told` tells it."""
    if "reason" in case:
        return {"reason": case["reason"]}
    wanted = {name: one for name, one in case.items() if name not in ("why", "text", "bytes")}
    if "happened" in wanted:
        wanted["happened"] = milliseconds(wanted["happened"])
    return {
        name: value(one) if name in ("data", "consent") else one for name, one in wanted.items()
    }


@pytest.mark.parametrize("case", LINES, ids=lambda case: str(case["why"]))
def test_a_line_is_what_it_says(case: dict[str, Any]) -> None:
    """A line is an event with just these values, or parked for just this reason."""
    assert told(read(raw(case)), case) == expected(case)


@pytest.mark.parametrize("case", LINES, ids=lambda case: str(case["why"]))
def test_a_line_is_the_same_among_others(case: dict[str, Any]) -> None:
    """Whatever was read before, and whatever stands above and below in the block, a line says the same."""
    for decoder in decoders():
        items = decoder.events(b"\n".join((PLAIN, raw(case), PLAIN)), "shop.jsonl", 0)
        assert told(items[1], case) == expected(case)
        again = read(raw(case), decoder)
        assert told(again, case) == expected(case)
        assert [isinstance(one, Event) for one in (items[0], items[2])] == [True, True]


def decoders() -> list[Decoder]:
    """Return a new decoder, one that has met every line of the cases, and one that has met them the other way round."""
    fresh, used, turned = Decoder(), Decoder(), Decoder()
    for case in LINES:
        used.events(raw(case), "shop.jsonl", 0)
    for case in reversed(LINES):
        turned.events(raw(case), "shop.jsonl", 0)
    return [fresh, used, turned]


def faults() -> list[Fault]:
    """Return all that can be wrong with a line."""
    modules = (careful, decode, seen)
    return [one for module in modules for one in vars(module).values() if type(one) is Fault]


def test_every_reason_has_a_case() -> None:
    """No reason is given that no case shows, but for those that need a file."""
    of_files = {"too_long", "too_deep", "torn", "conflict"}
    shown = {case["reason"] for case in LINES if "reason" in case}
    assert {one.reason for one in faults()} == shown | of_files


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [(62, "event"), (63, "too_deep"), (200, "too_deep"), (5_000, "too_deep")],
)
@pytest.mark.parametrize("pair", ["[]", "{}"])
@pytest.mark.parametrize("form", [BARE, PLAIN.decode().replace("1}", "%s}"), CONSENT])
def test_nesting_has_a_limit(levels: int, wanted: str, pair: str, form: str) -> None:
    """64 objects and lists inside each other are an event, 65 are not, whatever they are made of and stand among."""
    levels -= form == CONSENT
    opening = "[" if pair == "[]" else '{"b":'
    line = (form % (opening * levels + "1" + pair[1] * levels)).encode()
    decoder = Decoder()
    decoder.events((form % "1").encode(), "shop.jsonl", 0)
    for text in (line, line, b"\n".join((PLAIN, line, PLAIN))):
        items = decoder.events(text, "shop.jsonl", 0)
        item = items[len(items) // 2]
        assert (item.fault.reason if isinstance(item, Parked) else "event") == wanted


def test_keys_are_counted_however_deep_they_lie() -> None:
    """The decoder goes as deep as Python's calls may; whoever counts after it is further in, and must not need as many."""
    nested: object = 1
    for _level in range(5_000):
        nested = {"a": [nested, {"b": 1}]}
    assert keys_in(nested) == 10_000


def test_brackets_beside_each_other_are_not_deep() -> None:
    """A long list of lists and brackets in a text are no nesting."""
    for inner in ("[" + ",".join(["[1]"] * 500) + "]", '"' + "[{" * 500 + '"'):
        assert isinstance(read((BARE % inner).encode()), Event)


def test_whole_numbers_stay_whole() -> None:
    """A number without a point is an int, one with a point a Decimal, yes and no are no numbers."""
    item = read((BARE % "[1, 1.0, true]").encode())
    assert isinstance(item, Event)
    assert [type(one) for one in item.data["a"]] == [int, Decimal, bool]


@pytest.mark.parametrize(
    ("lines", "events"),
    [
        # As many newlines as there would have to be; but they stand elsewhere.
        ((PLAIN + PLAIN, PLAIN[:40], PLAIN[40:]), 0),
        ((PLAIN + PLAIN, PLAIN.replace(b',"data"', b'\n,"data"')), 0),
        ((PLAIN + PLAIN, PLAIN.replace(b':{"a":1}', b':{"a":{}\n{}}')), 0),
        ((PLAIN + PLAIN, PLAIN.replace(b'"e0"', b'"}\n{"')), 0),
        ((PLAIN + PLAIN, PLAIN.replace(b'"1.0"', b'"}\n{"')), 0),
        ((PLAIN + PLAIN, PLAIN), 1),
        ((PLAIN, PLAIN + b"\r", PLAIN), 3),
        ((PLAIN, b" " + PLAIN + b" ", b"", PLAIN), 3),
        ((PLAIN, PLAIN, b""), 2),
    ],
)
def test_one_line_is_one_event(lines: tuple[bytes, ...], events: int) -> None:
    """What stands on two lines is no event, nor are two on one line, whatever they come to together; blanks do no harm."""
    for decoder in decoders():
        found = decoder.events(b"\n".join(lines), "shop.jsonl", 0)
        assert sum(isinstance(one, Event) for one in found) == events
        lone = [one for line in b"\n".join(lines).split(b"\n") for one in Decoder().events(line, "shop.jsonl", 0)]  # fmt: skip
        assert [isinstance(one, Event) for one in found] == [isinstance(one, Event) for one in lone]


def test_a_place_is_counted_in_bytes() -> None:
    """Each event knows where its line begins, blank lines and letters of several bytes counted."""
    lines = [PLAIN, b"", "č".encode(), PLAIN, b"  ", PLAIN]
    text = b"\n".join(lines)
    items = Decoder().events(text, "shop.jsonl", 100)
    starts = [100 + sum(len(one) + 1 for one in lines[:place]) for place in (0, 2, 3, 5)]
    assert [item.offset for item in items] == starts
    assert [type(item) is Parked for item in items] == [False, True, False, False]
    assert {item.file for item in items} == {"shop.jsonl"}


def test_shapes_without_number_are_read_all_the_same() -> None:
    """A log in which each line has members of its own, more kinds than are kept, is read in full."""
    decoder = Decoder()
    for number in range(200):
        item = read(BARE.replace('"id"', f'"x{number}":"y","id"').encode() % b"1", decoder)
        assert isinstance(item, Event)
        twice = BARE.replace('"id"', f'"x{number}":1,"x{number}":1,"id"').encode() % b"1"
        parked = read(twice, decoder)
        assert isinstance(parked, Parked)
        assert parked.fault.reason == "duplicate_key"


def test_the_manual_names_every_reason() -> None:
    """The page about logs has a row for each reason, and its examples are events."""
    page = (ROOT / "docs" / "logs.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_0-9]+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted({one.reason for one in faults()})
    examples = re.findall(r"^\{.*\}$", page, re.MULTILINE)
    assert len(examples) == 8
    items = Decoder().events("\n".join(examples).encode(), "shop.jsonl", 0)
    assert [type(item) is Parked for item in items] == [False] * 8
