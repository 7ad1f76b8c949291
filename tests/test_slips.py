"""`people suggest`: who may be one person written twice."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage import RULES
from benchmarks.slips import Register, filled, results
from tests.loglines import START, line, written
from verbline import cli
from verbline.runtime.identity import slips
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.slips import BIRTH, NOTHING, Slips, lefts, near, one_slip
from verbline.runtime.identity.suggest import Proposal, date_of, suggested

Named = tuple[str, str, str]
NAMES = st.text("abž", min_size=1, max_size=5)
DATES = st.builds("{}{:02}{:02}".format, st.integers(1990, 1993), st.integers(1, 12), st.integers(1, 13))  # fmt: skip
PEOPLE = st.lists(st.tuples(NAMES, NAMES, DATES), max_size=40)


def distance(one: str, other: str) -> int:
    """Return how many letters have to be added, taken, changed, or exchanged with a neighbour, by the table of all prefixes."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


def naive(people: list[Named]) -> dict[tuple[int, int], int]:
    """Return the pairs by comparing everybody with everybody."""
    found = {}
    for (here, one), (there, other) in combinations(enumerate(people), 2):
        differing = [part for part in range(3) if one[part] != other[part]]
        if not differing:
            found[here, there] = NOTHING
        elif len(differing) == 1 and is_near(differing[0], one, other):
            found[here, there] = differing[0]
    return found


def is_near(part: int, one: Named, other: Named) -> bool:
    """Return whether two values of a part are one slip apart."""
    a, b = one[part], other[part]
    if part == BIRTH:
        return distance(a, b) == 1 or a == b[:4] + b[6:] + b[4:6]
    return min(len(a), len(b)) >= 3 and distance(a, b) == 1


def all_pairs(people: list[Named]) -> dict[tuple[int, int], int]:
    """Return the pairs as people come one after the other."""
    found, known = {}, Slips()
    for number, person in enumerate(people):
        for other, slip in known.add(number, person).items():
            found[other, number] = slip
    return found


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_slip_is_one_letter(one: str, other: str) -> None:
    """One slip is one letter added, taken, changed or exchanged with its neighbour, and nothing else is."""
    assert one_slip(one, other) == (distance(one, other) == 1)
    assert one_slip(one, other) == one_slip(other, one)


@given(st.integers(0, 2), DATES, DATES, NAMES, NAMES)
def test_what_is_near_has_something_left_in_common(
    part: int, date: str, other_date: str, name: str, other_name: str
) -> None:
    """Whoever is one slip apart is found by what is left when a letter is left out."""
    one, other = (date, other_date) if part == BIRTH else (name, other_name)
    if near(part, one, other):
        assert {*lefts(part, one)} & {*lefts(part, other)}


@given(PEOPLE)
def test_nobody_near_is_missed(people: list[Named]) -> None:
    """The pairs are those of comparing everybody with everybody, also where a group is too large to be compared one by one."""
    assert all_pairs(people) == naive(people)


