"""Segments that somebody waits for and labels that can be taken back. Rule: entering is an edge, also where time makes it.

After every stimulus the watched conditions are asked; one timer of the person stands at the earliest instant at which
time alone may change one of them.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.person.record import put
from verbline.interpreter.step.signals import NOTHING, Signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.step.turn import Turn

# Of what falls due at one instant, visits come before what time alone changes.
LAST = 1 << 62


def watch(turn: Turn) -> None:
    """Ask the watched conditions; note entries, take labels back, and set the timer for the next change."""
    person = turn.person
    before, turn.fields = turn.fields, NOTHING
    changes = [look_at_segments(turn), look_at_labels(turn)]
    turn.fields = before
    due = min((one for one in changes if one is not None), default=None)
    if any(not timer[3] for timer in person.timers):
        person.drop_timers(0)
    if due is not None:
        insort(person.timers, (due, LAST, "watch", 0))


def settle(turn: Turn) -> None:
    """Take the segments as they are, so that nobody enters one because two people turned out to be one."""
    person = turn.person
    for segment in turn.program.watched:
        if segment.name not in person.segments and turn.inside(segment.name) is True:
            put(person, "segments", segment.name, turn.now)
    if turn.program.watches:
        watch(turn)


def settle_again(turn: Turn) -> None:
    """Take the segments as they are, so that nobody enters or leaves one because one person turned out to be two."""
    person = turn.person
    for segment in turn.program.watched:
        if segment.name in person.segments and turn.inside(segment.name) is not True:
            del person.segments[segment.name]
    settle(turn)


def look_at_segments(turn: Turn) -> int | None:
    """Note which watched segments the person enters and leaves; return when time may change one."""
    person, earliest = turn.person, None
    for segment in turn.program.watched:
        inside = turn.inside(segment.name) is True
        if inside and segment.name not in person.segments:
            put(person, "segments", segment.name, turn.now)
            turn.signals.append(
                Signal(None, {}, turn.cause, turn.depth + 1, segment.name, turn.whose)
            )
        elif not inside and segment.name in person.segments:
            del person.segments[segment.name]
        change = segment.condition.next_change(turn)
        if change is not None and (earliest is None or change < earliest):
            earliest = change
    return earliest


def look_at_labels(turn: Turn) -> int | None:
    """Take back the labels whose condition is yes; return when time may make one so."""
    person, earliest = turn.person, None
    # Bytes keep no order of labels, so they are looked at by name.
    for label in sorted(person.labels) if turn.program.fading else ():
        for fading in turn.program.fading.get(label, ()):
            if fading.condition.test(turn) is True:
                del person.labels[label]
                more = {"label": label, "line": fading.line}
                turn.sink(turn, fading.journey, None, None, "label", "withdrawn", "", more)
                break
            change = fading.condition.next_change(turn)
            if change is not None and (earliest is None or change < earliest):
                earliest = change
    return earliest
