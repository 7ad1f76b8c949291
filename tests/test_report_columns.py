"""What a share of the people has noted comes through to the process that asked for it: each value, of its type."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from verbline.runtime.report.book import Book
from verbline.runtime.report.columns import Passed, packed, unpacked
from verbline.runtime.report.noted import Handed, Left, Seen, Sent

VALUE = st.one_of(
    st.integers(-(1 << 70), 1 << 70), st.booleans(), st.none(), st.text(max_size=3), st.decimals(allow_nan=False),
    st.floats(allow_nan=False), st.tuples(st.integers(), st.text(max_size=3)), st.lists(st.integers(), max_size=2),
)  # fmt: skip
SMALL = st.integers(-(1 << 63), (1 << 63) - 1)
ROWS = st.integers(1, 4).flatmap(
    lambda size: st.lists(
        st.tuples(*[st.one_of(SMALL, VALUE) for _column in range(size)]), max_size=6
    )
)
NUMBERS = st.lists(st.tuples(SMALL, SMALL), max_size=6)


@given(st.one_of(ROWS, NUMBERS))
def test_rows_come_out_as_they_went_in(rows: list[tuple[Any, ...]]) -> None:
    """Whatever stands in them: a true is no one, and a number with a fraction stays exact."""
    told = pickle.loads(pickle.dumps(packed(rows)))  # noqa: S301 - our own bytes
    assert [tuple(map(repr, row)) for row in unpacked(told)] == [tuple(map(repr, row)) for row in rows]  # fmt: skip


def test_rows_of_numbers_and_texts_are_bytes() -> None:
    """So the test above compares something: most rows are passed on as bytes, others as they are."""
    assert isinstance(packed([(1, "a", ("b", None))]), bytes)
    assert isinstance(packed([(1, Decimal("0.5"))]), list)
    assert isinstance(packed([(1 << 70, "a")]), list)


def book() -> Book:
    """Return a book with something of everything."""
    made = Book(("moment",))
    step, other = Seen("J.1", "a.journey:1", "say", None), Seen("J.2", "a.journey:2", "ask", (Decimal(2), "day"))  # fmt: skip
    made.moments["moment"] = [(1, 2, 3, ("x", Decimal("1.50"))), (2, 2, 4, (None, None))]
    made.raised["moment"] = [(5, 5, 3, ())]
    made.values["key"] = (Decimal(1),)
    made.entries["J"] = [(1, 3), (2, 4)]
    made.labels["L"] = [(1, 3)]
    made.draws["E"] = {3: (1, "A")}
    sent = (3, "J", step, "m", "told", "email", "p", "a@mail.example", "k", 7, ("s", "e"))
    made.sent = [Sent(9, *sent), Sent(10, 4, "J", other, *sent[3:])]
    made.left = [Left(9, "J", other, "refused", "no", "email")]
    made.tasks = [Handed(9, 3, "J", step, {"desk": "D", "due": None}), Handed(9, 4, "J", other, {"desk": "D", "due": 12})]  # fmt: skip
    made.tasks[1].answered = 11
    made.outcomes = [(9, "J", "over")]
    made.handed["k"], made.bounced["k"] = (1, 2), (3, "hard")
    made.walks.went["J", "", "a.journey:1"] += 1
    return made


def told(made: Book) -> dict[str, Any]:
    """Return all that stands in a book."""
    found = {name: repr(one) for name, one in vars(made).items() if name not in ("tasks", "walks")}
    tasks = [[repr(getattr(one, name)) for name in Handed.__slots__] for one in made.tasks]
    return {**found, "tasks": tasks, "went": dict(made.walks.went)}


def test_a_book_is_passed_on_whole() -> None:
    """Nothing of it is lost, and steps that are one stay one."""
    passed = pickle.loads(pickle.dumps(Passed(book())))  # noqa: S301 - our own bytes
    found = passed.book()
    assert told(found) == told(book())
    assert found.sent[0].step is found.tasks[0].step
    assert told(pickle.loads(pickle.dumps(Passed(Book(())))).book()) == told(Book(()))  # noqa: S301 - our own bytes
