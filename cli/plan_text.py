"""What a change would do, as a report. Rule: the report says nothing that the JSON does not; a number stands beside what it counts."""

from __future__ import annotations

from verbline.cli.pieces import Heading, Sentence, Table
from verbline.cli.plan_words import plain, record
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.cli.pieces import Piece

    Row = Mapping[str, Any]

# So many people are named in a line, and so many told one by one; JSON names all.
NAMED = 8
TOLD = 10
# So many records of one person are shown on either side.
SHOWN = 4
# So many rows of a table are shown.
ROWS = 40
PERMISSION = {
    "same": "Permission: not widened.",
    "widened": "Permission: WIDENED. Something may be sent that was not to be.",
    "narrowed": "Permission: narrowed. Nothing more may be sent than before.",
}
REVIEWS = {
    "audience": "who answers for the segments",
    "consent": "who answers for consent",
    "desk": "who leads the desks",
    "identity": "who answers for who is who",
    "journey": "the owners of the journeys",
    "metric": "the owners of the metrics",
    "scoring": "who sales has named for scores and labels",
    "settings": "who runs the project",
    "sources": "who answers for the systems that report moments",
    "words": "an editor of texts",
}
# What one person does, and what several do.
WAYS = {
    "more": ("gets more messages", "get more messages"),
    "fewer": ("gets fewer messages", "get fewer messages"),
    "other": ("gets other messages", "get other messages"),
    "refusals": ("is refused or kept waiting for otherwise", "are refused or kept waiting for otherwise"),
    "waits": ("waits otherwise", "wait otherwise"),
    "outcomes": ("ends otherwise", "end otherwise"),
    "tasks": ("brings desks other tasks", "bring desks other tasks"),
    "entries": ("comes in otherwise", "come in otherwise"),
    "rest": ("differs in other steps", "differ in other steps"),
    "times": ("meets the same at other times", "meet the same at other times"),
}  # fmt: skip
BECOMES = {
    "finish": "they finish the version they started",
    "move": "they move to: {to}",
    "stranded": "the new version has no such step",
}
TITLES = {
    "messages": "Messages",
    "refusals": "Messages that do not leave, by reason",
    "entries": "Entries",
    "outcomes": "Outcomes",
    "waits": "Waits",
    "tasks": "Tasks",
    "inside": "Still inside at the end",
}
COLUMNS = {
    "messages": ("journey", "message", "channel", "purpose"),
    "refusals": ("verdict", "reason", "purpose"),
    "entries": ("journey", "entry", "reason"),
    "outcomes": ("journey", "outcome"),
    "waits": ("journey", "step", "end"),
    "tasks": ("desk", "verdict"),
    "inside": ("journey",),
}
# Columns in which codes stand.
CODES = frozenset(("verdict", "reason", "end"))


def pieces(found: Row) -> Iterator[Piece]:
    """Yield the report."""
    yield Heading(f"Plan, against {found['against']}", 1)
    yield from meant(found)
    if "store" in found:
        yield from inside(found["store"])
    replay = found.get("replay")
    if replay is not None:
        yield from replayed(replay)


def meant(found: Row) -> Iterator[Piece]:
    """Yield what changed, in sentences."""
    if not found["changes"]:
        yield Sentence("The texts mean what they meant.")
        return
    yield Sentence(PERMISSION[found["permission"]])
    for one in found["reviews"]:
        who = f": {', '.join(one['who'])}" if one["who"] else ""
        yield Sentence(f"To be looked at by {REVIEWS[one['review']]}{who}", is_entry=True)
    for change in found["changes"]:
        who = f", {change['who']}" if change.get("who") else ""
        is_whole = change["what"] != "changed"
        what = f" is {change['what']}" if is_whole else ""
        yield Heading(f"{change['kind'].capitalize()} “{change['name']}”{what}{who}")
        yield from (of_line(line, is_whole=is_whole) for line in change["lines"])


