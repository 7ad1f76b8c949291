"""Faults that each break one law of consent. Rule: a law whose fault stays hidden proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from verbline.interpreter.guard import fold, heard
from verbline.interpreter.guard.consent import MERGE, NO, YES, Consent
from verbline.interpreter.step.turn import Turn
from verbline.runtime.consent import notes
from verbline.runtime.consent.ledger import Ledger


def _lifts(self: fold.State, one: Consent) -> None:
    self.name = fold.GRANTED if self.name == fold.DENIED else fold.DENIED
    self._no, self._requests = [one], None
    self.note, self.evidence = fold.OPTED_OUT, (one.seq,)


def _of_anybody(asked: heard.Asked, one: Consent) -> bool:
    return asked.merged is not None or (one.contact == asked.contact and one.person == asked.person)


def _by_any_channel(asked: heard.Asked, one: Consent) -> bool:
    if one.act in NO:
        return True
    return one.act in YES and one.contact == asked.contact


def _as_stored(
    _asked: heard.Asked, consents: Sequence[Consent], _at: int, _known: int | None = None
) -> list[Consent]:
    return [one for one in consents if one.act != MERGE]


def _as_known_now(
    asked: heard.Asked, consents: Sequence[Consent], at: int, _known: int | None = None
) -> list[Consent]:
    return heard.heard(asked, consents, at)


def _too_early(_ledger: Ledger, _instant: int) -> int:
    return 0


def _nothing(*_said: Any, **_more: Any) -> None:
    return None


FAULTS: dict[int, tuple[Any, str, Any]] = {
    1: (fold.State, "_refuse", _lifts),
    2: (heard, "_yes_reaches", _of_anybody),
    3: (notes, "SPLIT", "never"),
    4: (fold, "heard", _as_known_now),
    5: (fold, "heard", _as_stored),
    6: (heard, "counts", _by_any_channel),
    7: (Ledger, "seq_at", _too_early),
    8: (Turn, "note", _nothing),
}


@contextmanager
def planted(number: int) -> Iterator[None]:
    """Plant the fault of law ``number``."""
    with mock.patch.object(*FAULTS[number]):
        yield
