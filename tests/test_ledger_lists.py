"""Consents from other systems' lists: what is taken, what is marked, what is refused."""

from __future__ import annotations

import tomllib

import pytest

from tests.guarded import HOME
from tests.ledgers import START, asked, ledger, said
from verbline.interpreter.guard.fold import BARE, DENIED, GRANTED
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.erasure import Erasing, erase
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.lists import MappingError, Report, Target, mapped
from verbline.runtime.consent.lists import taken as rows_taken
from verbline.runtime.consent.verify import verify

NOW = START + 50 * DAY
TARGET = Target(frozenset(("offers", "news")), HOME, "SI", NOW)
MAPPING = """
batch = "crm-2026-03"
[columns]
contact = "E-mail"
answer = "Newsletter"
at = "Agreed on"
notice = "Text"
source = "Form"
person = "Member"
purpose = "What"
[always]
channel = "email"
[answers]
grant = ["Yes", "1"]
deny = ["no"]
withdraw = ["left"]
"""
HEAD = "E-mail,Newsletter,Agreed on,Text,Form,Member,What"
ROWS = f"""{HEAD}
tina@mail.example,yes,2026-01-03,We write twice a month.,counter,P1,offers
TINA@mail.example,yes,,We write twice a month.,counter,P1,news
ales@mail.example,YES,2026-01-03T10:00:00+01:00,,counter,P2,Offers
maja@mail.example,1,2030-01-01,We write.,,P3,offers
eva@mail.example,left,2026-01-04,,,P4,everything of theirs
,no,2026-01-04,,,P5,offers
,yes,2026-01-04,We write.,counter,P6,offers
,no,2026-01-04,,,,offers
not an address,yes,2026-01-04,We write.,counter,P7,offers
iris@mail.example,perhaps,2026-01-04,We write.,counter,P8,offers
iris@mail.example,yes,2026-01-04,We write.,counter,P8,raffle
gone@mail.example,yes,2026-01-04,We write.,counter,P9,offers
iris@mail.example,yes,2026-01-04,We write.,counter,P8,offers,more
"""


def taken(found: Ledger, rows: str, mapping: str = MAPPING) -> Report:
    """Return what became of ``rows``."""
    report = Report()
    kept = list(
        rows_taken(found, rows.splitlines(), mapped(tomllib.loads(mapping)), TARGET, report)
    )
    for one in kept:
        found.keep_words(one.words)
    found.append([one.said for one in kept])
    return report


def test_a_list_is_taken_row_by_row() -> None:
    """A yes with its evidence counts, one without is marked, a no always counts; the report has no value of any row."""
    with ledger(said(1, contact="email:gone@mail.example", person="P9")) as found:
        erase(found, [Erasing(["P9"])], "staff:1", START + 2 * DAY)
        before = found.last().seq
        report = taken(found, ROWS)
        assert report.rows == 13
        assert report.taken == {"grant": 4, "withdraw": 1, "deny": 1}
        assert (report.unproved, report.marked) == (3, {"date": 2, "words": 1, "source": 1})
        assert report.erased == 1
        assert report.refused == [
            (8, "a yes names its address"),
            (9, "the row names nobody"),
            (10, "the email address cannot be read"),
            (11, "the answer is none of the mapping's words"),
            (12, "the purpose is not declared"),
            (14, "the row has more cells than the list has columns"),
        ]
        assert found.last().seq == before + 6
        assert not found.has("email:gone@mail.example")
        assert verify(found).bad is None


def test_what_a_list_gives() -> None:
    """Only the row with everything gives permission; staff lists lift no refusal; an unknown purpose is every purpose."""
    with ledger(said(1, act="withdraw", person="P2", contact="email:ales@mail.example")) as found:
        taken(found, ROWS)
        at = NOW + DAY
        assert found.state(asked("P1"), at).name == GRANTED
        assert found.state(asked("P2", "email:ales@mail.example"), at).name == DENIED
        assert found.state(asked("P3", "email:maja@mail.example"), at).name == BARE
        assert found.state(asked("P4", "email:eva@mail.example"), at).name == DENIED
        assert found.state(asked("P5", "email:any@mail.example"), at).name == DENIED
        (yes,) = [one for one in found.said(("P1",)) if one.consent.complete]
        assert found.words(yes.notice) == "We write twice a month."
        assert yes.consent.actor == "import:crm-2026-03"
        assert yes.consent.at < yes.consent.known == NOW


def test_a_person_who_came_back_is_no_longer_recognised_as_erased() -> None:
    """Whoever gave their address again is treated as anybody on the list."""
    with ledger(said(1)) as found:
        erase(found, [Erasing(["P1"])], "staff:1", START + 2 * DAY)
        found.append([said(3, person="P10")])
        report = taken(found, f"{HEAD}\ntina@mail.example,no,,,,,offers\n")
        assert (report.erased, report.taken) == (0, {"deny": 1})


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"E-mail"', '"Mail"', "the list has no column Mail"),
        ("contact =", "adress =", "adress is none of contact"),
        ("deny =", "maybe =", "maybe is none of grant"),
        ('batch = "crm-2026-03"', "", "the batch has no name"),
        ('channel = "email"', "", "no column holds the channel"),
        ('contact = "E-mail"\n', "", "no column holds the contact or the person"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(old: str, new: str, why: str) -> None:
    """A mapping with a slip takes nothing at all."""
    mapping = MAPPING.replace(old, new)
    if "contact or" in why:
        mapping = mapping.replace('person = "Member"\n', "")
    with ledger() as found:
        with pytest.raises(MappingError, match=why):
            taken(found, ROWS, mapping)
        assert found.last().seq == 0


def test_a_list_that_breaks_off_is_refused() -> None:
    """A cell whose quotes never end is told, and nothing of the list is taken."""
    with ledger() as found:
        with pytest.raises(MappingError, match="is no CSV"):
            taken(found, f'{HEAD}\ntina@mail.example,no,,,,,offers\n"never ending,yes')
        assert found.last().seq == 0
