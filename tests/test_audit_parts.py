"""The parts of an audit, each beside the plain way to the same answer."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage import RULES
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.zones import Zone, zone
from verbline.runtime.audit import capture as capturing
from verbline.runtime.audit.capture import Capture
from verbline.runtime.audit.instants import Instants
from verbline.runtime.audit.lags import Lags
from verbline.runtime.audit.sharing import Plain, Sharing
from verbline.runtime.audit.spoken import Spoken
from verbline.runtime.audit.words import plain_name, vocabulary
from verbline.runtime.identity.graph import Identity

SOURCES = ("crm", "shop", "club")


def known_zone(name: str) -> Zone:
    """Return a zone that there is."""
    found = zone(name)
    assert found is not None
    return found


# ---------- latency ----------


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=300), st.sampled_from((0.5, 0.95)))
def test_a_share_is_within_one_part_of_a_hundred(times: list[int], share: float) -> None:
    """The time within which a share of events was recorded is that of the sorted list, to a hundredth."""
    lags = Lags()
    for time in times:
        lags.add(time)
    place = next(at for at in range(len(times)) if at + 1 >= share * len(times))
    right, told = sorted(times)[place], lags.of_share(share)
    assert told is not None
    assert abs(told - right) <= 0.011 * right + 1


def test_late_and_ahead_are_counted() -> None:
    """More than a day is late, less than nothing is a clock ahead, and that one counts as no delay."""
    lags = Lags()
    for time in (-5, 86_400_000, 86_400_001):
        lags.add(time)
    assert (lags.late, lags.ahead, lags.of_share(0.1)) == (1, 1, 0)


# ---------- consent ----------


class Word(NamedTuple):
    """Something said in a test."""

    source: str
    address: int
    purpose: str
    is_yes: bool
    at: int
    proof: bool
    own: bool


WORDS = st.lists(
    st.builds(
        Word,
        st.sampled_from(SOURCES),
        st.integers(0, 2),
        st.sampled_from(("offers", "news")),
        st.booleans(),
        st.integers(0, 6),
        st.booleans(),
        st.booleans(),
    ),
    max_size=14,
)


def consent(word: Word) -> Consent:
    """Return a word as the ledger has it."""
    return Consent(
        at=word.at, known=word.at, act="grant" if word.is_yes else "withdraw", actor="subject" if word.own else "system:x",
        source=word.source, contact=f"email:a{word.address}@b.si", channel="email", complete=word.proof,
        purpose="*" if not word.is_yes and word.purpose == "news" else word.purpose,
    )  # fmt: skip


def state(words: list[Word], purpose: str) -> tuple[str, bool]:
    """Return what stands for a purpose at one address, and whether two sources differ, in the plainest way."""
    last: dict[str, Word] = {}
    for word in words:
        if word.purpose != purpose and not (not word.is_yes and word.purpose == "news"):
            continue
        old = last.get(word.source)
        rank = (word.at, -(word.is_yes * (1 + word.proof + (word.proof and word.own))))
        if old is None or rank >= (old.at, -(old.is_yes * (1 + old.proof + (old.proof and old.own)))):  # fmt: skip
            last[word.source] = word
    if not last:
        return "unknown", False
    noes = [word.at for word in last.values() if not word.is_yes]
    lifting = [word.at for word in last.values() if word.is_yes and word.proof and word.own]
    differ = bool(noes) and len(noes) < len(last)
    if noes and not any(at > max(noes) for at in lifting):
        return "no", differ
    return "yes" if any(word.is_yes and word.proof for word in last.values()) else "without_evidence", differ  # fmt: skip


@given(WORDS)
def test_coverage_is_that_of_each_address_alone(words: list[Word]) -> None:
    """Yes, yes without evidence, no, unknown and conflicts are those that the words of each address come to."""
    spoken = Spoken()
    for word in words:
        spoken.hear(consent(word), word.source, 0)
    rows = {row.purpose: row for row in spoken.rows(Identity(RULES), [("offers", "email"), ("news", "email")])}  # fmt: skip
    addresses = {word.address for word in words}
    for purpose in ("offers", "news"):
        told = [state([word for word in words if word.address == one], purpose) for one in addresses]  # fmt: skip
        assert rows[purpose].counts == {name: Counter(one for one, _ in told)[name] for name in rows[purpose].counts}  # fmt: skip
        assert rows[purpose].conflicts == sum(differ for _, differ in told)


# ---------- parallel capture ----------

ANSWERS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(SOURCES), st.sampled_from(("city", "name")), st.sampled_from("ab")),
    max_size=30,
)  # fmt: skip


def pairs_of(answers: list[tuple[int, str, str, str]]) -> dict[tuple[str, frozenset[str]], tuple[int, int]]:  # fmt: skip
    """Return, for each field and two places, how many people both have asked, and how many gave two answers."""
    last = {(person, field, place): answer for person, place, field, answer in answers}
    found: Counter[tuple[str, frozenset[str]]] = Counter()
    differ: Counter[tuple[str, frozenset[str]]] = Counter()
    for one, other in combinations(last, 2):
        if one[:2] == other[:2]:
            key = one[1], frozenset((one[2], other[2]))
            found[key] += 1
            differ[key] += last[one] != last[other]
    return {key: (many, differ[key]) for key, many in found.items()}


@given(ANSWERS)
def test_parallel_places_are_those_of_every_pair(answers: list[tuple[int, str, str, str]]) -> None:
    """Who was asked twice, and gave two answers, is counted as by comparing every answer with every other."""
    capture = Capture()
    for person, place, field, answer in answers:
        capture.see(person, (place, "form"), [(f"field\x1f{field}", answer)])
    told = {(one.name, frozenset((one.one[0], one.other[0]))): (one.people, one.differ) for one in capture.found()}  # fmt: skip
    assert told == pairs_of(answers)


def test_many_people_are_told_from_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many, one in so many is followed, and the counts are of all."""
    monkeypatch.setattr(capturing, "KEPT_MAX", 400)
    capture = Capture()
    for person in range(1, 1_001):
        for place in SOURCES[:2]:
            capture.see(person, (place, "form"), [("field\x1fcity", place)])
    (found,) = capture.found()
    assert capture.step == 8
    assert 900 < found.people == found.differ < 1_100


