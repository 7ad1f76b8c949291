"""A project that was saved while it runs. Rule: whatever is wrong with it is told, and the version that runs goes on."""

from __future__ import annotations

from typing import Protocol

from verbline.runtime.engine.given import UnreadableError
from verbline.runtime.engine.opened import LIVE
from verbline.runtime.standing import StoreError
from verbline.runtime.uptake.stored import NotTakenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.person.record import Person
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.telling import Telling


class Source(Protocol):
    """The project on the disk."""

    given: Given

    def read(self) -> Given:
        """Return the project as it is now, with what is wrong with it."""
        ...

    def names(self) -> Iterable[str]:
        """Yield the files that a change of it can be in."""
        ...


def read_anew(
    source: Source, store: Store, people: Iterable[Person | None], telling: Telling
) -> Given | None:
    """Return the project of ``source`` as it is taken up for ``people``; None where it is not, which is told."""
    try:
        given = source.read()
        store.refuse_unless(given.wanted(LIVE))
        given.take_up(store.journal, people)
    except (NotTakenError, StoreError, UnreadableError) as error:
        telling.warn("not taken up", why=str(error).splitlines())
    except Exception as error:  # noqa: BLE001 - a mistake of ours in reading it must not end what runs
        telling.fail("not taken up", error)
    else:
        return given
    return None