def of_line(line: Mapping[str, str], *, is_whole: bool) -> Sentence:
    """Return one change; what is new or gone with the whole says so once."""
    before = "" if is_whole or line["what"] == "changed" else f"{line['what'].capitalize()}: "
    permission = f" Permission: {line['permission']}." if "permission" in line else ""
    place = f" ({line['place']})" if "place" in line and not is_whole else ""
    return Sentence(f"{before}{line['text']}{permission}{place}", is_entry=True)


def inside(store: Row) -> Iterator[Piece]:
    """Yield who is inside by the store, and what becomes of them."""
    yield Heading("People inside, by the store")
    concerned = [row for row in store["inside"] if row["becomes"] != "stay"]
    total = sum(row["people"] for row in store["inside"])
    if not concerned:
        yield Sentence(f"{counted(total, 'visit')}, and all of them stay as they are." if total else "Nobody is inside.")  # fmt: skip
    else:
        here = sum(row["people"] for row in concerned)
        yield Sentence(f"{counted(total, 'visit')}, {here:,} of them in a version that is not the new one:")  # fmt: skip
        yield Table(("journey", "version", "at", "people", "what becomes of them"), [
            (row["journey"], row["version"], row["step"], row["people"], BECOMES[row["becomes"]].format(**row))
            for row in concerned
        ])  # fmt: skip
    if store["refused"]:
        yield Sentence("`run` will not take this version up:")
        yield from (Sentence(line, is_entry=True) for line in store["refused"])


def replayed(replay: Row) -> Iterator[Piece]:
    """Yield what both versions do over the recorded period."""
    log, people = replay["log"], replay["people"]
    yield Heading("The recorded period under both versions")
    span = f", {log['first'][:10]} to {log['last'][:10]}" if log["first"] else ""
    yield Sentence(f"{counted(log['events'], 'event')}{span}; {counted(people['after'], 'person', 'people')}.")  # fmt: skip
    if log["parked"]:
        yield Sentence(f"{counted(log['parked'], 'line')} could not be read.")
    if people["before"] != people["after"]:
        yield Sentence(f"By the old version they are {counted(people['before'], 'person', 'people')}.")  # fmt: skip
    if not people["differ"]:
        yield Sentence("Nothing happens otherwise to anybody.")
        return
    yield Sentence(f"For {counted(people['differ'], 'person', 'people')} something is different:")
    for way, who in people["ways"].items():
        yield Sentence(
            f"{who['people']:,} {WAYS[way][who['people'] != 1]}: {named(who['ids'])}", is_entry=True
        )
    for name in TITLES:
        yield from of_table(name, replay[name])
    yield from of_lengths(replay["lengths"])
    yield from of_desks(replay["desks"])
    yield from of_doubt(replay["doubt"])
    yield from of_people(people)


def named(ids: Sequence[str]) -> str:
    """Return some people, and how many more there are."""
    more = len(ids) - NAMED
    return f"{', '.join(ids[:NAMED])}{f' and {more:,} more' if more > 0 else ''}"


