"""One look tells who an event is about, and half a look whether somebody is: both say what two looks did."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_identity import holders, open_rows
from tests.test_identity_plain import SHOP, sold
from verbline.runtime.identity.graph import Identity

KEYS = ["M-1", "M-2", "M-\0", "\0", "\ud800", "日本", "M-" + "x" * 70_000, " M-1", "M-ž", "", 7, True, 0.5, ["M-1"], {"M-1": 1}, None]  # fmt: skip
EMAILS = ["ana@mail.si", "rok@mail.si", "ANA@mail.si", "\0@mail.si", "\ud800@mail.si", "ž@mail.si", "a" * 65 + "@mail.si", "@", "", 5, ["a"], None]  # fmt: skip
RARE = st.fixed_dictionaries(
    {}, optional={"member-number": st.sampled_from(KEYS), "email": st.sampled_from(EMAILS)}
)


class Beside:
    """Three graphs that are told the same: one is asked twice, one looks, one glances."""

    def __init__(self) -> None:
        self.twice, self.once, self.half = Identity(SHOP), Identity(SHOP), Identity(SHOP)

    def differ(self, fields: dict[str, Any], at: int) -> bool:
        """Return whether they say different things of an event."""
        wanted = self.twice.known(fields) or self.twice.plain(fields)
        found, glanced = self.once.look(fields), self.half.glance(fields)
        if wanted is None and found is glanced is None:
            settled = [repr(one.meet(fields, at)) for one in (self.twice, self.once, self.half)]
            return len(set(settled)) > 1
        is_known = type(wanted) is int
        return found != wanted or (glanced not in (1, wanted) if is_known else glanced != wanted)

    def are_alike(self) -> bool:
        """Return whether they hold the same, changed as often."""
        kept = [
            repr((open_rows(one), holders(one), one.store.seq))
            for one in (self.twice, self.once, self.half)
        ]
        return len(set(kept)) == 1


@settings(max_examples=200)
@given(log=st.lists(RARE, min_size=5, max_size=40))
def test_a_look_says_what_two_do_whatever_stands_there(log: list[dict[str, Any]]) -> None:
    """Keys and emails of any kind, among them what is rare in a text and what is none."""
    beside = Beside()
    assert not any(beside.differ(fields, at) for at, fields in enumerate(log))
    assert beside.are_alike()


def differing(*, owned: bool) -> int:
    """Return in how many logs of a shop a look says something else; ``owned`` plants that every key has an owner."""
    found = 0
    for seed in range(60):
        beside, differs = Beside(), False
        for at, said in enumerate(sold(Random(seed))):  # noqa: S311 - the same each time
            if isinstance(said, dict):
                if owned:
                    beside.half.store.is_owned = True  # type: ignore[attr-defined]
                differs |= beside.differ(said, at)
                continue
            what, one, other = said
            for identity in (beside.twice, beside.once, beside.half):
                if what == "release":
                    identity.release("member-number", f"M-{one}", at)
                elif max(one, other) <= identity.store.people:
                    identity.merge(one, other, at) if what == "merge" else identity.forget(one, at)
        found += differs or not beside.are_alike()
    return found


def test_a_look_says_what_two_do_of_people_who_are_joined_and_keys_that_are_nobodys() -> None:
    """People are joined and forgotten, keys change hands; who takes every key for somebody's sees people who are not there."""
    assert not differing(owned=False)
    assert differing(owned=True)
