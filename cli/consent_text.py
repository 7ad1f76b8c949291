"""What people said, in text. Rule: the text says nothing that the JSON does not."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

VERDICTS = {"allow": "may be written to", "deny": "not", "defer": "later"}


def text_of(told: dict[str, Any]) -> str:
    """Return an answer of `consent show` or `consent at` as text."""
    lines = list(head(told))
    if "at" in told:
        lines += ["", f"At {told['at']}, as it was known at {told['known']}"]
        lines += table(told["was_known"])
        if told["differs"]:
            lines += ["", "As it is known today, it was otherwise"]
            lines += [difference(one) for one in told["differs"]]
        if told["came_later"]:
            lines += ["", "What became known later"]
            lines += events(told["came_later"])
        if not told["differs"]:
            lines += ["", "Nothing that became known later changes this."]
    else:
        lines += ["", "What was said"]
        lines += events(told["events"]) or ["  nothing"]
        lines += ["", "What it comes to now"]
        lines += table(told["now"])
    return "\n".join(lines) + "\n"


def head(told: dict[str, Any]) -> Iterator[str]:
    """Yield who is told about."""
    also = f" (also {', '.join(told['also'])})" if told["also"] else ""
    yield f"{told['person']}{also}" + (", erased" if told["erased"] else "")
    for contact in told["contacts"]:
        yield f"  {contact}"


def events(found: Sequence[dict[str, Any]]) -> list[str]:
    """Return what was said, one event a line."""
    return [f"  #{one['seq']}  {one['at']}{late(one)}  {said(one)}  {'  '.join(rests_on(one))}".rstrip() for one in found]  # fmt: skip


def late(one: dict[str, Any]) -> str:
    """Return when an event was recorded, where that was later."""
    return "" if one["at"] == one["recorded"] else f" (known {one['recorded']})"


def said(one: dict[str, Any]) -> str:
    """Return what an event says."""
    parts = [one["act"], one["purpose"], one["topic"] or "", one["channel"], one["contact"] or ""]
    return " ".join(part for part in parts if part)


def rests_on(one: dict[str, Any]) -> Iterator[str]:
    """Yield who said it, where, and what there is to show for it."""
    yield f"by {one['actor']}" + (f" in {one['source']}" if one["source"] else "")
    if one["cause"]:
        yield f"event {one['cause']['id']}"
    if one["basis"] != "consent":
        yield one["basis"]
    if one["words"]:
        yield f'"{one["words"]}"'
    if one["record"] and one["act"] != "merge":
        yield f"record {one['record']}"
    if one["act"] == "grant" and not one["evidence"]:
        yield "no evidence"


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return where somebody stands, in columns."""
    cells = [(subject(one), one["state"] or "-", verdict(one)) for one in rows]
    widths = [max((len(one[at]) for one in cells), default=0) for at in (0, 1)]
    return [f"  {one[0]:{widths[0]}}  {one[1]:{widths[1]}}  {one[2]}" for one in cells]


def subject(one: dict[str, Any]) -> str:
    """Return what is asked about."""
    topic = f" / {one['topic']}" if one["topic"] else ""
    return f"{one['purpose']}{topic} by {one['channel']}" + (f" to {one['contact']}" if one["contact"] else "")  # fmt: skip


def verdict(one: dict[str, Any]) -> str:
    """Return what the guard says."""
    until = f" until {one['until']}" if one["until"] else ""
    places = f" (#{', #'.join(map(str, one['evidence']))})" if one["evidence"] else ""
    return f"{VERDICTS[one['verdict']]}{until}: {one['reason']}{places}"


def difference(one: dict[str, Any]) -> str:
    """Return what is otherwise than it was known to be."""
    now, then = one["was_true"], one["was_known"]
    before = f", not {then['state'] or '-'} ({then['reason']})" if then else ""
    return f"  {subject(one)}: {now['state'] or '-'} ({verdict(now)}){before}"
