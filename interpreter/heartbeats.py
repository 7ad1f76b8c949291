"""What moments are expected to come how often. Rule: silence begins when the latest that count lie further back than the length.

    moment "shopper buys in a shop"
      expected at least 50 times in 1 working day

Working time stands still at night, at weekends and on holidays, so nobody is woken by a sunday.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.spans import later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.project import Project
    from verbline.interpreter.working import WorkingTime

# Nobody looks further back, in milliseconds.
FAR = 1 << 40


class Heartbeat(NamedTuple):
    """That ``moment`` is expected ``number`` times in ``length``; ``owner`` answers for it, ``words`` tell the length."""

    moment: str
    number: int
    length: Duration
    words: str
    owner: str

    def until(self, at: int, work: WorkingTime) -> int:
        """Return up to when what came ``at`` an instant counts."""
        return later(work.zone, work, at, *self.length)

    def since(self, now: int, work: WorkingTime) -> int:
        """Return the first instant, give or take one, at which something could come that counts at ``now``."""
        far = 1
        while far < FAR and self.until(now - far, work) >= now:
            far *= 2
        low, high = now - far, now
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.until(middle, work) >= now else (middle, high)
        return high

    def is_silent(self, came: Collection[int], begun: int, now: int, work: WorkingTime) -> bool:
        """Return whether too few came; ``came`` holds the instants of the latest, behind ``begun`` all are known."""
        latest = sorted(came)[-self.number :]
        base = latest[0] if len(latest) == self.number else begun
        return self.until(base, work) < now


def heartbeats(project: Project) -> Iterator[Heartbeat]:
    """Yield what is expected of the moments of a project without errors."""
    for one in project.overview.declarations("moment"):
        line, owner = one.sentence.first("heartbeat"), one.sentence.first("owned_by")
        if line is None or one.sentence.first("comes_from") is None:
            continue
        length = line.node("length")
        yield Heartbeat(
            one.name,
            int(line.text("number")),
            duration_of(length),
            " ".join(word.text for word in (length.word("number"), length.word("unit"))),
            owner.text("name") if owner else "",
        )
