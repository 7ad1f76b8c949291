"""Right before it leaves a message is asked about again: what was said since it was decided counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.leavers import AT, HOUR, Club, opened
from verbline.interpreter.guard.consent import MERGE, Consent
from verbline.interpreter.person.record import Contact
from verbline.runtime.channels.answers import Refused
from verbline.runtime.channels.intent import Intent
from verbline.runtime.consent.erasure import Erasing, erase
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.rows import Said

OFFER = '  notify the member by email with "Offer" for "offers"\n  wait 3 days\n'
CARE = '  notify the member by email with "Hello" for "care"\n  wait 3 days\n'
TICKET = '  notify the member by email with "Hello" for "tickets"\n  wait 3 days\n'
WORDS = """
message "Offer"
  subject "Offer"
  says "There is an offer."
"""
MAIL = "email:tina@mail.example"
LATER = AT + HOUR


def said(act: str, **more: object) -> Consent:
    """Return what Tina says an hour later; of her address, unless that is left out."""
    given = {
        "at": LATER, "known": LATER, "act": act, "actor": "subject", "source": "crm", "person": "P1", "channel": "email",
        "purpose": "offers", "contact": MAIL, "complete": True, **more,
    }  # fmt: skip
    return Consent(**given)  # type: ignore[arg-type]


def decided(club: Club) -> None:
    """Let a message be decided for Tina, who has agreed."""
    club.member(first_name="Tina")
    club.says("grant", "P1", AT - HOUR)
    club.happens("P1", "member joins")
    club.commit()
    club.clock = LATER


@pytest.mark.parametrize(
    ("steps", "consent", "reason"),
    [
        (OFFER, said("withdraw"), "opted_out"),
        (OFFER, said("object", contact=None), "objected"),
        (OFFER, said("deny", purpose="*", channel="*", contact=None), "opted_out"),
        (OFFER, said("withdraw", person="P9"), "opted_out"),
        (OFFER, said("suppress", actor="system:mail", basis="bounced"), "suppressed_bounce"),
        (OFFER, said("suppress", actor="system:mail", basis="complained"), "suppressed_complaint"),
        (OFFER, said("suppress", contact=None, basis="pause", purpose="*"), "paused"),
        (CARE, said("object", purpose="care"), "objected"),
        (CARE, said("suppress", actor="system:mail", basis="invalid"), "suppressed_invalid"),
        (TICKET, said("suppress", actor="system:mail", basis="bounced"), "suppressed_bounce"),
        # What does not bind this message.
        (OFFER, said("withdraw", purpose="care"), ""),
        (OFFER, said("withdraw", contact="email:eva@mail.example", person="P9"), ""),
        (OFFER, said("withdraw", channel="sms"), ""),
        (OFFER, said("grant"), ""),
        (CARE, said("withdraw"), ""),
        (TICKET, said("object", purpose="*", contact=None), ""),
        (TICKET, said("suppress", actor="system:mail", basis="complained"), ""),
    ],
)
def test_what_was_said_since_counts(
    tmp_path: Path, steps: str, consent: Consent, reason: str
) -> None:
    """A no that binds the message stops it, and stands in the row and in the log; any other lets it go."""
    with opened(tmp_path, steps, more=WORDS) as club:
        decided(club)
        club.record(consent)
        assert len(club.send()) == (0 if reason else 1)
        (row,) = club.all()
        assert row.state == ("refused" if reason else "sent")
        events = [json.loads(line) for line in club.told()]
        if reason:
            assert row.answer == Refused(reason)
            assert [(one["type"], one["data"]["reason"]) for one in events] == [
                ("verbline.message.refused", reason)
            ]
        else:
            assert [one["type"] for one in events] == ["verbline.message.handed"]


def test_nothing_is_asked_where_nothing_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless somebody spoke of the address or as the person, the guard is not asked; without any word not even they."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        decided(club)
        asked: list[str] = []
        seen = club.ledger.said_since

        def since(seq: int, people: Iterable[str], contacts: Iterable[str]) -> bool:
            asked.append("since")
            return seen(seq, people, contacts)

        monkeypatch.setattr(club.ledger, "said_since", since)
        monkeypatch.setattr(club.ledger, "consents_of", None)  # asked, it would fail
        check = club.rows.outbox._refusal
        (row,) = club.all()
        assert check(row.intent) == ""
        assert asked == []
        club.record(said("withdraw", contact="email:eva@mail.example", person="P9"))
        assert check(row.intent) == ""
        assert asked == ["since"]


def test_what_is_said_in_the_batch_of_the_decision_counts(tmp_path: Path) -> None:
    """The ledger of the decision is that before the batch: whatever the batch adds is looked at."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        club.member(first_name="Tina")
        club.says("grant", "P1", AT - HOUR)
        club.happens("P1", "member joins")
        club.clock = LATER
        with club.writer.writing():
            club.record(said("withdraw"))
            club.leaving.write(club.clock)
        club.leaving.done()
        assert club.send() == []
        assert club.states() == {"refused": 1}


def test_who_turned_out_to_be_another_is_bound_by_their_no(tmp_path: Path) -> None:
    """Two people become one after the decision: what either has objected to does not leave."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        club.member("", first_name="Eva")
        club.record(said("object", person="P1", contact=None, at=AT - HOUR, known=AT - HOUR))
        club.world.add("P2")
        club.world.hold(club.world.people["P2"], Contact("email", "tina@mail.example", AT))
        club.says("grant", "P2", AT - HOUR)
        club.happens("P2", "member joins")
        club.commit()
        club.world.merge("P1", "P2", LATER)
        one = Consent(at=LATER, known=LATER, act=MERGE, actor="system", person="P2", basis="exclusive")  # fmt: skip
        club.record(one, record="P1")
        assert club.send() == []
        (row,) = club.all()
        assert row.answer == Refused("objected")


def test_an_erased_address_gets_nothing(tmp_path: Path) -> None:
    """Of the address stands only a mark any more, and it is known by that."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        decided(club)
        erase(club.ledger, [Erasing(("P1",), (MAIL,), ())], "staff:ana", LATER)
        assert club.send() == []
        assert club.all()[0].answer == Refused("suppressed_erased")


def test_a_purpose_that_is_gone_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Purposes are the current ones: for what the files do not know any more nothing leaves that anybody spoke about."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        decided(club)
        monkeypatch.delitem(club.program.purposes, "offers")
        club.record(said("grant"))
        assert club.send() == []
        assert club.all()[0].answer == Refused("invalid_request")


def test_a_note_is_nobodys_to_refuse(tmp_path: Path) -> None:
    """What goes to owners and desks asks no guard."""
    with opened(tmp_path, OFFER, more=WORDS) as club:
        decided(club)
        club.record(said("withdraw"))
        note: Intent = club.kit.owners.unknown(club.all()[0].intent, "crash", LATER)  # type: ignore[assignment]
        with club.writer.writing():
            club.rows.put([note])
        assert [one.kind for one in club.send()] == ["note"]


def test_the_ledger_says_what_was_said_since() -> None:
    """By a person or at an address, behind a place; by nobody else, and not before."""
    with Ledger() as ledger:
        ledger.append([Said(said("grant")), Said(said("withdraw", person="P2", contact=None))])
        for seq, people, contacts, is_said in (
            (0, ("P1",), (), True),
            (0, (), (MAIL,), True),
            (1, ("P1",), (MAIL,), False),
            (1, ("P1", "P2"), (), True),
            (2, ("P1", "P2"), (MAIL,), False),
            (0, ("P3",), ("email:eva@mail.example",), False),
        ):
            assert ledger.said_since(seq, people, contacts) is is_said
