"""A store made again from the log. Rule: the same lines in the same order, known at the same instants, come to the same state.

    receipts -> lines -> what happens, without a channel -> what of it left, as the log says

What was to leave and of which the log does not say what became of it is unknown, and never leaves again by itself.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from verbline.runtime.channels.answers import Unknown
from verbline.runtime.channels.delivery import PREFIX
from verbline.runtime.decode import TOO_LONG, TORN, Decoder
from verbline.runtime.engine.following import without_receipts
from verbline.runtime.engine.parking import FAILED as ENGINE_FAILED
from verbline.runtime.engine.parking import LINE, RETRY
from verbline.runtime.engine.reading import Stretch
from verbline.runtime.engine.receipts import NUMBER, TOLD, print_of, receipts_in
from verbline.runtime.engine.runner import RUNG, Runner
from verbline.runtime.events import Event, Fault, Parked
from verbline.runtime.follow.overwritten import leads, successors
from verbline.runtime.follow.place import Place, prints
from verbline.runtime.leaving.rows import DECIDED
from verbline.runtime.lines import LogError, line_at, read, within_limit
from verbline.runtime.own import own_log
from verbline.runtime.rest import descriptor_of
from verbline.runtime.store.outbox import FAILED, READY, REFUSED, SENT, STALE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.outlets import Past
    from verbline.runtime.events import Item
    from verbline.runtime.leaving.rows import Rows

NOT_READ = (
    '"{path}" holds no receipt: no runtime has read this log. `verbline run` makes a store for it.'
)
MISSING = (
    '"{path}" lacks the receipt of batch {number}: what was decided then cannot be found out again.'
)
FILE_GONE = (
    'The file of the log that was called "{name}" is gone: what stood in it cannot be read again.'
)
# What the runtime's own log says of a message, and the state that its row has then.
STATES = {
    "handed": SENT, "bounced": REFUSED, "refused": REFUSED, "failed": FAILED, "stale": STALE, "unknown": UNKNOWN,
}  # fmt: skip
ANSWERED = "verbline.desk.answered"


class Rebuilding:
    """A ``runner`` over an empty store that meets again what the receipts say."""

    def __init__(self, given: Given, runner: Runner, past: Past) -> None:
        self.given, self.runner, self.past = given, runner, past
        self.own = own_log(given.log)
        self.receipts = receipts_in(self.own)
        self._decoder = Decoder()
        self._paths: dict[int, Path] = {}
        # By what name each file was read, and why lines were set aside that somebody said were to be taken again.
        self._called: dict[int, str] = {}
        self._retried = retried_in(self.own)
        # The versions of journeys by which something was decided, and that are not those of now.
        self.others: set[str] = set()

    def run(self, progress: Callable[[int, int], object]) -> None:
        """Let everything happen again; ``progress`` is told how many batches of how many were. `LogError`."""
        if not self.receipts:
            raise LogError(NOT_READ.format(path=self.own))
        last = max(self.receipts)
        for number in range(1, last + 1):
            found = self.receipts.get(number)
            if found is None:
                raise LogError(MISSING.format(path=self.own, number=number))
            self._batch(found["data"]["receipt"], found)
            progress(number, last)

    def _batch(self, told: Mapping[str, Any], event: dict[str, Any]) -> None:
        """Let one batch happen again."""
        for number, (name, mark) in told.get("files", {}).items():
            self._find(int(number), name, mark)
        self._compare(told.get("versions", {}))
        self.past.now = int(datetime.fromisoformat(event["time"]).timestamp() * 1_000)
        runner = self.runner
        apart = {(file, offset) for file, offset in told.get("apart", ())}
        stretches = [self._stretch(row) for row in told.get("lines", ())]
        at = told.get("at")

        def work() -> None:
            engine = runner.engine
            with engine.batch():
                engine.take_over()
                for one in stretches:
                    self._take(one, apart)
                if at is not None:
                    while not engine.fire(at + 1):
                        engine.room = 1
                engine.keep(NUMBER, told["number"])
                engine.keep(TOLD, told["number"])
                if at is not None:
                    engine.keep(RUNG, at)

        runner.tried(work, lambda: self._one_by_one(stretches, at))

    def _take(self, stretch: Stretch, apart: set[tuple[int, int]]) -> None:
        """Take lines, all of them in this batch; those that are set aside are parked."""
        engine = self.runner.engine
        if not apart:
            left: Stretch | None = stretch
            while left is not None:
                engine.room = len(left.items) + 1
                left = engine.take(left)
            return
        for one in self.runner.singles(stretch):
            if (one.file, one.items[0].offset) in apart:
                engine.set_aside(one)
            else:
                self._take(one, set())

    def _one_by_one(self, stretches: list[Stretch], at: int | None) -> None:
        """Do the same where the engine fails at it."""
        self.runner.one_by_one(stretches)
        if at is not None:
            self.runner.due_one_by_one(at + 1)

    def _compare(self, versions: Mapping[str, str]) -> None:
        """Note which versions ran then that do not run now."""
        now = self.given.program.journeys
        self.others.update(
            f"{name} {version}"
            for name, version in versions.items()
            if name not in now or now[name].version != version
        )

    # Lines

    def _find(self, number: int, name: str, mark: str) -> None:
        """Find a file of the log again, whatever it is called now."""
        files = self.runner.files
        self._called[number] = name
        names = files.names()
        marks = {one: print_of(files.folder / one) for one in (name, *sorted(names)) if one in names}  # fmt: skip
        known = {} if mark in marks.values() else successors(files.folder, len(mark))
        for one, now in marks.items():
            if leads(mark, now, known):
                self._paths[number] = files.folder / one
                files.know(number, Place(name, *names[one]))
                return
        raise LogError(FILE_GONE.format(name=name))

    def _stretch(self, row: list[Any]) -> Stretch:
        """Return the lines of one row of a receipt, each known when it was."""
        file, start, end, known, *rest = row
        path = self._paths[file]
        items = without_receipts(self._items(path, self._called[file], start, end))
        stamped(items, known, dict(rest[0]) if rest else None)
        place = self.runner.files.places[file]
        with descriptor_of(path) as descriptor:
            head, tail = prints(descriptor, end)
        last = items[-1].known if items else known
        return Stretch(file, items, place._replace(offset=end, head=head, tail=tail, known=last))

    def _items(self, path: Path, name: str, start: int, end: int) -> Iterator[Item]:
        """Yield what stands between two offsets of a file that was read by this name, as it was understood then."""
        for item in self._now(path, name, start, end):
            reason = self._retried.get((name, item.offset))
            length = 0 if reason is None else len(line_at(path, item.offset))
            yield item if reason is None else Parked(Fault(reason, ""), name, item.offset, length)

    def _now(self, path: Path, name: str, start: int, end: int) -> Iterator[Item]:
        """Yield the same, as it is understood now."""
        text = read(path, start, end - start)
        if len(text) < end - start:
            raise LogError(f'"{path}" is shorter than what was read of it.')
        is_torn = not text.endswith(b"\n")
        for lines in within_limit(start, text.removesuffix(b"\n"), is_torn=is_torn):
            if lines.text is None:
                yield Parked(TOO_LONG, name, lines.offset, lines.length)
                continue
            found = self._decoder.events(lines.text, name, lines.offset)
            if lines.is_torn and found and isinstance(found[-1], Parked):
                found[-1].fault = TORN
            yield from found


def stamped(items: list[Item], known: int, apart: dict[int, int] | None) -> None:
    """Let lines be known when they were: all at one instant, or, with those ``apart``, each at its own time."""
    at = known
    for item in items:
        if apart is not None and isinstance(item, Event):
            at = apart.get(item.offset, max(at, item.happened))
        item.known = at
        if isinstance(item, Event):
            item.happened = min(item.happened, at)


def settle(rows: Rows, ids: set[str], now: int) -> int:
    """Let what is still ready be unknown, and return how much that is; forget lines that stand in the log, by ``ids``."""
    outbox = rows.outbox
    with rows.writer.writing() as connection:
        left = [one.intent.key for one in outbox.rows(READY)]
        for key in left:
            outbox.recall(key, UNKNOWN, Unknown("rebuilt"), now)
        told = connection.execute("select seq, line from own_line").fetchall()
        known = [(seq,) for seq, line in told if json.loads(line)["id"] in ids]
        connection.executemany("delete from own_line where seq = ?", known)
    return len(left)


def said_in(own: Path) -> tuple[dict[str, str], set[str]]:
    """Return what the runtime's own log says became of messages and tasks, by key, and the ids of all its events.

    What was taken once was taken, whatever was said of it later; that it was taken back follows from what happens.
    """
    states: dict[str, str] = {}
    ids: set[str] = set()
    with own.open("rb") as file:
        for line in file:
            event = event_in(line)
            ids.add(str(event.get("id")))
            kind, key = str(event.get("type")), event.get("data", {}).get("key")
            state = SENT if kind == ANSWERED else STATES.get(kind.removeprefix(PREFIX))
            if isinstance(key, str) and state is not None and states.get(key) != SENT:
                states[key] = state
    return states, ids


def retried_in(own: Path) -> dict[tuple[str, int], str]:
    """Return why lines were set aside that were no events then and were taken again later, by file and offset."""
    found: dict[tuple[str, int], str] = {}
    if not own.is_file():
        return found
    with own.open("rb") as file:
        events = [event_in(line) for line in file if DECIDED.encode() in line]
    for told in (one["data"] for one in events if one.get("type") == DECIDED):
        file_name, offset, reason = told.get("file"), told.get("offset"), told.get("reason")
        is_word = told.get("about") == LINE and told.get("what") == RETRY
        if is_word and isinstance(offset, int) and isinstance(reason, str) and reason != ENGINE_FAILED.reason:  # fmt: skip
            found[str(file_name), offset] = reason
    return found


def event_in(line: bytes) -> dict[str, Any]:
    """Return the event in a line, an empty one where it holds none."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) and isinstance(event.get("data"), dict) else {}
