"""The text of a function that does in one go what several steps do. Rule: what it does is what `Step.enter` of each would do.

The text names its constants and holds none, so journeys that differ in their words alone share one compiled text; what is
read from a file is never part of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Next, Step

# So many steps stand in one function; what comes behind them is another one.
STEPS_MAX = 24
LEAVE = "\0"


class Spelling:
    """The lines of one function while they are written.

    ``counted`` says that records are only counted; else each goes to the sink. ``names`` are the constants of the text.
    ``most`` is how many steps it may hold. ``asks`` is true once something in it asks for the turn's visit and fields.
    """

    __slots__ = ("_depth", "_known", "_lines", "asks", "counted", "journey", "last", "most", "names", "program", "seen")  # fmt: skip

    def __init__(self, program: Program, journey: Journey, *, counted: bool, most: int = STEPS_MAX) -> None:  # fmt: skip
        self.program = program
        self.journey = journey
        self.counted = counted
        self.most = most
        self.names: dict[str, Any] = {}
        self.seen: set[Step] = set()
        self.asks = False
        self.last: Next = None
        self._known: dict[tuple[str, int], str] = {}
        self._lines: list[tuple[int, str]] = []
        self._depth = 1

    def add(self, *lines: str) -> None:
        """Write lines, each indented by four blanks for a level."""
        for line in lines:
            text = line.lstrip(" ")
            self._lines.append((self._depth + (len(line) - len(text)) // 4, text))

    def inner(self) -> None:
        """Go one level in."""
        self._depth += 1

    def outer(self) -> None:
        """Come back one level."""
        self._depth -= 1

    def name(self, stem: str, value: Any) -> str:
        """Return the name by which the text knows ``value``."""
        key = stem, id(value)
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = f"{stem}_{len(self._known)}"
            self.names[name] = value
        return name

    def step(self, step: Step) -> str:
        """Return the name of a step."""
        return self.name("step", step)

    def leave(self, *, inside: int = 0) -> None:
        """Go out of the function; the turn is left as it was met."""
        self._lines.append((self._depth + inside, LEAVE))

    def record(
        self, step: Step | None, kind: str, verdict: str, reason: str, apart: str, more: str
    ) -> None:
        """Tell or count one record. ``apart`` is what sums tell it apart by, ``more`` the text of what else it tells."""
        if self.counted:
            where = step if step is not None and kind != "outcome" else self.journey
            site = self.program.sites.number((where, kind, verdict, reason, apart))
            self.add(f"counts[{self.name('site', site)}] += 1")
            return
        at = self.step(step) if step is not None else "None"
        why = self.name("reason", reason) if reason else '""'
        journey = self.name("journey", self.journey)
        self.add(f'sink(turn, {journey}, visit, {at}, "{kind}", "{verdict}", {why}, {more})')

    def text(self, head: str) -> str:
        """Return the whole text."""
        lines = [(0, f"def {head}:"), (1, "person, now = turn.person, turn.now")]
        lines.append((1, "counts = turn.counts" if self.counted else "sink = turn.sink"))
        if self.asks:
            lines.append((1, "before = turn.visit, turn.fields"))
        for depth, line in self._lines:
            if line != LEAVE:
                lines.append((depth, line))
                continue
            if self.asks:
                lines.append((depth, "turn.visit, turn.fields = before"))
            lines.append((depth, "return"))
        return "\n".join("    " * depth + line for depth, line in lines) + "\n"
