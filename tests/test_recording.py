"""What a log says about being written to, in the ledger."""

from __future__ import annotations

from pathlib import Path

from tests.cases import project_of
from tests.known import CLUB, KEY, SETTINGS, event, known_of, no, write
from verbline.interpreter.program.compile import compile_project
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.notes import is_held, one_with
from verbline.runtime.consent.rows import notice_of
from verbline.runtime.consent.verify import verify
from verbline.runtime.known import Known
from verbline.runtime.log import Log

TINA = {"member-number": "M-1", "email": "tina@mail.example"}
ALES = {"member-number": "M-2", "email": "ales@mail.example"}
BOR = {"email": "bor@mail.example"}
YES = {"offers": {"email": True, "sms": False}}


def test_an_event_stands_in_the_ledger_with_all_that_it_rests_on(tmp_path: Path) -> None:
    """Both times, who spoke, the system, the words of the form, the event's name, the record of the keeper."""
    late = event(2, data=TINA, agrees=YES)
    bare = {"act": "grant", "purpose": "offers", "channel": "email", "contact": ALES["email"]}
    log = write(
        tmp_path, event(5, "seen"), late,
        event(6, "kept", "centre", data=ALES, consent=[{**bare, "record": "r-9"}, {**bare, "channel": "*"}]),
        event(7, "told", "crm", data=ALES, consent=[{**bare, "words": " Yes. ", "actor": "subject"}]),
    )  # fmt: skip
    found = known_of(log)
    yes, not_by_sms, kept, told = found.ledger.said(("P1", "P2"))
    one = yes.consent
    assert (one.act, one.actor, one.source, one.contact) == (
        "grant",
        "subject",
        "shop",
        "email:tina@mail.example",
    )
    assert (one.known - one.at, one.complete) == (3 * 86_400_000, True)
    assert (yes.sender, yes.event, yes.notice) == (
        "shop",
        "signup-2",
        notice_of("Yes, offers by email, please."),
    )
    assert found.ledger.words(yes.notice) == "Yes, offers by email, please."
    assert (not_by_sms.consent.act, not_by_sms.consent.channel) == ("deny", "sms")
    assert (kept.record, kept.consent.complete, kept.consent.person) == ("r-9", True, "P2")
    assert (found.ledger.words(told.notice), told.consent.complete) == ("Yes.", True)
    assert found.refused == 1
    assert verify(found.ledger) == (4, None, "")


def test_the_same_log_gives_the_same_chain_everywhere(tmp_path: Path) -> None:
    """Two machines with one key agree in every hash; one more word in the log, and they do not."""
    said = [event(1, data=TINA, agrees=YES), event(2, data=ALES, agrees=YES), no(3, TINA)]
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    here, there = write(first, *said), write(second, *said)
    assert known_of(here).ledger.last() == known_of(there).ledger.last()
    write(second, *said[:2], no(3, ALES))
    assert known_of(here).ledger.last() != known_of(there).ledger.last()


def test_what_was_recorded_is_not_recorded_again(tmp_path: Path) -> None:
    """A log that is read into the same file again adds nothing; what is new in it is added."""
    log = write(tmp_path, event(1, data=TINA, agrees=YES), event(2, "bought", data=TINA))
    project = project_of({"club.journey": CLUB, "verbline.toml": SETTINGS})
    path, lengths = str(tmp_path / "consent.db"), []
    for _time in range(3):
        with Ledger(path, key=KEY) as ledger:
            found = Known(project, compile_project(project), ledger)
            for events in Log(log).batches():
                found.take(events)
            lengths.append(ledger.last().seq)
            assert verify(ledger) == (lengths[-1], None, "")
        write(tmp_path, no(5, TINA), event(6, "bought", data=TINA), name="more.jsonl")
    assert lengths == [3, 4, 4]


