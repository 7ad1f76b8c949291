"""`verbline audit`: a log in, what to mend first out."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.households import Stream
from tests.cases import CASES
from tests.test_audit_parts import known_zone
from verbline import cli
from verbline.runtime.audit.audit import Audit, Wish

SECTION = re.compile(r"^=== (.+)\n", re.MULTILINE)
CASE_FILES = sorted((CASES / "audit").glob("*.case"))


def sections(path: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the files of a case, and what is run with what it must write."""
    parts = SECTION.split(path.read_text("utf-8"))[1:]
    found = [(name, text.strip("\n") + "\n") for name, text in zip(parts[::2], parts[1::2], strict=True)]  # fmt: skip
    files = {name: text for name, text in found if not name.startswith("audit ")}
    return files, [one for one in found if one[0].startswith("audit ")]


RUNS = [(path, run) for path in CASE_FILES for run in sections(path)[1]]


def write(path: Path, folder: Path) -> None:
    """Write the files of a case under ``folder``."""
    for name, text in sections(path)[0].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def audited(arguments: str, capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """Return what `verbline` writes in the working folder."""
    assert cli.run([*shlex.split(arguments)]) == code
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


def found(arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what `verbline audit` finds."""
    answer: dict[str, Any] = json.loads(audited(f"audit {arguments} --format json", capsys))
    return answer


@pytest.mark.parametrize(("path", "run"), RUNS, ids=lambda one: one.stem if isinstance(one, Path) else one[0])  # fmt: skip
def test_a_log_says_this(
    path: Path,
    run: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a case tells is what is written, word for word."""
    monkeypatch.chdir(tmp_path)
    write(path, tmp_path)
    assert audited(run[0], capsys) == run[1]


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log in which 400 invented people share, pass on and mistype what names them."""
    path = tmp_path_factory.mktemp("dirty") / "log.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, event in enumerate(Stream(400).events()):
            known = f"2026-03-{1 + number // 200:02}T{number % 24:02}:00:00Z"
            line = {"id": f"e{number}", "source": "shop", "type": "signup", "time": known, "data": event.fields}  # fmt: skip
            if "email" in event.fields:
                line["agrees"] = {"offers": {"email": bool(number % 3)}}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


def values(path: Path) -> set[str]:
    """Return every value in the data of a log that says something about one person."""
    listed = {"null", "undefined", "anonymous", "0", "not_authenticated", "guest"}
    found = {value for line in path.read_text("utf-8").splitlines() for value in json.loads(line)["data"].values()}  # fmt: skip
    return {value for value in found if value not in listed}


@pytest.mark.parametrize("form", ["pretty", "markdown", "json"])
@pytest.mark.parametrize("shows", ["", "--show-values"])
def test_no_value_of_a_person_is_written(
    form: str, shows: str, dirty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the form, no name, address, key or device of anybody stands in it whole."""
    text = audited(f"audit {dirty} --country SI --format {form} {shows}", capsys)
    words = set(re.split(r'[\s|"\\,()]+', text))
    assert len(values(dirty)) > 1_000
    assert {value for value in values(dirty) if value in words or (len(value) > 5 and value in text)} == set()  # fmt: skip


def test_a_value_that_is_shown_is_masked(dirty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only where somebody asks for it, and then with most of its letters hidden."""
    hidden = found(f"{dirty} --country SI", capsys)["identity"]["most_shared"]
    shown = found(f"{dirty} --country SI --show-values", capsys)["identity"]["most_shared"]
    assert {one["value"] for one in hidden} == {None}
    assert all("…" in one["value"] for one in shown)


def test_the_plain_way_is_shown_beside_the_rules(
    dirty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One profile of hundreds stands beside the few identifiers of the biggest by the rules, and what joined it is named."""
    who = found(f"{dirty} --country SI", capsys)["identity"]
    biggest = who["same_value"]["biggest"][0]
    assert biggest["people"] > 40
    assert "user-number guest" in biggest["through"]
    assert who["same_value"]["biggest_by_rules"] < 20
    assert {one["value"] for one in who["placeholders"]} >= {"null", "guest", "0"}


def test_a_ceiling_ends_in_one(dirty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A share of shared keys and addresses above the ceiling fails; one below it does not."""
    share = found(f"{dirty} --country SI", capsys)["identity"]["shared_share"]
    assert 0.01 < share < 0.5
    audited(f"audit {dirty} --country SI --ceiling 1%", capsys, code=1)
    audited(f"audit {dirty} --country SI --ceiling 50%", capsys)


def test_what_was_stated_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A field is what --field says, or nothing where it says none; the rest is guessed as before."""
    (tmp_path / "a.csv").write_text("wann,nummer,mail\n2026-03-09T08:00:00Z,7,a@b.si\n2026-03-10T08:00:00Z,8,c@b.si\n")  # fmt: skip
    guessed = found(f"{tmp_path}", capsys)
    assert guessed["log"]["first"] is None
    assert [one["field"] for one in guessed["identity"]["fields"]] == ["mail"]
    stated = found(f"{tmp_path} --field wann=time --field nummer=key --field mail=none", capsys)
    assert stated["log"]["first"] == "2026-03-09T08:00:00Z"
    assert [one["field"] for one in stated["identity"]["fields"]] == ["nummer"]


def test_a_log_of_too_many_identifiers_is_followed_to_a_point(
    dirty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What names people is told of the beginning, what is counted of the whole, and the report says so."""
    monkeypatch.setattr("verbline.runtime.audit.audit.LIMIT", 500)
    report = found(f"{dirty} --country SI", capsys)
    assert report["log"]["events"] == 3_200
    assert 100 < report["identity"]["full_after"] < 2_000
    assert "too many identifiers" in audited(f"audit {dirty} --country SI", capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("nowhere", "nowhere"),
        (". --field a", "name=role"),
        (". --field a=colour", "name=role"),
        (". --zone Here", "time zone"),
        (". --country Slovenia", "country"),
        (". --ceiling much", "share"),
        (".", "no file"),
        ("here --field b=key", "no file has a field"),
        ("here --field b=time", "no file has a field"),
    ],
)
def test_wrong_usage_is_told(
    arguments: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What cannot be read or understood ends in 2 with a sentence."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.csv").write_text("a,c,\n1,2,3\n")
    assert cli.run(["audit", *arguments.split()]) == 2
    assert words in capsys.readouterr().err.lower()


def test_any_bytes_are_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of anything, torn, in no encoding, or empty, is counted and never a crash."""
    (tmp_path / "a.jsonl").write_bytes(b'\xff\xfe\x00{"a":\n\n{"x": 1}\n"text"\n[[[[\n{"id": "1"')
    (tmp_path / "b.csv").write_bytes('ime;pošta\n\x00;"\nAna;a@b.si\n'.encode("cp1250") + b"\x8a")
    (tmp_path / "c.csv").write_bytes(b"")
    (tmp_path / "d.ndjson").write_bytes(b"")
    report = found(f"{tmp_path}", capsys)
    assert sum(report["log"]["parked"].values()) >= 4
    assert report["log"]["files"] == 4


def test_an_empty_log_is_no_good_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no event, nothing is said to be in order."""
    (tmp_path / "a.jsonl").write_text("")
    assert "Mend the log first: there is no event in it." in audited(f"audit {tmp_path}", capsys)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
FIELDS = st.sampled_from(("email", "phone", "user-id", "first-name", "birth-date", "device", "newsletter", "city", "x", ""))  # fmt: skip
ANY_EVENTS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(("signup", "unsubscribe", "email.sent", "verbline.consent.grant", "verbline.merge"))},
        optional={"data": st.dictionaries(FIELDS, JSON_VALUES, max_size=5), "consent": JSON_VALUES, "agrees": JSON_VALUES,
                  "source": st.sampled_from(("a", "b")), "recordedtime": JSON_VALUES},
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_EVENTS)
def test_any_event_is_answered(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    """Whatever JSON stands where a name, an address or an answer should be, there is a report."""
    lines = [{"id": str(at), "time": "2026-03-09T08:00:00Z", **event} for at, event in enumerate(events)]  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    report = Audit(path, Wish(known_zone("UTC"), region="SI")).run()
    parked = sum(report["log"]["parked"].values())
    assert report["log"]["events"] + parked == len(events)


def test_a_list_is_an_answer_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a form sends several values for a field, they are one answer."""
    for name, city in (("a", ["Kranj"]), ("b", ["Bled"])):
        lines = [{"id": f"{name}{at}", "type": "signup", "time": "2026-03-09T08:00:00Z", "data": {"user-id": "u1", "city": city if at else "Ptuj"}} for at in range(2)]  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    (parallel,) = found(f"{tmp_path}", capsys)["capture"]["parallel"]
    assert (parallel["name"], parallel["people"], parallel["differ"]) == ("city", 1, 1)
