"""What may leave at once is decided and under way in one transaction; whatever becomes of that, it leaves once or is told as unknown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.limits import until
from tests.receivers import intent
from tests.run_club import SENT, club, joins, live
from tests.test_courier import Told
from verbline.runtime.channels.answers import Later
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.intent import URGENT, Intent
from verbline.runtime.channels.queues import Queue
from verbline.runtime.engine.live import Live
from verbline.runtime.leaving.rows import Rows
from verbline.runtime.store.outbox import READY, SENDING, UNKNOWN
from verbline.runtime.store.outbox import SENT as IS_SENT
from verbline.runtime.store.writer import Writer

NOW = 1_000


class Carriers:
    """Who carries: ``places`` are free. What was done with it stands in ``told``."""

    def __init__(self, places: int = 9) -> None:
        self.places = places
        self.told: list[str] = []

    def claim(self, intent: Intent) -> bool:
        """Give a place away, where one is free."""
        self.places -= self.places > 0
        self.told.append(f"claim {intent.key}")
        return self.places > 0

    def expect(self, intent: Intent) -> None:
        """Take note of what is made ready."""
        self.told.append(f"expect {intent.key}")

    def hand(self, intent: Intent) -> None:
        """Take note of what is handed over."""
        self.told.append(f"hand {intent.key}")

    def drop(self, intent: Intent) -> None:
        """Take a place back."""
        self.places += 1
        self.told.append(f"drop {intent.key}")

    def wake(self, channels: set[str] | None = None) -> None:
        """Take note of who is woken."""
        self.told.append(f"wake {sorted(channels) if channels is not None else 'all'}")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    """Return the rows of a store, with a guard that refuses the key ``no``."""
    writer = Writer(tmp_path / "s.db")
    refusal = lambda one: "withdrawn" if one.key == "no" else ""  # noqa: E731 - one line
    found = Rows(writer, tmp_path / "own.jsonl", refusal=refusal, clock=lambda: NOW)
    yield found
    writer.close()


def batch(rows: Rows, *intents: Intent, withdrawn: tuple[str, ...] = ()) -> None:
    """Decide some intents in one batch."""
    with rows.writer.writing():
        rows.put(intents)
        rows.withdraw(withdrawn, NOW)
        rows.flush()
    rows.done()


def test_what_was_said_in_a_larger_batch_counts(rows: Rows) -> None:
    """Where one event has brought it about, nobody has said anything since, and nobody is asked."""
    rows.claims.carriers = Carriers()
    for is_one, state in ((False, READY), (True, SENDING)):
        with rows.writer.writing():
            rows.put([one("no", message=str(is_one))] if not is_one else [])
            rows.claims.put([one("no")] if is_one else [])
            rows.flush(is_one=is_one)
        rows.done()
        assert states(rows)["no"][0] == state


def states(rows: Rows) -> dict[str, tuple[str, int]]:
    """Return the state and the attempts of each intent."""
    return {one.intent.key: (one.state, one.attempts) for one in rows.outbox.rows()}


def one(key: str, person: str = "", **more: object) -> Intent:
    """Return an intent that may leave now."""
    return intent(key=key, person=person, at=NOW, **more)


def test_what_is_free_to_leave_is_under_way_with_its_decision(rows: Rows) -> None:
    """What waits for the same person is not, nor what the guard refuses, what is taken back, what is for later, and what has no place."""
    rows.claims.carriers = carriers = Carriers(places=5)
    late = intent(key="late", at=NOW + 1, channel="sms")
    batch(rows, one("a", "P1"), one("back", lane=URGENT), late, withdrawn=("back",))
    assert states(rows) == {"a": (SENDING, 1), "back": ("withdrawn", 0), "late": (READY, 0)}
    assert carriers.told[-4:] == ["drop late", "expect a", "hand a", "wake all"]
    batch(rows, one("b", "P1"), one("other", "P2"))
    batch(rows, one("no"))
    assert {key: states(rows)[key] for key in ("b", "other", "no")} == {
        "b": (READY, 0), "other": (READY, 0), "no": (READY, 0),
    }  # fmt: skip
    carriers.places = 1
    batch(rows, one("full", channel="sms"))
    assert states(rows)["full"] == (READY, 0)
    assert carriers.told[-2:] == ["claim full", "wake ['sms']"]


def test_the_only_one_of_a_batch_is_under_way_as_it_is_put_there(rows: Rows) -> None:
    """It becomes what it would become in a batch of several."""
    late = intent(key="late", at=NOW + 1, person="P2")
    same = one("a", "P1")
    for places, each in enumerate((same, one("b", "P1"), same, late, one("c", "P2"), one("d"))):
        rows.claims.carriers = carriers = Carriers(9 if places < 5 else 1)
        with rows.writer.writing():
            rows.flush([each], is_one=True)
        rows.done()
        assert ("hand" in " ".join(carriers.told)) == (places == 0)
    rows.claims.carriers = carriers = Carriers()
    with rows.writer.writing():
        rows.flush([one("no", "P3")], is_one=True)
    rows.done()
    assert carriers.told == ["claim no", "expect no", "hand no"]
    ready = dict.fromkeys(("b", "late", "c", "d"), (READY, 0))
    assert states(rows) == ready | {"a": (SENDING, 1), "no": (SENDING, 1)}
    found = rows.outbox.find("a")
    assert found is not None
    assert (found.due, found.changed) == (None, NOW)


def test_without_couriers_nothing_is_claimed(rows: Rows) -> None:
    """While the log is caught up with, all of it waits."""
    batch(rows, one("a"))
    assert states(rows) == {"a": (READY, 0)}


def test_what_was_there_before_is_not_claimed(rows: Rows) -> None:
    """The same key with other words leaves with the words that were stored."""
    batch(rows, one("a"))
    rows.claims.carriers = carriers = Carriers()
    batch(rows, one("a"))
    assert states(rows) == {"a": (READY, 0)}
    assert carriers.told == ["wake all"]


def test_a_batch_that_is_taken_back_gives_its_places_back(rows: Rows) -> None:
    """Nothing of it leaves."""
    rows.claims.carriers = carriers = Carriers()
    with suppress(OSError), rows.writer.writing():
        rows.put([one("a")])
        rows.flush()
        raise OSError("no disk")
    rows.claims.undo()
    rows.done()
    assert carriers.told == ["claim a", "expect a", "drop a"]
    assert not states(rows)


def test_after_a_crash_a_claim_is_an_attempt(rows: Rows) -> None:
    """Whether it left nobody knows, so the channel decides as ever."""
    rows.claims.carriers = Carriers()
    batch(rows, one("mail", "P1"), one("hook", "P2", channel="sms"))
    rows.recover({"email": "no", "sms": "by key"}, NOW + 5)
    assert states(rows) == {"mail": (UNKNOWN, 1), "hook": (UNKNOWN, 1)}
    assert [one.key for one in rows.outbox.due("sms", 1, NOW + 5, 9)] == ["hook"]
    assert not rows.outbox.due("email", 1, NOW + 5, 9)


def test_what_was_claimed_is_handed_over_even_at_the_end(rows: Rows) -> None:
    """It is under way, so whoever ends waits for it; and nothing is claimed any more."""
    channel = Told()
    courier = Courier("email", channel, rows.outbox, clock=lambda: NOW)
    rows.claims.carriers = found = Carriers()
    found.claim, found.hand = courier.claim, courier.hand  # type: ignore[method-assign]
    batch(rows, one("a"))
    courier.end()
    courier.start()
    assert courier.stop(10)
    assert (channel.sent, states(rows)) == (["a"], {"a": (IS_SENT, 1)})
    assert not courier.claim(one("b"))
    assert courier.left() == []


def test_what_a_courier_had_not_begun_when_it_failed_is_ready_again(rows: Rows) -> None:
    """Nobody has handed it over, and nobody has to ask."""
    courier = Courier("email", Told(), rows.outbox, clock=lambda: NOW)
    rows.claims.carriers = found = Carriers()
    found.claim, found.hand = courier.claim, courier.hand  # type: ignore[method-assign]
    batch(rows, one("a"))
    left = courier.left()
    rows.outbox.give_back(left, NOW + 1)
    assert (left, states(rows)) == (["a"], {"a": (READY, 0)})
    assert [one.key for one in rows.outbox.due("email", 1, NOW + 1, 9)] == ["a"]


def test_a_queue_gives_no_place_before_what_waits() -> None:
    """Nor to somebody who has something under way, nor faster than the rate, nor where the receiver is left alone."""
    queue = Queue(None, 3)
    assert queue.claim(one("a", "P1"), 0)
    assert not queue.claim(one("b", "P1"), 0)
    assert queue.claim(one("c", "P1", lane=URGENT), 0)
    assert queue.claim(one("d", "P2"), 0)
    assert not queue.claim(one("e", "P3"), 0)  # three are under way
    queue.dropped("d")
    queue.take([one("waits", "P4")], queue.version)
    assert not queue.claim(one("f", "P5"), 0)
    assert queue.claim(one("g", "P5", lane=URGENT), 0)
    slow = Queue((1, 1_000), 2)
    assert slow.claim(one("a"), 0)
    assert not slow.claim(one("b", lane=URGENT), 0)
    slow.answered("a", Later("busy", all=True, after=9_000), 1_000, Random(1))  # noqa: S311
    assert not slow.claim(one("b"), 5_000)
    closed = Queue()
    closed.is_closed = True
    assert not closed.claim(one("a"), 0)


def test_a_run_that_follows_hands_over_behind_one_commit(tmp_path: Path) -> None:
    """What was there before is asked for by its courier; of what comes then, no courier writes down an attempt of its own."""
    project, log = club(tmp_path)
    joins(log, 1)
    with live(project, log) as found:
        found.begin()
        outbox = found.channels.rows.outbox
        asked: list[str] = []
        taken = outbox.taken
        outbox.taken = lambda key, now: (asked.append(key), taken(key, now))[1]  # type: ignore[method-assign,func-returns-value]
        found.send()
        still(found)
        joins(log, 2)
        found.catch_up()
        still(found)
        assert (len(SENT), len(asked)) == (2, 1)


def still(found: Live) -> None:
    """Wait until nothing is on its way."""
    until(lambda: not found.channels.is_busy())
