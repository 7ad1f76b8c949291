"""How well people are told apart, on a stream in which they share, pass on and mistype what names them."""

from __future__ import annotations

import hashlib
from functools import cache

from benchmarks.households import Stream
from benchmarks.judged import Result
from benchmarks.linkage import PEOPLE, RULES, WITH_RULES, flat, guarded, owners_of

SIZE = 2_000
OWNERS = cache(owners_of)
# Every limit of one person together: a key of each kind, and all addresses and devices one may hold.
MOST = len(RULES.keys) + sum(RULES.table.limits[kind] for kind in ("email", "phone", "weak"))


def test_the_stream_is_the_same_everywhere() -> None:
    """A result can be compared with that of another machine: the same people do the same."""
    total = hashlib.sha256()
    for event in Stream(300).events():
        total.update(repr((sorted(event.fields.items()), sorted(event.confirmed), event.who)).encode())  # fmt: skip
    assert total.hexdigest()[:16] == "0ce0ffad654bac7b"


def test_rules_tell_people_apart() -> None:
    """With the rules of a file at least 93 of 100 pairs are right and 84 are found, and nobody grows beyond the limits."""
    result, identity = guarded("with rules", PEOPLE + WITH_RULES, SIZE, OWNERS(SIZE))
    assert result.precision >= 0.93, result
    assert result.recall >= 0.84, result
    assert result.biggest <= MOST
    assert identity.ambiguous > 0


def test_the_graph_alone_is_careful() -> None:
    """Without rules of a file fewer pairs are found, and what is joined is right."""
    result, _identity = guarded("graph", PEOPLE, SIZE, OWNERS(SIZE))
    assert result.precision >= 0.98, result
    assert result.recall >= 0.70, result


def test_the_plain_way_destroys_the_data() -> None:
    """The stream is a trial: whoever joins all that have a value in common joins strangers by the hundred."""
    result: Result = flat(SIZE, OWNERS(SIZE))
    assert result.precision < 0.1, result
    assert result.biggest > 10 * MOST