def of_table(name: str, rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield a table of what differs."""
    differing = [row for row in rows if row["before"] != row["after"] or "range" in row]
    if not differing:
        return
    differing.sort(key=lambda row: -abs(row["after"] - row["before"]))
    yield Heading(TITLES[name], 3)
    columns = COLUMNS[name]
    is_ranged = any("range" in row for row in differing)
    head = (*columns, "before", "after", *(("in doubt",) if is_ranged else ()))
    yield Table(head, [
        [*(cell(row, column) for column in columns), row["before"], row["after"], *((ranged(row),) if is_ranged else ())]
        for row in differing[:ROWS]
    ])  # fmt: skip
    if len(differing) > ROWS:
        yield Sentence(f"And {len(differing) - ROWS:,} more rows; --format json tells all.")


def cell(row: Row, column: str) -> str:
    """Return what stands in a column; codes stand there as words."""
    told = str(row.get(column, ""))
    return plain(told) if column in CODES else told


def ranged(row: Row) -> str:
    """Return between which numbers the new one lies, where that is in doubt."""
    return f"{row['range'][0]:,} to {row['range'][1]:,}" if "range" in row else ""


def of_lengths(rows: Sequence[Row]) -> Iterator[Piece]:
    """Yield how long waits last that last otherwise now."""
    both = [row for row in rows if row["before"]["over"] and row["after"]["over"]]
    differing = [row for row in both if row["before"]["median"] != row["after"]["median"]]
    if differing:
        yield Heading("How long waits last that are over (half of them no longer than this)", 3)
        yield Table(("journey", "step", "before", "after"), [
            (row["journey"], row["step"], length(row["before"]["median"]), length(row["after"]["median"]))
            for row in differing[:ROWS]
        ])  # fmt: skip


def length(milliseconds: int) -> str:
    """Return a length of time in words, to the minute."""
    minutes = milliseconds // 60_000
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [counted(days, "day"), counted(hours, "hour"), counted(minutes, "minute")]
    told = [part for part in parts if not part.startswith("0 ")]
    return " ".join(told) or "less than a minute"


def of_desks(desks: Sequence[Row]) -> Iterator[Piece]:
    """Yield what desks are handed on their busiest days, where that differs."""
    differing = [desk for desk in desks if desk["days"]]
    if not differing:
        return
    yield Heading("Load of desks", 3)
    head = ("desk", "tasks before", "tasks after", "most on one day before", "most on one day after", "days that differ")  # fmt: skip
    yield Table(head, [
        (desk["desk"], desk["before"], desk["after"], busiest(desk, "before"), busiest(desk, "after"), len(desk["days"]))
        for desk in differing
    ])  # fmt: skip


def busiest(desk: Row, side: str) -> str:
    """Return the day on which a desk is handed most tasks."""
    day = desk["busiest"][side]
    return f"{day['tasks']:,} ({day['day']})" if day else "0"


def of_doubt(doubt: Row) -> Iterator[Piece]:
    """Yield what nobody can replay."""
    if not doubt["answers_to_nothing"] and not doubt["no_answer_yet"]:
        return
    yield Heading("In doubt: reactions to messages that were never sent", 3)
    if doubt["answers_to_nothing"]:
        events, people = doubt["answers_to_nothing"], doubt["people"]
        yield Sentence(f"{counted(events, 'recorded event')} of {counted(len(people), 'person', 'people')} came after a message that the new version does not send: {named(people)}.")  # fmt: skip
        yield Sentence("The tables count them as recorded; “in doubt” is the range from there to what happens if they had not come.")  # fmt: skip
    for one in doubt["no_answer_yet"]:
        low, high = one["range"]
        share = "nobody was waited for there on record" if one["share"] is None else f"on record {one['share']:.0%} reacted"  # fmt: skip
        yield Sentence(f"“{one['journey']}”, “{one['step']}”: {counted(one['people'], 'person', 'people')} get a message before it which on record they did not; of {counted(one['waits'], 'wait')} {low:,} to {high:,} are met ({share}).", is_entry=True)  # fmt: skip


def of_people(people: Row) -> Iterator[Piece]:
    """Yield some people, record by record."""
    details = people["details"][:TOLD]
    if not details:
        return
    yield Heading("Some of these people, with times in UTC", 3)
    for one in details:
        mark = " (in doubt)" if one.get("in_doubt") else ""
        yield Sentence(f"{one['person']}{mark}: {'; '.join(told(one))}", is_entry=True)
    left = people["differ"] - len(details)
    if left > 0:
        yield Sentence(f"And {left:,} more; --format json tells of {len(people['details']):,} and names all.")  # fmt: skip


def told(one: Row) -> Iterator[str]:
    """Yield what happens to somebody on one side only."""
    for side, other in (("before", "after"), ("after", "before")):
        records = [record(row, one[other]) for row in one[side][:SHOWN]]
        if records:
            yield f"{side} {', '.join(records)}{' …' if len(one[side]) > SHOWN else ''}"
