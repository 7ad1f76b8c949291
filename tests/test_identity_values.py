"""Values that an event brings: odd ones, those that name nobody, names without an end."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import STDLIB
from tests.test_identity import KINDS, NAMES, RULES
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.normalise import address_key

ODD = st.one_of(
    st.text(st.characters()),
    st.text(st.characters(categories=["Cs", "Cc", "Nd", "Lo"])),
    st.integers(),
    st.booleans(),
    st.none(),
    st.decimals(allow_nan=False),  # a line with one is no event
    st.lists(st.text(), max_size=2).map(tuple),
    st.lists(st.text(), max_size=2),
    st.dictionaries(st.text(), st.text(), max_size=2),
    st.sampled_from(["\ud800@mail.si", "a" * 70_000, "<" * 9_000 + ">", "+" * 9_000, "1" * 9_000, "a@" + "b." * 9_000 + "si"]),
)  # fmt: skip


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from([*KINDS, *NAMES]), ODD))
def test_no_value_breaks_anything(fields: dict[str, Any]) -> None:
    """Whatever stands in an event, it finds somebody or nobody, and the same ones when it comes again."""
    identity = Identity(RULES)
    first = identity.resolve(fields, 0).person
    assert identity.resolve(fields, 0).person == first
    assert identity.store.people <= 1


def test_what_is_listed_as_nobody_names_nobody() -> None:
    """Each value of the data file does what its list says: no key, no address, or an address of a post."""
    raw: dict[str, Any] = tomllib.loads((STDLIB / "identity.toml").read_text("utf-8"))["blocked"]
    identity = Identity(RULES)
    for value in (*raw["nobody"], *map(str.upper, raw["nobody"]), "0", "0000"):
        assert identity.resolve({"member-number": value, "device": value}, 0).person is None
    for mailbox in raw["silent"]:
        assert identity.resolve({"email": f"{mailbox}@mail.si"}, 0).refused
    for domain in raw["test"]:
        assert identity.resolve({"email": f"ana@{domain}"}, 0).refused
        assert identity.resolve({"email": f"ana@a.{domain}"}, 0).refused
    for mailbox in raw["shared"]:
        assert identity.resolve({"email": f"{mailbox}@mail.si"}, 0).ambiguous
    assert identity.store.people == 0


def test_a_person_with_many_names_is_no_longer_compared_by_all() -> None:
    """A field that says something else each time takes no more room than eight values do."""
    identity = Identity(RULES)
    for number in range(20):
        identity.resolve({"member-number": "M-1", "first-name": f"Ana {number}"}, 0)
    assert len(identity.store.traits(1)["first-name"]) == 8


def test_names_do_not_count_as_devices() -> None:
    """What rules keep of names to find people by takes no room from devices."""
    identity = Identity(RULES)
    for key in ("member-number", "web-account"):
        for first in ("Ana", "Anja", "Anka"):
            fields = {"first-name": f"{first} {key}", "last-name": "Kos", "birth-date": "1990"}
            identity.resolve({key: "X-1", **fields}, 0)
    assert len(identity.store.held(1)) == 4
    assert identity.merge(1, 2, 0) == (1, 2)


def test_a_number_that_somebody_has_is_not_looked_into_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A telephone that is known as it is written is a key; in any other spelling it is looked into, and found."""
    identity = Identity(RULES)
    known = identity.resolve({"member-number": "M-1", "phone": "+38641555101"}, 0).person
    asked: list[str] = []

    def looked_into(kind: str, value: str, region: str) -> str | None:
        asked.append(value)
        return address_key(kind, value, region)

    monkeypatch.setattr("verbline.runtime.identity.signs.address_key", looked_into)
    for number in ("+38641555101", "+386 41 555 101"):
        assert identity.resolve({"member-number": "M-1", "phone": number}, 1).person == known
    assert asked == ["+386 41 555 101"]
    assert len(identity.store.held(known or 0)) == 2
