"""A simulation that is drawn: the journeys of a project, one below the other, with how many went which way. Rule: what is drawn is what is counted."""

from __future__ import annotations

import re

from verbline.runtime.pictures.svg import shown
from verbline.runtime.pictures.walking import Walks, pictures
from verbline.runtime.simulate import Simulation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn

SIZE = re.compile(r"width='(\d+)' height='(\d+)'")
HEAD, MARGIN = 44, 16


class Walked(Simulation):
    """A simulation whose ways are counted."""

    def __init__(self, project: Project, program: Program, **more: Any) -> None:
        super().__init__(project, program, **more)
        self.project = project
        self.walks = Walks(self.start)
        self.world.turn.sink = self._sink
        self.world.turn.counts = None  # steps that are done in one go tell each record

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        if visit is not None:
            self.walks.take(turn, visit, step, kind, verdict, more)
        super()._sink(turn, journey, visit, step, kind, verdict, reason, more)

    def leave(self, people: Iterable[Person | None]) -> None:
        """Count people to whom nothing more happens, and where they stand."""
        there = list(people)
        super().leave(there)
        self.walks.stand(there)


def sheet(project: Project, walks: Walks) -> str:
    """Return all journeys of a project as one SVG file."""
    return together(pictures(project, walks))


def together(drawn: Mapping[str, str]) -> str:
    """Return pictures one below the other, each under its name."""
    parts, top, wide = [], 0, 0
    for name, picture in drawn.items():
        size = SIZE.search(picture)
        assert size is not None, "a picture says how large it is"
        width, height = int(size[1]), int(size[2])
        parts.append(
            f"<text x='{MARGIN}' y='{top + 28}' font-family='system-ui, sans-serif' font-size='16' font-weight='600' fill='#1b2430'>{shown(name)}</text>"
        )
        parts.append(picture.replace("<svg ", f"<svg y='{top + HEAD}' ", 1).rstrip())
        top, wide = top + HEAD + height + MARGIN, max(wide, width)
    size_of = f"viewBox='0 0 {wide} {top}' width='{wide}' height='{top}'"
    ground = f"<rect width='{wide}' height='{top}' fill='#ffffff'/>"
    return (
        "\n".join([f"<svg xmlns='http://www.w3.org/2000/svg' {size_of}>", ground, *parts, "</svg>"])
        + "\n"
    )
