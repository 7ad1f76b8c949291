"""What a simulation came to, for people. Rule: every number stands beside the sentence it belongs to."""

from __future__ import annotations

from datetime import datetime

from verbline.cli.output import COLORS
from verbline.interpreter.zones import instant_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.interpreter.zones import Zone

TOLD_MAX = 5
TEXT_MAX = 72
# What is told of a record beside its verdict, and the word before it.
BEFORE = {"channel": "by ", "desk": "to ", "field": "", "moment": "", "label": ""}
NOT_ENTERED = {
    "not_admitted": "not admitted",
    "held_back": "held back at the entry",
    "ignored": "started again in vain",
}
ENDS = {
    "answered": "answered",
    "ran_out": "not answered in time",
    "withdrawn": "withdrawn",
    "stale": "too late to hand over",
}


def text_of(summary: Mapping[str, Any], zone: Zone, *, color: bool) -> str:
    """Return the sums of a simulation as text; times are those of ``zone``."""
    parts = ["\n".join(of_log(summary, zone))]
    parts += ["\n".join(of_journey(one, color=color)) for one in summary["journeys"]]
    parts += ["\n".join(of_desks(summary["desks"]))] if summary["desks"] else []
    return "\n\n".join(parts) + "\n"


def of_log(summary: Mapping[str, Any], zone: Zone) -> Iterator[str]:
    """Yield what was read, and what of it was not taken."""
    log, answers = summary["log"], summary["answers"]
    if not log["events"]:
        yield f"{counted(0, 'event')} in {counted(log['files'], 'file')}"
    else:
        span = f"{local(log['first'], zone)} to {local(log['last'], zone)} ({zone.name})"
        yield f"{counted(log['events'], 'event')} in {counted(log['files'], 'file')}, {span}; {counted(summary['people'], 'person', 'people')}"
    if summary["merged"]:
        yield f"  {counted(summary['merged'], 'person', 'people')} turned out to be somebody known"
    if summary["split"]:
        yield f"  {counted(summary['split'], 'person', 'people')} turned out to be two"
    if summary["erased"]:
        yield f"  {counted(summary['erased'], 'person was', 'people were')} erased"
    if summary["operators_refused"]:
        yield f"  what operators said could not be done: {sums(summary['operators_refused'])}"
    if summary["asked_if_same"]:
        yield f"  whether two people are one was asked of {sums(summary['asked_if_same'])}"
    yield from left_out(log)
    if answers["share"]:
        yield f"  {answers['share']:.0%} of what was asked was to be answered by hash; {counted(answers['given'], 'answer')} came"
    if answers["vain"]:
        yield f"  {counted(answers['vain'], 'recorded answer')} met nothing that was still open"


def left_out(log: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each kind of line or event that was not taken as it stands."""
    parked = log["parked"]
    if parked:
        first = log["parked_first"][0]
        yield f"  {counted(sum(parked.values()), 'line')} could not be read: {sums(parked)}; the first at byte {first['offset']} of {first['file']}"
    if log["duplicates"]:
        yield f"  {counted(log['duplicates'], 'event')} stood there again"
    if log["clock_ahead"]:
        yield f"  {counted(log['clock_ahead'], 'event')} from a clock that ran ahead"
    if log["late"]:
        yield f"  {counted(log['late'], 'event')} came more than a day late"
    if log["nobody"]:
        yield f"  {counted(log['nobody'], 'event')} about nobody who can be told"
    if log["consent_refused"]:
        yield f"  {counted(log['consent_refused'], 'answer')} about being written to could not be taken"
    if log["strange"]:
        yield f"  {types(log['strange'])} of a type that no file names"
    if log["foreign"]:
        yield f"  {types(log['foreign'])} from a source that the type does not belong to"


def types(rows: list[Mapping[str, Any]]) -> str:
    """Return how many events there were of each source and type."""
    total = counted(sum(row["count"] for row in rows), "event")
    told = [f"{row['type']} from {row['source']} {row['count']:,}" for row in rows[:TOLD_MAX]]
    more = len(rows) - TOLD_MAX
    return f"{total} ({', '.join(told)}{f', and {more} more' if more > 0 else ''})"


def of_journey(journey: Mapping[str, Any], *, color: bool) -> Iterator[str]:
    """Yield the sums of one journey: who came in, what each step did, how it ended."""
    name = journey["journey"]
    yield f"{bold(name) if color else name}  {journey['line']}"
    yield f"  {counted(journey['entered'], 'entry', 'entries')}"
    if journey["resumed"]:
        yield f"  {counted(journey['resumed'], 'visit')} resumed, of people who had been taken for one"
    for key, word in NOT_ENTERED.items():
        if journey[key]:
            yield f"  {sum(journey[key].values()):,} {word}: {sums(journey[key])}"
    for step in journey["steps"]:
        number = step["line"].rpartition(":")[2]
        yield f"  {number:>5}  {shortened(step['text'])}"
        yield f"         {' · '.join(map(told, step['records']))}"
    ends = [f"{name} {number:,}" for name, number in journey["outcomes"].items()]
    ends += [f"still inside {journey['inside']:,}"] if journey["inside"] else []
    if ends:
        yield f"  ended: {', '.join(ends)}"


def told(record: Mapping[str, Any]) -> str:
    """Return one sum of a step, such as ``sent by email (consent) 120``."""
    kind, verdict, reason = record["kind"], record["verdict"], record.get("reason", "")
    if kind == "branch":
        words = [record["answer"]]
    elif kind == "wait":
        words = ["reached" if verdict == "held" else reason.replace("_", " ")]
        words += [f'"{record["answer"]}"'] if "answer" in record else []
    else:
        words = ["handed over" if kind == "task" and verdict == "taken" else verdict]
        before = {**BEFORE, "desk": "from "} if verdict == "withdrawn" else BEFORE
        words += [f"{before[name]}{record[name]}" for name in before if name in record]
        words += [f"({reason})"] if reason and reason != verdict else []
    return f"{' '.join(words)} {record['count']:,}"


def of_desks(desks: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what each desk was handed, and on which day most."""
    yield "Tasks by desk"
    for desk in desks:
        day, most = max(desk["days"].items(), key=lambda one: (one[1], one[0]))
        busiest = f"at most {most:,} on one day ({day})"
        ends = [f"{name} {desk[key]:,}" for key, name in ENDS.items() if desk[key]]
        yield f"  {desk['desk']}: {', '.join([counted(desk['tasks'], 'task'), busiest, *ends])}"


def sums(by_name: Mapping[str, int]) -> str:
    """Return sums with their names."""
    return ", ".join(f"{name} {number:,}" for name, number in by_name.items())


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its word."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def shortened(text: str) -> str:
    """Return the first line of a sentence, cut where it is long."""
    first = text.split("\n", 1)[0]
    return first if len(first) <= TEXT_MAX else f"{first[: TEXT_MAX - 1]}…"


def local(text: str, zone: Zone) -> str:
    """Return an instant that is text in universal time as the project's clock shows it."""
    universal = datetime.fromisoformat(text).replace(tzinfo=None)
    return zone.local(instant_of(universal)).strftime("%Y-%m-%d %H:%M")


def bold(text: str) -> str:
    """Return text in bold."""
    return f"\x1b[{COLORS['bold']}m{text}\x1b[0m"