def test_a_merge_is_an_entry_and_moves_nothing(tmp_path: Path) -> None:
    """Who was one person with whom is told as far as the ledger went, a split included."""
    log = write(
        tmp_path, event(1, data=TINA, agrees=YES), event(2, data=BOR, agrees=YES), no(3, BOR),
        event(4, "verbline.merge", "verbline", data={"people": ["P1", "P2"]}),
        event(5, "verbline.split", "verbline", data={"person": "P1", "apart": "P2"}),
    )  # fmt: skip
    ledger = known_of(log).ledger
    assert [one.consent.act for one in ledger.said(("P2",))] == [
        "grant",
        "deny",
        "withdraw",
        "merge",
    ]
    joined = {known: list(one_with(ledger, "P1", ("P1", "P2"), known)) for known in (5, 6, 7)}
    assert joined == {5: [], 6: ["P2"], 7: []}
    assert [one.consent.act for one in ledger.said(("P1",))] == ["grant", "deny"]


def test_who_is_held_is_held_until_they_are_released(tmp_path: Path) -> None:
    """A hold that stands in the log stands in the ledger."""
    said = [event(1, data=TINA, agrees=YES)]
    for day, kind, held in ((2, "held", True), (3, "released", False)):
        said.append(
            event(day, f"verbline.person.{kind}", "verbline", data={"person": "P1", "why": "court"})
        )
        assert is_held(known_of(write(tmp_path, *said)).ledger, "P1") is held


def test_who_was_erased_stands_nowhere_and_is_recognised(tmp_path: Path) -> None:
    """The words of an erased person are gone, the chain holds, the address is silent; another's is as it was."""
    log = write(
        tmp_path, event(1, data=TINA, agrees=YES), event(2, data=ALES, agrees=YES),
        event(3, "verbline.person.erased", "verbline", data={"person": "P1"}),
    )  # fmt: skip
    found = known_of(log)
    assert found.erased == {1}
    assert found.ledger.said(("P1",)) == []
    assert [one.act for one in found.ledger.erased("email:tina@mail.example")] == ["erase"]
    assert found.ledger.erased("email:ales@mail.example") == []
    assert verify(found.ledger).bad is None


def test_an_address_that_stands_in_the_log_no_more_is_still_recognised(tmp_path: Path) -> None:
    """The event of an erasure brings the marks, for a log in which the addresses were overwritten."""
    whole = known_of(write(tmp_path, event(1, data=TINA, agrees=YES), event(3, "verbline.person.erased", "verbline", data={"person": "P1"})))  # fmt: skip
    marks = [
        bytes(row[0]).hex() for row in whole.ledger.connection.execute("select mark from mark")
    ]
    log = write(tmp_path, event(1, data={"+": 1}), event(3, "verbline.person.erased", "verbline", data={"person": "P1", "marks": marks}), event(4, data=ALES, agrees=YES))  # fmt: skip
    found = known_of(log)
    assert [one.act for one in found.ledger.erased("email:tina@mail.example")] == ["erase"]
    assert [one.consent.person for one in found.ledger.said(("P1", "P2"))] == ["P2", "P2"]
    assert verify(found.ledger).bad is None


def test_a_sale_stands_in_for_a_yes_once(tmp_path: Path) -> None:
    """Whoever buys twice has one soft basis for each address and channel."""
    log = write(
        tmp_path, event(1, data=TINA), event(2, "bought", data=TINA), event(3, "bought", data=TINA)
    )
    assert [one.basis for one in known_of(log).ledger.consents_of(("P1",))] == ["soft:sale"]


def test_a_yes_that_is_told_counts_for_an_address_of_the_person_alone(tmp_path: Path) -> None:
    """Staff tell of a yes for somebody else's address, and for one of the person's own: the second is recorded."""
    told = {"purpose": "offers", "channel": "email", "act": "grant", "actor": "staff:7", "words": "Yes."}  # fmt: skip
    theirs = {**told, "contact": "ales@mail.example"}
    own = {**told, "contact": "tina@mail.example"}
    log = write(tmp_path, event(1, data=TINA), event(2, data=ALES), event(3, data={"member-number": TINA["member-number"]}, consent=[theirs, own]))  # fmt: skip
    found = known_of(log)
    assert found.refused == 1
    assert [one.contact for one in found.ledger.consents_of(("P1",))] == ["email:tina@mail.example"]