# ---------- the plain way ----------


@given(st.lists(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abcdef")), min_size=1, max_size=3), max_size=20))  # fmt: skip
def test_profiles_are_the_connected_values(events: list[list[tuple[int, str]]]) -> None:
    """Whatever is joined by a chain of events is one profile."""
    way = Plain()
    groups: list[set[tuple[int, str]]] = []
    for named in events:
        way.see(named, 0)
        joined = set(named).union(*(group for group in groups if group & set(named)))
        groups = [group for group in groups if not group & joined] + [joined]
    assert way.profiles() == len(groups)
    sizes = sorted((len(group) for group in groups if len(group) > 1), reverse=True)[:5]
    told = [sum(one.values.values()) for one in way.clusters(Identity(RULES), ["x", "y", "z"])]
    assert sorted(told, reverse=True) == sizes


def test_values_of_several_people_are_those_of_the_graph() -> None:
    """An address of three people is one shared value of three; a mailbox of a post and a key never are."""
    sharing = Sharing(Identity(RULES), 1_000)
    for number in range(3):
        sharing.see({"user": f"u{number}", "email": "family@mail.example"}, 0)
        sharing.see({"user": f"u{number}", "email": "info@mail.example"}, 0)
    steps, most, public = sharing.shared()
    assert steps["email"] == {"3": 1}
    assert not steps["user"]
    assert [(one.kind, one.people) for one in most] == [("email", 3)]
    assert (public, sharing.posts()) == (0, 1)


# ---------- names and times ----------


@pytest.mark.parametrize("name", ["memberNo", "member_no", "Member No", "MEMBER-NO", "customer.memberNo"])  # fmt: skip
def test_names_are_compared_plainly(name: str) -> None:
    """One field is one field however a system writes it."""
    assert plain_name(name) == "member-no"
    assert vocabulary().key_of(plain_name(name)) == "member-number"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("newsletter", ("newsletter", "", True)),
        ("email-opt-in", ("marketing", "email", True)),
        ("sms-marketing-consent", ("marketing", "sms", True)),
        ("unsubscribed", ("*", "", False)),
        ("offers-opt-out", ("offers", "", False)),
        ("newsletter-opt-out", ("newsletter", "", False)),
        ("consent-date", None),
        ("order-id", None),
    ],
)
def test_columns_of_agreement(name: str, meant: tuple[str, str, bool] | None) -> None:
    """The name of a column says the purpose, the channel, and whether a yes in it is a yes."""
    assert vocabulary().agreement_of(name) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-09T08:00:00Z", 1_773_043_200_000),
        ("2026-03-09T09:00:00+01:00", 1_773_043_200_000),
        ("2026-03-09 09:00", 1_773_043_200_000),
        ("9.3.2026 9:00", 1_773_043_200_000),
        ("09/03/2026 09:00:00", 1_773_043_200_000),
        ("1773043200", 1_773_043_200_000),
        ("1773043200000", 1_773_043_200_000),
        ("2026-02-30", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_as_tables_write_them(text: str, told: int | None) -> None:
    """Every usual way to write an instant is that instant; what is none is none."""
    assert Instants(known_zone("Europe/Ljubljana")).read(text) == told


def test_days_and_months_are_told_apart_by_the_column() -> None:
    """3/9 is a day in March where another row of the column leaves no other way, and then for the whole column."""
    utc = known_zone("UTC")
    assert Instants(utc, ["3/9/2026", "3/29/2026"]).read("3/9/2026") == 1_773_014_400_000
    assert Instants(utc, ["3/9/2026", "29/3/2026"]).read("9/3/2026") == 1_773_014_400_000
    assert not Instants(utc, ["3/9/2026"]).is_sure
