"""What the runtime wrote into its own log is read back: by the person's number, and a message that did not leave gives its place back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.apart import are_same, project_at, run
from tests.known import event, write
from tests.receivers import intent
from verbline.interpreter.step.records import Record
from verbline.runtime.channels.answers import Accepted, Refused, Unknown
from verbline.runtime.channels.delivery import event_of
from verbline.runtime.known import known
from verbline.runtime.leaving.events import message_event
from verbline.runtime.own import NAME, own_event

TWICE = """
message "Offer"
  subject "Offer"
  says "An offer."

journey "Welcome"
  starts when "member signs up"
  sends at most 1 message in 7 days

  notify the member by email with "Offer" for "offers"
  wait 1 day
  notify the member by email with "Offer" for "offers"
    at most 1 hour late
  finish as "told"
"""
TINA = {"member-number": "M-1", "email": "tina@mail.example", "phone": "+38640123456"}
YES = {"offers": {"email": True}}
# The day of the sign-up and a little later, at nine.
AT = 1_772_442_000_000
HOUR = 3_600_000


def log_of(folder: Path, *own: dict[str, Any], more: tuple[dict[str, Any], ...] = ()) -> Path:
    """Write the club with its journey, somebody who signs up, and what the runtime wrote itself."""
    log = write(folder, event(2, data=TINA, agrees=YES), *more, event(19, "till", data={}))
    with (folder / "club.journey").open("a", encoding="utf-8") as file:
        file.write(TWICE)
    (log / NAME).write_text("".join(f"{json.dumps(one)}\n" for one in own), "utf-8")
    return log


def messages(folder: Path, log: Path) -> list[tuple[str, str, str]]:
    """Return the verdict, the reason and the key of each message; taken in another order it comes to the same."""
    found = project_at(folder)
    assert are_same(found, log)
    told: list[Record] = []
    run(found, log, "in order", tell=told.append)
    return [
        (one.verdict, one.reason, str(one.more.get("key", "")))
        for one in told
        if one.kind == "message"
    ]


@pytest.fixture
def first(tmp_path: Path) -> str:
    """Return the key of the first message; the second is one too many."""
    (one, other) = messages(tmp_path / "first", log_of_new(tmp_path / "first"))
    assert one[0] == "sent"
    assert other[:2] == ("refused", "frequency_cap")
    return one[2]


def log_of_new(folder: Path) -> Path:
    """Return the log of a folder that is made first."""
    folder.mkdir()
    return log_of(folder)


@pytest.mark.parametrize("kind", ["refused", "failed", "withdrawn"])
def test_what_did_not_leave_gives_its_place_back(tmp_path: Path, first: str, kind: str) -> None:
    """The second message goes out, since the first never did."""
    own = message_event(intent(key=first, person="P1"), kind, AT + HOUR)
    found = messages(tmp_path, log_of(tmp_path, own))
    assert [one[0] for one in found] == ["sent", "sent"]


@pytest.mark.parametrize("kind", ["stale", "unknown", "handed", "delivered"])
def test_what_may_have_left_keeps_its_place(tmp_path: Path, first: str, kind: str) -> None:
    """Whatever is not known not to have left counts."""
    own = message_event(intent(key=first, person="P1"), kind, AT + HOUR)
    found = messages(tmp_path, log_of(tmp_path, own))
    assert [one[0] for one in found] == ["sent", "refused"]


def test_only_ones_own_message_gives_a_place_back(tmp_path: Path, first: str) -> None:
    """The key and the person have to be those of the message, and the event the runtime's."""
    for number, own in enumerate(
        (
            message_event(intent(key="0123", person="P1"), "refused", AT + HOUR),
            message_event(intent(key=first, person="P9"), "refused", AT + HOUR),
            message_event(intent(key=first, person=""), "refused", AT + HOUR),
            {
                **message_event(intent(key=first, person="P1"), "refused", AT + HOUR),
                "source": "shop",
            },
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = messages(folder, log_of(folder, own))
        assert [one[0] for one in found] == ["sent", "refused"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Refused("recipient_refused", suppress="bounced"), "suppressed_bounce"),
        (Refused("no_such_user"), "frequency_cap"),
        (Accepted(), "frequency_cap"),
        (Unknown("cut_off"), "frequency_cap"),
    ],
)
def test_what_a_channel_said_is_heard_of_the_person_by_number(
    tmp_path: Path, answer: Any, reason: str
) -> None:
    """Though another holds the same address; the address itself is blocked, for whoever holds it."""
    eva = event(3, "seen", data={"member-number": "M-2", "email": "tina@mail.example"})
    own = event_of(intent(person="P1"), answer, AT + HOUR)
    log = log_of(tmp_path, *([own] if own else []), more=(eva,))
    found = messages(tmp_path, log)
    assert found[1][1] == reason


def test_a_person_who_is_one_with_another_is_meant_by_both_numbers(
    tmp_path: Path, first: str
) -> None:
    """Who bore a number is found under it, whoever they turned out to be; and no number means nobody."""
    eva = event(1, "seen", data={"member-number": "M-9"})
    merge = own_event("verbline.merge", AT + HOUR, {"people": ["P1", "P2"]})
    for folder, own in (
        ("one", message_event(intent(key=first, person="P2"), "refused", AT + 2 * HOUR)),
        ("two", message_event(intent(key=first, person="P1"), "refused", AT + 2 * HOUR)),
    ):
        (tmp_path / folder).mkdir()
        log = log_of(tmp_path / folder, merge, own, more=(eva,))
        lines = (log / "log.jsonl").read_text("utf-8").splitlines()
        # Eva is known first, so that Tina is P2.
        (log / "log.jsonl").write_text("\n".join((lines[1], lines[0], *lines[2:])) + "\n", "utf-8")
        told: list[Record] = []
        run(project_at(tmp_path / folder), log, "in order", tell=told.append)
        sent = [one for one in told if one.kind == "message"]
        key = str(sent[0].more["key"])
        own["data"]["key"] = key
        (log / NAME).write_text(f"{json.dumps(merge)}\n{json.dumps(own)}\n", "utf-8")
        told.clear()
        run(project_at(tmp_path / folder), log, "in order", tell=told.append)
        assert [one.verdict for one in told if one.kind == "message"] == ["sent", "sent"]


def test_a_ledger_hears_the_same_of_the_same_person(tmp_path: Path) -> None:
    """What a channel said is recorded of the person by number, and the block of the address."""
    own = event_of(intent(person="P1"), Refused("recipient_refused", suppress="bounced"), AT + HOUR)
    assert own is not None
    log = log_of(tmp_path, own)
    found = project_at(tmp_path)
    said = known(found.project, found.program, log)
    (blocked,) = (
        one
        for one in said.ledger.consents_of(("P1",), ("email:tina@mail.example",))
        if one.act == "suppress"
    )
    assert (blocked.person, blocked.contact, blocked.basis) == ("P1", "email:tina@mail.example", "bounced")  # fmt: skip
    said.ledger.close()
