"""A desk is asked whether two people are one; nothing is joined until it answers, and then for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.apart import MARK, club, run, visit
from verbline.runtime.channels.desk import said, words_of
from verbline.runtime.channels.dispatch import DESK
from verbline.runtime.identity.proposed import NOT_SAME, SAME, WORDS, answer_in, key_of, people_in
from verbline.runtime.known import known
from verbline.runtime.leaving.same import Desks
from verbline.runtime.own import NAME, own_event

ANA = visit(1, "2026-03-02T09:00:00Z", **{"phone": "+38640123456", "last-name": "Kos"})
EVA = visit(2, "2026-03-03T09:00:00Z", **{"phone": "+38640123456", "last-name": "Zupan"}).replace(
    '"member-number": "M-2"', '"web-account": "W-2"'
)
LAST = visit(3, "2026-03-12T09:00:00Z")
AT = 1_772_614_800_000  # 2026-03-04


def log_of(folder: Path, *answers: dict[str, Any]) -> Path:
    """Write a log of two who share a telephone and bear other names, and what desks answered."""
    log = folder / "log"
    log.mkdir(parents=True)
    (log / "site.jsonl").write_text(ANA + EVA + LAST, "utf-8")
    own = [own_event(MARK, AT + number, one) for number, one in enumerate(answers)]
    (log / NAME).write_text("".join(f"{json.dumps(one)}\n" for one in own), "utf-8")
    return log


def summary(folder: Path, *answers: dict[str, Any]) -> dict[str, Any]:
    """Return the sums of a simulation over such a log."""
    folder.mkdir(exist_ok=True)
    found: dict[str, Any] = json.loads(run(club(folder / "club"), log_of(folder, *answers), "in order"))  # fmt: skip
    return found


KEY = key_of((2, 1))


@pytest.mark.parametrize(
    ("answers", "merged", "vain"),
    [
        ([], 0, 0),
        ([{"key": KEY, "answer": "same", "desk": "Data"}], 1, 0),
        ([{"key": KEY, "answer": " Same "}], 1, 0),
        ([{"key": KEY, "answer": "ista"}], 1, 0),
        ([{"key": KEY, "answer": "not same"}], 0, 0),
        ([{"key": KEY, "answer": "perhaps"}], 0, 1),
        ([{"key": KEY, "answer": True}], 0, 1),
        ([{"key": "same-P1", "answer": "same"}], 0, 1),
        # Twice is once; and whoever thinks again says so last.
        ([{"key": KEY, "answer": "same"}, {"key": KEY, "answer": "same", "by": "staff:ana"}], 1, 0),
        ([{"key": KEY, "answer": "not same"}, {"key": KEY, "answer": "same"}], 1, 0),
    ],
)
def test_an_answer_joins_or_keeps_apart(
    tmp_path: Path, answers: list[dict[str, Any]], merged: int, vain: int
) -> None:
    """``same`` is a merge as if an operator had said it, in a simulation and in what is known without journeys."""
    found = summary(tmp_path, *answers)
    assert found["asked_if_same"] == {"Data": 1}
    assert (found["merged"], found["answers"]["vain"]) == (merged, vain)
    compiled = club(tmp_path / "club")
    said_of = known(compiled.project, compiled.program, tmp_path / "log")
    ana, eva = (said_of.identity.holders("email", f"{number}@mail.example") for number in (1, 2))
    assert (ana == eva) is bool(merged)
    said_of.ledger.close()


def test_two_who_were_kept_apart_stay_two(tmp_path: Path) -> None:
    """The same name and the same address would join them by rule a day later; who said that they are two is right."""
    same = {"last-name": "Kos", "email": "home@mail.example"}
    ana = visit(4, "2026-03-06T09:00:00Z", **same).replace("M-4", "M-1")
    eva = visit(5, "2026-03-07T09:00:00Z", **same).replace('"member-number": "M-5"', '"web-account": "W-2"')  # fmt: skip
    merged = {}
    for name, answers in (("free", ()), ("apart", ({"key": KEY, "answer": "not same"},))):
        log = log_of(tmp_path / name, *answers)
        with (log / "site.jsonl").open("a", encoding="utf-8") as file:
            file.write(ana + eva)
        merged[name] = json.loads(run(club(tmp_path / "club"), log, "in order"))["merged"]
    assert merged == {"free": 1, "apart": 0}


def test_the_key_names_the_two() -> None:
    """In one order, whoever is named first; other keys are none of these."""
    assert key_of((9, 3)) == key_of((3, 9)) == "same-P3-P9"
    assert people_in("same-P3-P9") == ("P3", "P9")
    for key in ("same-P3", "same-P0-P1", "0a1b2c", "same-P3-P9-back", None, 7):
        assert people_in(key) is None


def test_a_desk_answers_in_the_words_of_its_task() -> None:
    """In every language in which tasks are written each of the two answers is understood as what it is."""
    for language in ("en", "sl", "pl", "nb", "cy"):
        assert answer_in(said("same", language)) == SAME
        assert answer_in(said("not_same", language)) == NOT_SAME
    assert set(WORDS.values()) == {SAME, NOT_SAME}
    assert answer_in("maybe") == answer_in(None) == ""


def test_the_desk_sees_what_each_is_known_by() -> None:
    """A task to the desk, with two answers and what is known of both."""
    known_by = {3: [("email", "ana@mail.example"), ("member", "M-1")], 9: [("phone", "+38640123456")]}  # fmt: skip
    draft = Desks("en", lambda number: known_by[number]).asking("Data", (9, 3), AT)
    intent, task = draft.intent, draft.intent.task
    assert task is not None
    assert (intent.key, intent.channel, intent.kind) == ("same-P3-P9", f"{DESK}Data", "task")
    assert task.answers == ("same", "not same")
    assert task.shown == (
        ("P3 email", "ana@mail.example"), ("P3 member", "M-1"), ("P9 phone", "+38640123456"),
    )  # fmt: skip
    words = words_of(task, {"same": "https://x.example/s"}, "en")
    assert words.subject == "Task for Data: Are these two one person?"
    assert "P9 phone: +38640123456" in words.text
