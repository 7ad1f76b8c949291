"""Who is next on a channel: order, lanes, rate and rest hold whatever happens in whatever order."""

from collections import deque
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.receivers import intent
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import RELAXED, URGENT, Intent
from verbline.runtime.channels.queues import (
    BASE,
    LONGEST,
    PAUSE_MAX,
    Pace,
    Queue,
    again_after,
    backoff,
)

ANSWERS: list[Answer] = [
    Accepted(),
    Refused("no"),
    Later("busy"),
    Later("busy", after=5000),
    Later("down", all=True),
    Later("down", after=700, all=True),
    Unknown("cut_off"),
]


def dice(seed: int = 1) -> Random:
    """Return dice that always fall alike."""
    return Random(seed)  # noqa: S311 - hides nothing


def given_to(queue: Queue, *intents: Intent) -> Queue:
    """Return the queue with these in it."""
    queue.take(intents, queue.version)
    return queue


def one(key: str, person: str = "", lane: int = RELAXED) -> Intent:
    """Return an intent of a person, who is somebody else each time where nothing is said."""
    return intent(key=key, person=person or f"of {key}", lane=lane)


def test_what_is_urgent_goes_first_and_finds_a_place() -> None:
    """It passes what came before it, and the last place is kept for it."""
    queue = given_to(Queue(concurrency=3), *(one(f"r{number}") for number in range(5)))
    assert [queue.next(0) and "r" for _ in range(4)] == ["r", "r", None, None]
    given_to(queue, one("u", lane=URGENT))
    found = queue.next(0)
    assert found is not None
    assert found.key == "u"
    assert queue.next(0) is None


def test_with_one_place_what_is_not_urgent_may_have_it() -> None:
    """A channel with one connection still sends everything."""
    queue = given_to(Queue(concurrency=1), one("r"), one("u", lane=URGENT))
    found = queue.next(0)
    assert found is not None
    assert found.key == "u"
    queue.answered("u", Accepted(), 0, dice())
    assert queue.next(0) is not None


def test_a_person_is_written_to_in_order() -> None:
    """The second waits for the answer to the first, and others do not."""
    queue = given_to(Queue(concurrency=9), one("a", "P"), one("b", "P"), one("c", "Q"))
    assert [found.key for found in (queue.next(0), queue.next(0)) if found] == ["a", "c"]
    assert queue.next(0) is None
    assert queue.wake_at() is None
    queue.answered("a", Accepted(), 0, dice())
    found = queue.next(0)
    assert found is not None
    assert found.key == "b"


@pytest.mark.parametrize("answer", [Later("busy"), Unknown("cut_off")])
def test_what_is_not_settled_takes_the_following_with_it(answer: Answer) -> None:
    """The later message of a person does not overtake the earlier; whoever keeps them gives them again in order."""
    queue = given_to(Queue(concurrency=9), one("a", "P"), one("b", "P"), one("c", "Q"))
    stale = queue.version
    queue.next(0)
    queue.answered("a", answer, 0, dice())
    queue.take([one("a", "P"), one("b", "P")], stale)
    assert len(queue) == 1


def test_a_receiver_that_is_down_is_tried_by_one() -> None:
    """After a failure that is about the receiver nothing goes for a while, then one, and after success everything."""
    queue = given_to(Queue(concurrency=4), *(one(f"k{number}") for number in range(9)))
    first, second = queue.next(0), queue.next(0)
    assert first
    assert second
    queue.answered(first.key, Later("down", after=1000, all=True), 10, dice())
    queue.answered(second.key, Later("down", after=1000, all=True), 20, dice())
    assert queue.next(1019) is None
    assert queue.wake_at() == 1020
    probe = queue.next(1020)
    assert probe
    assert queue.next(1020) is None
    queue.answered(probe.key, Accepted(), 1100, dice())
    assert [queue.next(1100) is not None for _ in range(3)] == [True, True, True]


def test_a_place_that_is_gone_gets_nothing_more() -> None:
    """410 closes the channel; what waits stays where it is kept."""
    queue = given_to(Queue(), one("a"), one("b"))
    queue.next(0)
    queue.answered("a", Refused("gone", closes=True), 0, dice())
    assert queue.is_closed
    assert (queue.next(10**9), queue.wake_at(), queue.wants(RELAXED)) == (None, None, False)


