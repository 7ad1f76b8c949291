"""The text of a function that does in one go what several steps do. Rule: what it does is what `Step.enter` of each would do.

The text names its constants and holds none, so journeys that differ in their words alone share one compiled text; what is
read from a file is never part of it.
"""

from __future__ import annotations

from verbline.interpreter.step.gate import EVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Next, Step

    Kinds: TypeAlias = "Mapping[type[Any], Callable[[Spelling, Any], None]]"

# So many steps stand in one function; what comes behind them is another one.
STEPS_MAX = 24
LEAVE = "\0"


class Spelling:
    """The lines of one function while they are written.

    ``counted`` says that records are only counted; else each goes to the sink. ``names`` are the constants of the text.
    ``kinds`` writes each kind of step, and ``most`` is how many steps it may hold. ``asks`` is true once something in it asks for the turn's visit and fields, and ``is_fresh`` as long as a visit has only just begun.
    """

    __slots__ = ("_depth", "_known", "_lines", "asks", "counted", "is_fresh", "journey", "kinds", "last", "most", "names", "program", "seen")  # fmt: skip

    def __init__(self, program: Program, journey: Journey, kinds: Kinds, *, counted: bool, most: int = STEPS_MAX) -> None:  # fmt: skip
        self.program = program
        self.journey = journey
        self.counted = counted
        self.most = most
        self.is_fresh = False
        self.kinds = kinds
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

    def go_on(self, step: Next) -> None:
        """Write what comes next, up to where the person stays or the visit ends."""
        spell = self.kinds.get(type(step))
        if step is None:
            self.over(None, "finished")
        elif spell is None or step in self.seen or len(self.seen) >= self.most:
            way = "walk" if spell is None else "go"
            self.add(f"{way}(turn, visit, {self.step(step)})")
            self.leave()
        else:
            self.seen.add(step)
            self.last = step
            spell(self, step)

    def over(self, step: Step | None, outcome: str) -> None:
        """Write the end of the visit."""
        run = self.name("run", self.journey.gate.key)
        if self.journey.once not in ("", EVER):
            run = f"({self.name('name', self.journey.name)}, visit.correlation)"
        self.add(
            "person.visits.remove(visit)",
            f"if person.timers{self.may_have_timers()}:",
            "    person.drop_timers(visit.serial)",
            f"person.runs[{run}].ended = now",
        )
        where = step if step is not None else self.last
        more = f'{{"outcome": {self.name("outcome", outcome)}}}'
        self.record(where, "outcome", "taken", "", outcome, more)
        self.leave()

    def may_have_timers(self) -> str:
        """Return what else is asked before timers are dropped: who was in an earlier version may have some that this one sets not."""
        if self.journey.gives_up is not None:
            return ""
        return f" and visit.version != {self.name('version', self.journey.version)}"

    def left_to_itself(self, step: Step) -> None:
        """Write, one level in, that a step does what it does for whatever is unusual."""
        self.add(f"    walk(turn, visit, {self.step(step)})")
        self.leave(inside=1)

    def passed(self) -> None:
        """Write that a wait further on does not look back over this step."""
        if self.is_fresh:
            return  # there is nothing to look back to
        self.add("if visit.anchor:", "    visit.anchor = 0")

    def arrived(self) -> None:
        """Write that the person has reached a step at which they may have to stay."""
        if self.is_fresh:
            return  # the visit has begun here and now
        self.add("visit.at = now", "visit.order = person.order")

    def text(self, head: str) -> str:
        """Return the whole text: a function that makes the one spelled of the constants that it names, in their order."""
        lines = [(0, f"def {head}:"), (1, "now = turn.now")]
        if "person" not in head:
            lines.append((1, "person = turn.person"))
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
        lines = [
            (0, f"def make({', '.join(self.names)}):"),
            *((depth + 1, line) for depth, line in lines),
        ]
        lines.append((1, f"return {head.partition('(')[0]}"))
        return "\n".join("    " * depth + line for depth, line in lines) + "\n"