@given(PEOPLE)
def test_large_groups_are_looked_up_alike(people: list[Named]) -> None:
    """Where two share their names, groups are large: the answer stays that of comparing everybody."""
    namesakes = [("ana", "novak", one[BIRTH]) for one in people]
    namesakes += [(one[0], "novak", "19900101") for one in people]
    assert all_pairs(namesakes) == naive(namesakes)


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that forgets exchanged days and months is caught."""
    monkeypatch.setattr(slips, "turned", lambda date: date)
    pair = [("ana", "novak", "19900312"), ("ana", "novak", "19901203")]
    assert all_pairs(pair) != naive(pair)


def graph(*people: dict[str, str]) -> Identity:
    """Return a graph of people, each from one event."""
    identity = Identity(RULES)
    for fields in people:
        identity.meet(fields, 0)
    return identity


ANA = {"first-name": "Ana", "last-name": "Novak", "birth-date": "1987-03-12"}


def test_a_proposal_says_what_differs_and_joins_nobody() -> None:
    """A slip in the surname is a proposal with its reason, and the people stay two."""
    identity = graph(ANA | {"email": "a@b.example"}, ANA | {"last-name": "Nowak", "email": "c@d.example"})  # fmt: skip
    assert suggested(identity, 0).found == [Proposal(1, 2, "last-name", suggested(identity, 0).found[0].score)]  # fmt: skip
    assert identity.now(2) == 2


def test_dates_are_read_as_they_are_written() -> None:
    """12.3.1987 and 1987-03-12 are one day, whatever order a country writes."""
    assert date_of("12.3.1987") == date_of("1987-03-12") == "19870312"
    assert date_of("March") == ""


def test_what_stands_against_a_pair_is_told() -> None:
    """Two user ids are two accounts: an operator may join them, and is told. What somebody called not the same is left out."""
    two = graph(ANA | {"user": "u1"}, ANA | {"user": "u2"})
    assert [pair.against for pair in suggested(two, 0).found] == ["different_key"]
    apart = graph(ANA | {"email": "a@b.example"}, ANA | {"email": "c@d.example", "last-name": "Nowak"})  # fmt: skip
    apart.split(1, 2, 0)
    assert suggested(apart, 0).left_out == {"not_same": 1}
    assert not suggested(apart, 0).found


def test_a_common_name_is_weaker_evidence() -> None:
    """Among many of one name the score of a pair is lower than that of a rare one."""
    crowd = [ANA | {"birth-date": f"19{60 + at % 40}-0{1 + at % 9}-1{at % 8}", "email": f"a{at}@b.example"} for at in range(60)]  # fmt: skip
    rare = [{"first-name": "Zoja", "last-name": last, "birth-date": "1950-01-01", "email": f"{last}@b.example"} for last in ("Urh", "Urhh")]  # fmt: skip
    found = suggested(graph(*crowd, *rare), 0).found
    scores = {pair.slip: pair.score for pair in reversed(found)}
    assert scores["last-name"] > scores["birth-date"]


def test_the_rates_that_the_manual_states() -> None:
    """On an invented register all slips are found, and of what scores 50 and more at least 98 of 100 are right."""
    register = Register(3_000)
    rows, _seconds = results(register, filled(register))
    everything, likely = rows[0], rows[1]
    assert everything.recall_one == 1
    assert likely.precision >= 0.98
    assert likely.recall_one >= 0.95


PROJECT = """\
person member
  known by member-number
  also known by email
  has first-name as text
  has last-name as text
  has birth-date as date

moment "member is saved"
  comes from "register" as "member.saved"
"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a project and a log of three people, of whom two are one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n')
    (tmp_path / "a.journey").write_text(PROJECT)
    people = [ANA | {"email": "a@b.example"}, ANA | {"last-name": "Nowak", "email": "c@d.example"}, ANA | {"birth-date": "1990-01-01", "email": "e@f.example"}]  # fmt: skip
    lines = [line(f"e{at}", START + at, **fields) for at, fields in enumerate(people)]
    written(tmp_path / "log", {"a.jsonl": lines})
    return tmp_path


def said(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `verbline people suggest` writes."""
    assert cli.run(["people", "suggest", "--project", ".", "--log", "log", *arguments.split()]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("register")
def test_the_command_names_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    """Text, JSON and the table say the same pair, by the ids that `people merge` takes, and no name."""
    text = said("--least 0", capsys)
    assert "P1 P2  a slip in the surname" in text
    rows = json.loads(said("--least 0 --format json", capsys))["proposals"]
    assert [(row["one"], row["other"], row["slip"]) for row in rows] == [("P1", "P2", "last-name")]
    table = said("--least 0 --format csv", capsys).splitlines()
    assert table[0] == "one,other,score,slip,shares,against"
    assert table[1].startswith("P1,P2,")
    assert "Nowak" not in text
    assert "0 pairs" in said("--least 100", capsys)


def test_pairs_of_another_tool_are_judged(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each pair in a table it is said what stands against it, and what we would say of it."""
    (register / "pairs.csv").write_text("one,other\nP1,P2\nP1,email=e@f.example\nP3,P3\n")
    told = said("--pairs pairs.csv", capsys)
    assert "P1 P2  nothing against it, a slip in the surname" in told
    assert "P1 email=e@f.example  nothing against it\n" in told
    assert "P3 P3  they are one already" in told
