"""One person explained, in text. Rule: the text says nothing that the JSON does not."""

from __future__ import annotations

from verbline.cli.folders import readable
from verbline.runtime.explain.rows import instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.runtime.explain.words import Words

# A time such as "Mon 2026-03-09 09:00" is so wide.
WIDE = 20


def text_of(told: Mapping[str, Any], words: Words) -> str:
    """Return what explains a person, as text."""
    lines = list(head(told, words))
    if "answers" in told:
        for one in told["answers"]:
            lines += ["", *answered(one, words)]
    else:
        lines += ["", *timeline(told, words)]
        if told["visits"]:
            lines += ["", words.word("head-stands")]
            lines += [f"  {one['said']}" for one in told["visits"]]
    # A sign that moves the cursor of a terminal, or its colours, is shown as a question mark.
    return "\n".join(map(readable, lines)) + "\n"


def head(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield who it is, and by what that is known."""
    identity = told["identity"]
    yield identity["said"]
    for one in (*identity["identifiers"], *identity["no_longer"]):
        yield f"  {one['said']}"
    for said in told.get("erasure", {}).get("sentences", ()):
        yield f"  {said}"
    if told["until"]:
        yield words.word("told-until", at=words.at(instant(told["until"])))


def timeline(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield what happened, an entry after the other; the time, the journey and the trigger stand where they change."""
    yield words.word("head-happened")
    at = journey = ""
    trigger = None
    for one in told["timeline"]:
        when = words.at(instant(one["at"])) if one["at"] != at else ""
        at = one["at"]
        if one["what"] != "record":
            yield f"  {when:{WIDE}}  {one['said']}"
            journey, trigger = "", event_of(one)
            continue
        if (when or event_of(one) != trigger) and not (event_of(one) and event_of(one) == trigger):
            yield f"  {when:{WIDE}}  {one['trigger']['said']}"
            journey, trigger = "", event_of(one)
        if headed(one["record"], words) != journey:
            journey = headed(one["record"], words)
            yield f"  {'':{WIDE}}    {journey}"
        yield from (f"  {'':{WIDE}}    {line}" for line in record(one, words))


def event_of(one: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return which event an entry of the timeline is, or comes from; None for none."""
    found = one.get("trigger", one.get("event", one.get("consent", {}).get("cause")))
    is_event = found is not None and found.get("what", "event") == "event"
    return (found["source"], found["id"]) if found is not None and is_event else None


def headed(row: Mapping[str, Any], words: Words) -> str:
    """Return the journey of a record with its version; nothing where it belongs to none."""
    name, version = row.get("journey", ""), row.get("version", "")
    return f'"{name}", {words.word("version", version=version)}' if version else name


def record(one: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield a record: the line, what it says, what came of it, and what that rests on."""
    if one["line"]:
        yield f"  {one['line']}: {one['sentence'] or words.word('text-gone')}"
    yield f"    {one['said']}"
    for item in one["evidence"]:
        if item.get("line") != one["line"]:
            yield f"      - {item['said']}"
    if "left" in one:
        yield f"      {one['left']['said']}"
    if "differs" in one:
        yield f"      {one['differs']['said']}"
    for item in one.get("came_later", ()):
        yield f"      {words.word('came-later', said=item['said'])}"


def answered(one: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield the answer about one message, with the records that it rests on."""
    key = "why-head" if one["asked"] == "why" else "why-not-head"
    yield words.word(key, message=one["message"])
    for said in one["said"]:
        yield f"  {said}"
    for row in one["records"]:
        yield f"  {words.at(instant(row['at']))}  {row['trigger']['said']}"
        yield from (f"  {line}" for line in record(row, words))
