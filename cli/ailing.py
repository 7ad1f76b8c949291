"""What needs somebody, of how a project is. Rule: a sentence says what is wrong, and beside it stands the command to type next."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.cli.healthy import Asked
    from verbline.runtime.health import Beat, Health

# So long nobody may be at work while there is work, in milliseconds.
SILENT = 60_000
STATES = {
    "closed": "is closed: its receiver has said that it takes nothing any more",
    "failed": "has failed: what carries it has ended, and begins again by itself where it can",
}
JOURNEYS_MAX = 3


class Finding(NamedTuple):
    """What was found: an ``error`` needs somebody, a ``note`` does not."""

    level: str
    what: str
    sentence: str
    next: str


class Commands:
    """The commands to type next, with the names that were given."""

    def __init__(self, asked: Asked) -> None:
        self.project = "" if asked.project is None else f" {shlex.quote(asked.project)}"
        self.store = f" --store {shlex.quote(str(asked.store))}"
        self.log = " --log " + ("LOG" if asked.log is None else shlex.quote(str(asked.log)))

    def of(self, command: str, more: str = "", *, log: bool = False) -> str:
        """Return a command about the project and its store, with the ``log`` where it needs that."""
        tail = f" {more}" if more else ""
        return f"verbline {command}{self.project}{self.log if log else ''}{self.store}{tail}"


def findings(health: Health, now: int, asked: Asked, *, is_sound: bool) -> Iterator[Finding]:
    """Yield what needs somebody, then what is only to be known; ``is_sound`` says that the project has no errors."""
    commands = Commands(asked)
    yield from of_life(health, now, commands)
    yield from of_log(health, commands)
    if health.outbox.waiting:
        number = counted(health.outbox.waiting, "message")
        yield Finding(
            "error",
            "unknown",
            f"Of {number} nobody knows whether it arrived; each waits for your word.",
            commands.of("outbox", "--state unknown"),
        )
    for name, state in sorted(health.life.channels.items()):
        if state in STATES:
            yield Finding(
                "error",
                f"channel_{state}",
                f'The channel "{name}" {STATES[state]}.',
                commands.of("doctor", log=True),
            )
    for one in health.beats or ():
        if one.is_silent:
            yield of_silence(one, asked)
    if not is_sound:
        yield Finding(
            "error",
            "project",
            "The project has errors, so heartbeats are not judged and a new start is refused.",
            f"verbline check{commands.project}",
        )
    yield from notes(health, commands)


def of_life(health: Health, now: int, commands: Commands) -> Iterator[Finding]:
    """Yield that nobody is at work though there is work."""
    life = health.life
    if life.at is not None and now - life.at <= SILENT:
        return
    lag = sum(one.unread for one in health.log or ())
    work = [counted(health.outbox.due, "message") + " to leave"] if health.outbox.due else []
    work += [counted(lag, "byte") + " of the log not read"] if lag else []
    if not work:
        return
    since = "ever" if life.at is None else f"for {counted((now - life.at) // 60_000, 'minute')}"
    sentence = f"No sign of life {since}, and there is work: {', '.join(work)}."
    if life.at is not None and life.is_there:
        sentence += f" The process {life.pid} that wrote last, or another of that number, is there."
    yield Finding("error", "no_sign_of_life", sentence, commands.of("run", log=True))


def of_log(health: Health, commands: Commands) -> Iterator[Finding]:
    """Yield which files are gone."""
    for one in health.log or ():
        if one.is_gone:
            sentence = f'"{one.file}" was taken away from the log, and nobody knows whether it was read to its end.'
            yield Finding("error", "file_gone", sentence, commands.of("doctor", log=True))


def of_silence(one: Beat, asked: Asked) -> Finding:
    """Return that a moment does not come as often as it is expected."""
    times = counted(one.number, "time")
    came = "not once" if not one.came else f"only {counted(one.came, 'time')}"
    parts = [f'"{one.moment}" is expected at least {times} in {one.length}, and came {came}.']
    if one.journeys:
        told = ", ".join(f'"{name}"' for name in one.journeys[:JOURNEYS_MAX])
        rest = len(one.journeys) - JOURNEYS_MAX
        parts.append(f"It matters to {told}{f' and {rest} more' if rest > 0 else ''}.")
    if one.owner:
        parts.append(f"{one.owner} answers for it.")
    log = "LOG" if asked.log is None else shlex.quote(str(asked.log))
    project = "" if asked.project is None else f" --project {shlex.quote(asked.project)}"
    return Finding("error", "silent", " ".join(parts), f"verbline audit {log}{project}")


def notes(health: Health, commands: Commands) -> Iterator[Finding]:
    """Yield what is only to be known."""
    if health.parked:
        number = sum(health.parked.values())
        yield Finding(
            "note",
            "parked",
            f"{counted(number, 'line')} {'is' if number == 1 else 'are'} set aside, and nothing is decided about {'it' if number == 1 else 'them'}.",
            commands.of("parked"),
        )
    if health.life.is_degraded:
        yield Finding(
            "note",
            "watch_degraded",
            "The folder of the log cannot be watched, so the clock looks after it: lines are read a little later.",
            commands.of("doctor", log=True),
        )
