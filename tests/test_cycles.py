"""What has come to stay is not looked through while lines come, and what has gone is, once much of it may have."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from verbline.runtime.engine import cycles


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """Look through everything again."""
    yield
    gc.unfreeze()


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.own = self


def ring() -> weakref.ref[Ring]:
    """Return what tells whether a ring that nobody holds is still there."""
    return weakref.ref(Ring())


def test_before_it_has_begun_nothing_is_set_apart() -> None:
    """A process that does not follow a log is left alone."""
    before = gc.get_freeze_count()
    cycles.settle()
    cycles.anew()
    assert gc.get_freeze_count() == before


def test_what_stays_is_set_apart_and_what_goes_is_found() -> None:
    """A ring that goes young is found at the next look, one that goes later when everything is looked through."""
    with cycles.apart():
        gone = ring()
        cycles.settle()
        assert gone() is None
        held = Ring()
        later = weakref.ref(held)
        count = gc.get_freeze_count()
        cycles.settle()
        assert gc.get_freeze_count() > count
        del held
        cycles.settle()
        assert later() is not None
        cycles.anew()
        assert later() is None


def test_afterwards_the_collector_is_as_it_was() -> None:
    """A process that has followed a log, and does something else now, looks through what comes as any other."""
    before = gc.get_threshold()
    with cycles.apart():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before
    assert not cycles.has_begun()