@given(
    st.tuples(st.integers(1, 300), st.integers(1, 100_000)),
    st.lists(st.integers(0, 5_000), min_size=1, max_size=200),
)
def test_no_stretch_of_time_holds_more_than_the_rate_says(
    rate: tuple[int, int], steps: list[int]
) -> None:
    """However the instants fall, in any half-open stretch of the period there are so many at the most."""
    pace, now, recent = Pace(rate), 0, deque[int](maxlen=rate[0])
    for step in steps:
        now += step
        while pace.free_at() <= now:
            if len(recent) == rate[0]:
                assert now - recent[0] >= rate[1]
            pace.leave(now)
            recent.append(now)


@given(st.integers(1, 300), st.integers(1000, 100_000))
def test_the_rate_is_reached(number: int, period: int) -> None:
    """Over ten periods nine times the number leave at least: the promise is not kept by going slowly."""
    pace, now, count = Pace((number, period)), 0, 0
    while now < 10 * period:
        pace.leave(now)
        count += 1
        now = max(now, pace.free_at())
    assert count >= 9 * number


@given(st.integers(0, 100), st.integers())
def test_waits_grow_and_end(failures: int, seed: int) -> None:
    """A wait is never longer than its bound, which doubles up to an hour."""
    wait = backoff(failures, dice(seed))
    assert 0 <= wait <= min(LONGEST, BASE * 2**failures)
    asked = again_after(Later("x", after=60_000), failures, dice(seed))
    assert 60_000 <= asked <= 60_000 + BASE
    assert again_after(Later("x"), failures, dice(seed)) == wait


PEOPLE = st.sampled_from(["", "P", "Q", "R"])
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("take"), PEOPLE, st.sampled_from((URGENT, RELAXED))),
        st.tuples(st.just("next"), st.just(""), st.just(0)),
        st.tuples(st.just("answer"), st.just(""), st.integers(0, len(ANSWERS) - 1)),
        st.tuples(st.just("wait"), st.just(""), st.integers(0, PAUSE_MAX)),
    ),
    max_size=120,
)


class Model:
    """What may be said of a queue by looking at it from outside."""

    def __init__(self, concurrency: int) -> None:
        self.queue = Queue((3, 100), concurrency, capacity=8)
        self.concurrency = concurrency
        self.now = 0
        self.number = 0
        self.flying: list[Intent] = []
        self.kept: list[Intent] = []  # all that were given and not settled, in order
        self.random = dice(7)

    def move(self, what: str, person: str, number: int) -> None:
        """Make one move and look."""
        match what:
            case "take":
                self.number += 1
                self.kept.append(one(f"k{self.number}", person, number))
                self.queue.take(self.kept, self.queue.version)
            case "next":
                self.take_next()
            case "answer" if self.flying:
                self.settle(self.flying.pop(0), ANSWERS[number])
            case "wait":
                self.now += number
            case _:
                assert what == "answer"
        assert self.queue.flying == len(self.flying) <= self.concurrency

    def take_next(self) -> None:
        """Ask who is next; it must be somebody whose turn it is."""
        wake = self.queue.wake_at()
        found = self.queue.next(self.now)
        assert (found is not None) == (wake is not None and wake <= self.now)
        if found is None:
            return
        assert found not in self.flying
        same = [
            other for other in self.kept if (other.person, other.lane) == (found.person, found.lane)
        ]
        assert same[0] == found, "an earlier message of the person is not settled"
        if found.lane == RELAXED:
            waiting = [
                other for other in self.kept if other.lane == URGENT and other not in self.flying
            ]
            busy = {other.person for other in self.flying if other.lane == URGENT}
            inside = list(self.queue._lanes[URGENT].values())
            assert not [other for other in waiting if other in inside and other.person not in busy]
        self.flying.append(found)

    def settle(self, flown: Intent, answer: Answer) -> None:
        """Answer, and keep what is not settled in its place."""
        self.queue.answered(flown.key, answer, self.now, self.random)
        if isinstance(answer, Accepted | Refused):
            self.kept.remove(flown)


@given(st.integers(1, 4), MOVES)
def test_whatever_happens_the_order_holds(
    concurrency: int, moves: list[tuple[str, str, int]]
) -> None:
    """Order per person and lane, urgent before the rest, no key twice under way, never more than there are places."""
    model = Model(concurrency)
    for move in moves:
        model.move(*move)


@given(st.integers(1, 4), MOVES)
def test_everything_leaves_in_the_end(concurrency: int, moves: list[tuple[str, str, int]]) -> None:
    """Once the receiver takes everything, nothing that was given stays behind."""
    model = Model(concurrency)
    for move in moves:
        model.move(*move)
    for _ in range(2000):
        model.queue.take(model.kept, model.queue.version)
        model.take_next()
        if model.flying:
            model.settle(model.flying.pop(), Accepted())
        model.now += 1000
        if not model.kept:
            break
    assert model.kept == []
