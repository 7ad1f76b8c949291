"""Who is told that a moment does not come. Rule: whoever answers for it hears of it at their desk, else by mail.

The owner of the moment answers for it; where it has none, the owners of the journeys that wait for it. Somebody's desk is the
first that they lead or own. Whoever has neither a desk nor an address in ``[people]`` is not told; `verbline health` shows it.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.runtime.channels.desk import said
from verbline.runtime.channels.dispatch import DESK
from verbline.runtime.channels.intent import URGENT, Intent, Task
from verbline.runtime.leaving.drafts import NO_WORDS, TASK
from verbline.runtime.leaving.tasks import clock_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.health import Beat
    from verbline.runtime.leaving.owners import Owners

NOTHING = "-"


class Silence:
    """Makes what is told of silences in a ``project``. ``owners`` are told by mail who have no desk."""

    def __init__(self, project: Project, program: Program, owners: Owners) -> None:
        self._program = program
        self._owners = owners
        self._desks = dict(reversed(list(desks_of(project))))

    def told(self, beat: Beat, now: int) -> list[Intent]:
        """Return what leaves because a moment does not come: one task for each desk, one note for each address."""
        found = {}
        for name in self._answering(beat):
            intent = self._task(beat, self._desks[name], now) if name in self._desks else self._owners.silent(name, beat, now)  # fmt: skip
            if intent is not None:
                found[intent.channel, intent.address] = intent
        return list(found.values())

    def _answering(self, beat: Beat) -> list[str]:
        """Return who answers for a moment."""
        if beat.owner:
            return [beat.owner]
        return sorted({self._program.journeys[name].owner for name in beat.journeys})

    def _task(self, beat: Beat, desk: str, now: int) -> Intent:
        program = self._program
        language = program.language
        shown = {
            "expected": f"{beat.number} / {beat.length}",
            "came": str(beat.came),
            "latest": clock_text(program, beat.latest) if beat.latest is not None else NOTHING,
            "journeys": ", ".join(beat.journeys) or NOTHING,
        }
        task = Task(
            desk=desk,
            because=said("silent", language).format(moment=beat.moment),
            shown=tuple((said(name, language), value) for name, value in shown.items()),
        )
        return Intent(
            key=key_of(beat.moment, desk, now),
            kind=TASK,
            channel=DESK + desk,
            address="",
            words=NO_WORDS,
            at=now,
            language=language,
            lane=URGENT,
            task=task,
        )


def desks_of(project: Project) -> Iterator[tuple[str, str]]:
    """Yield who leads or owns which desk."""
    for one in sorted(project.overview.declarations("desk"), key=lambda one: one.name):
        for clause in ("led_by", "owned_by"):
            line = one.sentence.first(clause)
            if line is not None:
                yield line.text("name"), one.name


def key_of(moment: str, desk: str, now: int) -> str:
    """Return the key of what is told of a silence that was found at ``now``."""
    named = f"silent\0{moment}\0{desk}\0{now}"
    return sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
