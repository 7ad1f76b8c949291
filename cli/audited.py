"""What an audit came to, for people. Rule: first what to mend first, then the five parts, each with what it means."""

from __future__ import annotations

from verbline.cli.audited_people import of_identity
from verbline.cli.pieces import Heading, Sentence, Table
from verbline.cli.sums import counted, sums

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.cli.pieces import Piece

FIRST = {
    "": "Nothing stands in the way: begin with the moments that matter.",
    "reading": "Mend the log first",
    "identity": "Mend identity first",
    "consent": "Mend consent first",
    "capture": "Mend capture first",
    "latency": "Mend latency first",
}
LATER = {"identity": "identity", "consent": "consent", "capture": "capture at one place", "latency": "latency"}  # fmt: skip
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
TOLD_BY = {"order": "the order of the lines", "recorded": "the events themselves"}
GUESSES_TOLD = 40


def told(found: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield the report."""
    yield Heading("Audit", 1)
    yield from of_first(found["first"])
    yield from of_log(found["log"])
    yield from of_sources(found)
    yield from of_identity(found["identity"])
    yield from of_consent(found["consent"])
    yield from of_capture(found["capture"])
    yield from of_latency(found["latency"])
    yield from of_guesses(found["guesses"])


def of_first(first: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what to mend first, and why."""
    why = "; ".join(first["why"])
    yield Sentence(f"{FIRST[first['layer']]}{f': {why}.' if why else ''}")
    if first["then"]:
        yield Sentence(f"After it: {', '.join(LATER[layer] for layer in first['then'])}.")


def of_log(log: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what was read."""
    span = f", {day(log['first'])} to {day(log['last'])}" if log["first"] else ""
    yield Sentence(f"{counted(log['events'], 'event')} in {counted(log['files'], 'file')}{span}.")
    if log["parked"]:
        first = log["parked_first"][0]
        yield Sentence(
            f"{counted(sum(log['parked'].values()), 'line')} could not be read: {sums(log['parked'])}; the first at byte {first['offset']} of {first['file']}."
        )
    for key, words in (("duplicates", "stood there again"), ("without_time", "without a time")):
        if log[key]:
            yield Sentence(f"{counted(log[key], 'event')} {words}.")


def of_sources(found: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield who writes what."""
    yield Heading("Sources")
    with_project = any("registered" in one for one in found["sources"])
    rows = [row for source in found["sources"] for row in types(source, with_project)]
    head = ["source", "type", "events", "first", "last", "a day"]
    yield Table([*head, "project"] if with_project else head, rows)
    for source in found["sources"]:
        if source["more_types"]:
            yield Sentence(f"{source['source']} writes {counted(source['more_types'], 'more type')}.", is_entry=True)  # fmt: skip
        if source["quiet_days"]:
            yield Sentence(f"{source['source']} has been silent for {counted(source['quiet_days'], 'day')} while the log went on.", is_entry=True)  # fmt: skip
    strange = [one["source"] for one in found["sources"] if not one.get("registered", True)]
    if strange:
        yield Sentence(
            f"The project names no source {', '.join(strange)}: see `comes from`, and [sources] in verbline.toml."
        )


def types(source: Mapping[str, Any], with_project: bool) -> Iterator[list[str | int]]:  # noqa: FBT001 - a column more or less
    """Yield a row for each type of one source."""
    for one in source["types"]:
        a_day = "" if one["a_day"] is None else f"{one['a_day']:,.1f}"
        row = [source["source"], one["type"], one["events"], day(one["first"]), day(one["last"]), a_day]  # fmt: skip
        if with_project:
            row.append("" if one["declared"] else "no moment" if source["registered"] else "unknown source")  # fmt: skip
        yield row


def of_consent(consent: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield who may be written to, and about whom sources differ."""
    yield Heading("Consent")
    rows = consent["purposes"]
    if not rows:
        needless = "" if consent["needed"] else ", and no purpose of the project asks for it"
        yield Sentence(f"The log does not say what anybody has agreed to{needless}.")
        return
    head = ["purpose", "channel", "addresses", "yes", "yes without evidence", "no", "unknown", "in conflict"]  # fmt: skip
    yield Table(
        head,
        [
            [
                every(one["purpose"]),
                every(one["channel"]),
                one["addresses"],
                *(of_all(one, state) for state in ("yes", "without_evidence", "no", "unknown")),
                one["conflicts"],
            ]
            for one in rows
        ],
    )
    for one in rows:
        for pair in one["between"]:
            yield Sentence(f"{one['purpose']} by {one['channel']}: {pair['yes']} says yes and {pair['no']} says no of {counted(pair['addresses'], 'address', 'addresses')}", is_entry=True)  # fmt: skip
    if any(one["conflicts"] for one in rows):
        yield Sentence("Where sources differ it counts as no, until the person says yes again with evidence.")  # fmt: skip
    if consent["sent_after_no"]:
        yield Sentence(f"Written to after a no, and no yes since: {counted(consent['sent_after_no'], 'address', 'addresses')}.")  # fmt: skip
    if consent["suppressed"]:
        yield Sentence(f"{counted(consent['suppressed'], 'address', 'addresses')} were given up by a channel.")  # fmt: skip
    for one in consent["kept"]:
        yield Sentence(
            f"{one['purpose']} is kept in {one['kept_in']}, and recorded in {', '.join(one['recorded_in'])} too",
            is_entry=True,
        )
    if len(consent["sources"]) > 1:
        names = ", ".join(one["source"] for one in consent["sources"])
        yield Sentence(f"{counted(len(consent['sources']), 'system')} record what people agree to: {names}.")  # fmt: skip


def of_all(row: Mapping[str, Any], state: str) -> str:
    """Return how many addresses are in a state, and which share of all."""
    number, total = row[state], row["addresses"]
    return f"{number:,} ({number / total:.0%})" if number and total else f"{number:,}"


def of_capture(capture: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what is asked twice."""
    yield Heading("Parallel capture")
    if not capture["parallel"]:
        yield Sentence("No two places ask the same people the same.")
        return
    pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in capture["parallel"]:
        pairs.setdefault((place(one["one"]), place(one["other"])), []).append(one)
    rows = [
        [here, there, max(one["people"] for one in asked), ", ".join(map(answers, asked))]
        for (here, there), asked in pairs.items()
    ]
    yield Table(["asked here", "and there", "people", "what, and how many gave two answers"], rows)
    more = capture["pairs"] - len(capture["parallel"])
    if more > 0:
        yield Sentence(f"{counted(more, 'more field')} are asked at two places.")
    if capture["one_of"] > 1:
        yield Sentence(f"Counted from one in {capture['one_of']} people.")


def answers(one: Mapping[str, Any]) -> str:
    """Return what is asked, and how many people have answered it in two ways."""
    name = f"agreement to {one['name']}" if one["what"] == "agreement" else one["name"]
    told = [f"{one['differ']:,}"] if one["differ"] else []
    told += [f"under {one['wordings']} wordings"] if one["wordings"] > 1 else []
    return f"{name} ({', '.join(told)})" if told else str(name)


def of_latency(rows: list[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield how late events are recorded."""
    yield Heading("Latency")
    timed = [one for one in rows if one["events"]]
    if not timed:
        yield Sentence("Nothing says when events were recorded.")
        return
    if not any(one["p95"] or one["late"] or one["ahead"] for one in timed):
        yield Sentence("No event lies behind the one above it: the log is in the order of its times, and does not say how late its lines came.")  # fmt: skip
        return
    yield Table(
        [
            "source",
            "events",
            "median",
            "95 % within",
            "more than a day late",
            "clock ahead",
            "told by",
        ],
        [
            [
                one["source"],
                one["events"],
                length(one["median"]),
                length(one["p95"]),
                one["late"],
                one["ahead"],
                TOLD_BY[one["by"]],
            ]
            for one in timed
        ],
    )


def of_guesses(guesses: list[Mapping[str, str]]) -> Iterator[Piece]:
    """Yield what was guessed."""
    if not guesses:
        return
    yield Heading("Guessed")
    for one in guesses[:GUESSES_TOLD]:
        where = f" of {one['file']}" if "file" in one else ""
        by = f", by {one['from']}" if "from" in one else ""
        field = f"{one['field']}{where} is taken for " if one["field"] else f"{one.get('file', '')}: "  # fmt: skip
        yield Sentence(f"{field}{one['taken_for']}{by}", is_entry=True)
    if len(guesses) > GUESSES_TOLD:
        yield Sentence(f"and {len(guesses) - GUESSES_TOLD} more", is_entry=True)
    yield Sentence("Where a guess is wrong, say it better with --field NAME=ROLE.")


def every(name: str) -> str:
    """Return the name of a purpose or channel."""
    return "all" if name == "*" else name


def place(one: Mapping[str, str]) -> str:
    """Return where something is asked."""
    return f"{one['source']}: {one['type']}"


def day(text: str | None) -> str:
    """Return the day of an instant."""
    return text[:10] if text else ""


def length(milliseconds: int | None) -> str:
    """Return a time that has passed in words."""
    if milliseconds is None:
        return ""
    for unit, word in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if milliseconds >= 2 * unit:
            return f"{milliseconds / unit:,.0f} {word}"
    return f"{milliseconds / SECOND:,.0f} s"
