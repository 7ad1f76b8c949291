"""Lines of a log that are overwritten: what goes, what stays, and that nobody's number changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import event, known_of, no, write
from verbline.runtime.consent.overwriting import Search, blanked, overwrite
from verbline.runtime.known import Known
from verbline.runtime.lines import LogError
from verbline.runtime.log import Log

TINA = {"member-number": "M-1", "email": "tina@mail.example"}
ALES = {"email": "ales@mail.example"}
BOR = {"email": "bor@mail.example", "phone": "+38640111222"}
YES = {"offers": {"email": True}}


def erase(log: Path, numbers: set[int], *words: str) -> Known:
    """Overwrite the lines about somebody, and return what the log says afterwards."""
    search = Search(numbers, words)
    known_of(log, each=search.met)
    found = list(search.lines(log))
    overwrite([one for one in found if one.theirs])
    return known_of(log)


def raw(log: Path) -> list[str]:
    """Return the lines of the log."""
    return (log / "log.jsonl").read_text("utf-8").splitlines()


def test_everybody_else_keeps_their_number(tmp_path: Path) -> None:
    """The first of three is erased; the others are who they were, each event stands where it stood."""
    events = [
        event(1, data=TINA, agrees=YES),
        event(2, data=ALES, agrees=YES),
        no(3, TINA),
        event(4, data=BOR),
    ]
    log = write(tmp_path, *events)
    before = raw(log)
    known = erase(log, {1}, "tina@mail.example")
    after = raw(log)
    assert [len(one) for one in after] == [len(one) for one in before]
    assert [json.loads(one)["id"] for one in after] == [one["id"] for one in events]
    assert after[1] == before[1]
    assert json.loads(after[0])["data"] == {"+": 1}
    assert known.contacts(1) == []
    assert [
        ("email", who["email"]) in known.contacts(number) for number, who in ((2, ALES), (3, BOR))
    ] == [True, True]


def test_what_is_there_twice_goes_twice(tmp_path: Path) -> None:
    """A duplicate, a line that contradicts it, and one that nobody could read: none of them keeps the address."""
    first = event(1, data=TINA, agrees=YES)
    log = write(
        tmp_path, first, first, {**first, "subject": "tina@mail.example"}, event(2, data=ALES)
    )
    with (log / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "x", "email": "TINA@mail.example"\r\n')
    size = (log / "log.jsonl").stat().st_size
    erase(log, {1}, "tina@mail.example")
    text = (log / "log.jsonl").read_bytes()
    assert len(text) == size
    assert b"tina" not in text.lower()
    assert text.endswith(b" \r\n")
    read = Log(log)
    assert [one.id for one in read] == ["signup-1", "signup-2"]
    assert (read.counts.duplicates, read.counts.parked) == (2, {})


def test_what_others_say_stays_and_is_told(tmp_path: Path) -> None:
    """A line about somebody else that mentions the address is found, and not touched."""
    log = write(
        tmp_path, event(1, data=TINA), event(2, data={**ALES, "invited-by": "tina@mail.example"})
    )
    before = raw(log)[1]
    search = Search({1}, ["tina@mail.example"])
    known_of(log, each=search.met)
    assert [(one.theirs, one.offset) for one in search.lines(log)] == [
        (True, 0),
        (False, len(raw(log)[0]) + 1),
    ]
    erase(log, {1}, "tina@mail.example")
    assert raw(log)[1] == before


def test_what_operators_said_still_joins(tmp_path: Path) -> None:
    """Of an operator's word only the numbers stay, so that those who were joined are one, and who was parted keeps a number."""
    merge = event(4, "verbline.merge", "verbline", data={"people": ["P1", "P2"], "why": "Tina called", "known_by": {"P2": ["email", ALES["email"]]}})  # fmt: skip
    split = event(
        5,
        "verbline.split",
        "verbline",
        data={"person": "P3", "identifiers": [["phone", BOR["phone"]]]},
    )
    log = write(tmp_path, event(1, data=TINA), event(2, data=ALES), event(3, data=BOR), merge, split, event(6, data={"email": "new@mail.example"}))  # fmt: skip
    known = known_of(log)
    assert known.contacts(5) == [("email", "new@mail.example")]
    known = erase(log, {3, 4}, BOR["email"], BOR["phone"])
    assert known.contacts(5) == [("email", "new@mail.example")]
    assert known.names(1) == ["P1", "P2"]
    assert BOR["phone"] not in "".join(raw(log))
    erase(log, {1, 2}, TINA["email"], ALES["email"])
    assert "Tina called" not in "".join(raw(log))
    assert json.loads(raw(log)[3])["data"] == {"people": ["P1", "P2"]}


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """What cannot be overwritten is said, not skipped."""
    log = write(tmp_path, event(1, data=TINA))
    search = Search({1}, ())
    known_of(log, each=search.met)
    found = list(search.lines(log))
    (log / "log.jsonl").unlink()
    with pytest.raises(LogError, match="cannot be written"):
        overwrite(found)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
MEMBERS = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=4), "type": st.text(min_size=1, max_size=4), "time": st.just("2026-03-01T09:00:00Z")},
    optional={"source": st.text(max_size=3), "specversion": st.just("1.0"), "subject": VALUES, "data": st.dictionaries(st.text(max_size=3), VALUES, max_size=3), "agrees": VALUES},
)  # fmt: skip


@given(MEMBERS, st.sampled_from((True, False)), st.sampled_from(("", "\r")))
def test_a_line_keeps_its_length_and_its_name(
    members: dict[str, Any], ascii_only: object, end: str
) -> None:
    """Whatever an event says, and however it is written, as many bytes are left, and the same id, source, type and time."""
    text = (json.dumps(members, ensure_ascii=bool(ascii_only), separators=(",", ":")) + end).encode(
        errors="surrogatepass"
    )
    left = blanked(text, 0)
    assert len(left) == len(text)
    told = json.loads(left)
    for name in ("id", "type", "time", "source", "specversion"):
        assert told.get(name) == members.get(name)
    assert set(told) <= {"id", "type", "time", "source", "specversion", "data"}
    assert not told.get("data")
