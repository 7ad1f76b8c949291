"""How each kind of step is written in a stretch. Rule: a step that is not known here, or not in this form, is left to itself.

What stands here is what `Step.enter` of each kind does, without what cannot happen where it stands.
"""

from __future__ import annotations

from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.step.choices import WORDS, If
from verbline.interpreter.step.deeds import Finish, GoOn
from verbline.interpreter.step.waits import Wait, WaitFor
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.spelling import Spelling
    from verbline.interpreter.step.steps import Step


class Entries(dict[str, int]):
    """The sites at which entries into a journey are counted, by moment."""

    def __init__(self, program: Program, journey: Journey) -> None:
        super().__init__()
        self.program = program
        self.journey = journey

    def __missing__(self, moment: str) -> int:
        site = (self.journey, "entry", "taken", "", moment)
        number = self[moment] = self.program.sites.number(site)
        return number


def begin(spelling: Spelling) -> None:
    """Write the beginning of the first visit that a person makes to a journey which does not run once per value."""
    journey = spelling.journey
    key = spelling.name("run", journey.gate.key)
    spelling.add(
        "runs = person.runs",
        "if runs is NONE:",
        f"    person.runs = {{{key}: Run(1)}}",
        "else:",
        f"    runs[{key}] = Run(1)",
        "person.serial = serial = person.serial + 1",
        "visit = new(Visit)",
        "visit.person = person.id",
        f"visit.journey = {spelling.name('name', journey.name)}",
        f"visit.version = {spelling.name('version', journey.version)}",
        'visit.correlation = ""',
        "visit.number = 1",
        "visit.serial = serial",
        "visit.started = visit.at = now",
        "visit.began = visit.order = person.order",
        "visit.cause = turn.cause",
        "visit.anchor = 0",
        "visit.fields = fields or NONE",
        "visit.past = ()",
        "visit.hold = visit.done = NONE",
        "visit.unusual = USUAL",
        "person.visits.append(visit)",
    )
    if spelling.counted:
        sites = Entries(spelling.program, journey)
        spelling.add(f"counts[{spelling.name('sites', sites)}[moment]] += 1")
    else:
        spelling.record(None, "entry", "taken", "", "", '{"moment": moment}')
    if journey.gives_up is not None:
        length = spelling.name("length", journey.gives_up)
        spelling.add(
            f'person.set_timer(turn.program.later(turn, now, {length}), "gives up", serial)'
        )
    spelling.is_fresh = True
    spelling.go_on(journey.first)


def finish(spelling: Spelling, step: Finish) -> None:
    """Write ``finish``."""
    spelling.over(step, step.outcome)


def nothing(spelling: Spelling, step: Step) -> None:
    """Write ``go on``."""
    spelling.go_on(step.next)


def until(spelling: Spelling, step: Step, length: tuple[Any, str]) -> None:
    """Write that the person stays at ``step`` for ``length``."""
    number, unit = length
    if unit in ("hour", "minute"):
        spelling.add(f"due = now + {spelling.name('length', milliseconds(number, unit))}")
    else:
        later = f"turn.program.later(turn, now, {spelling.name('length', length)})"
        if unit == "day" and number.__class__ is int:
            days = spelling.name("days", int(number))
            program = spelling.program
            here = "person.zone or turn.zone" if program.zone_fields else spelling.name("zone", program.zone)  # fmt: skip
            spelling.add(
                f"zone = {here}",
                f"due = now + {spelling.name('length', int(number) * DAY)}",
                # Where no clock is set on the way, a day is 24 hours long.
                "if now < zone.calm_from or due >= zone.calm_until:",
                f"    due = zone.after_days(now, {days})",
                "    if due is None:",
                f"        due = {later}",
            )
        else:
            spelling.add(f"due = {later}")
    spelling.add(
        "person.serial = serial = person.serial + 1",
        "timers = person.timers",
        "timer = due, serial, 'step', visit.serial",
        "if timers:",
        "    insort(timers, timer)",
        "else:",
        "    timers.append(timer)",
        f"visit.step = {spelling.step(step)}",
    )
    spelling.record(step, "wait", "held", "", "", '{"until": due}')
    spelling.leave()


def wait(spelling: Spelling, step: Wait) -> None:
    """Write ``wait`` for a length."""
    spelling.arrived()
    until(spelling, step, step.length)


def wait_for(spelling: Spelling, step: WaitFor) -> None:
    """Write ``wait for`` moments; where it may look back, it does so itself."""
    if spelling.journey.awaits and not spelling.is_fresh:
        spelling.add("if visit.past:")
        spelling.left_to_itself(step)
    spelling.arrived()
    until(spelling, step, step.limit)


def resumed(spelling: Spelling, step: Step) -> None:
    """Write that the visit goes on from ``step``, at which it stood."""
    spelling.last = step
    spelling.add("if visit.hold:", "    visit.hold = NONE")
    spelling.passed()


def time_passed(spelling: Spelling, step: Wait) -> None:
    """Write the end of a length that was waited for."""
    spelling.record(step, "wait", "taken", "time_passed", "", "{}")
    resumed(spelling, step)
    spelling.go_on(step.next)


def ran_out(spelling: Spelling, step: WaitFor) -> None:
    """Write that time is up."""
    spelling.record(step, "wait", "taken", "ran_out", "", "{}")
    resumed(spelling, step)
    spelling.go_on(step.never)


def happened(spelling: Spelling, step: WaitFor, moment: str) -> None:
    """Write that a moment happened that was waited for."""
    name = spelling.name("moment", moment)
    if not step.fits.always:
        spelling.add(
            f"if not {spelling.name('fits', step.fits)}.test(turn, visit, {name}, fields):"
        )
        spelling.leave(inside=1)
    way = step.ways[moment]
    if type(way) is not Finish:
        spelling.add("visit.fields = {**visit.fields, **fields}")
    spelling.add("visit.cause = turn.cause")
    spelling.record(step, "wait", "taken", "happened", "", f'{{"moment": {name}}}')
    resumed(spelling, step)
    spelling.add(
        "serial = visit.serial",
        "for timer in person.timers:",
        "    if timer[3] == serial and timer[2] == 'step':",
        "        person.timers.remove(timer)",
        "        break",
    )
    spelling.go_on(way)


def choose(spelling: Spelling, step: If) -> None:
    """Write ``if``."""
    spelling.asks = True
    spelling.add(
        "turn.visit, turn.fields = visit, visit.fields",
        f"answer = {spelling.name('condition', step.condition)}.test(turn)",
    )
    ways = ((True, "if answer:", step.next), (False, "elif answer is False:", step.no), (None, "else:", step.unknown))  # fmt: skip
    for answer, head, way in ways:
        word = WORDS[answer]
        spelling.add(head)
        spelling.inner()
        spelling.last = step
        spelling.record(step, "branch", "taken", "", word, f'{{"answer": "{word}"}}')
        spelling.go_on(way)
        spelling.outer()


# What is written of the timers that steps set.
DUE: Mapping[type[Step], Callable[[Spelling, Any], None]] = {Wait: time_passed, WaitFor: ran_out}
SPELLED: Mapping[type[Step], Callable[[Spelling, Any], None]] = {
    Finish: finish,
    GoOn: nothing,
    If: choose,
    Wait: wait,
    WaitFor: wait_for,
}
