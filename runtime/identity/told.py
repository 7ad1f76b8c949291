"""What is known of one person, as JSON has it. Rule: every identifier stands with when and how it came, every merge with why.

Instants are texts in universal time, None where nobody noted them. People are named by the ids that they bear, or bore then.
"""

from __future__ import annotations

from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.step.records import instant_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.identity.store import Note, Row

# The kinds under which what a rule asks for is kept; no identifiers of anybody.
HIDDEN = "alike "


def told(identity: Identity, person: int) -> dict[str, Any]:
    """Return what is known of somebody by the number that they bear."""
    leaves = identity.links.leaves(person)
    held = list(identifiers(identity, person))
    since = [one["since"] for one in held if one["since"] is not None]
    return {
        "person": f"P{person}",
        "also": [f"P{one}" for one in sorted(leaves - {person})],
        "since": min(since, default=None),
        "identifiers": held,
        "no_longer": list(gone(identity, person, leaves)),
        "names": names(identity, person),
        "history": [of_note(one) for one in identity.store.notes() if one.what != "ask" and not leaves.isdisjoint((one.a, one.b))],
        "not_same": sorted(set(strangers(identity, leaves)), key=lambda name: int(name[1:])),
        "proposals": list(proposals(identity, person)),
    }  # fmt: skip


def identifiers(identity: Identity, person: int) -> Iterator[dict[str, Any]]:
    """Yield what somebody holds, each once, the oldest first."""
    seen: set[int] = set()
    for row in identity.store.rows_held(person):
        kind, value = identity.store.ident(row.ident)
        if row.ident in seen or kind.startswith(HIDDEN):
            continue
        seen.add(row.ident)
        first = first_of(identity, row)
        others = [f"P{one}" for one in identity.store.holders(row.ident) if one != person]
        yield {
            "kind": kind,
            "value": value,
            "since": instant(identity, first.since),
            "how": first.how,
            "brought_by": f"P{row.origin}",
            "shared_with": others,
        }


def first_of(identity: Identity, row: Row) -> Row:
    """Return the row by which an identifier came to whoever brought it; merges and splits only pass it on."""
    before = [one for one in identity.store.rows_of(row.ident) if one.origin == row.origin]
    return next((one for one in before if one.how not in ("merged", "split")), before[0])


def gone(identity: Identity, person: int, leaves: set[int]) -> Iterator[dict[str, Any]]:
    """Yield what somebody held and holds no more: it changed hands, or went to the other one of two."""
    store = identity.store
    rows = [row for leaf in sorted(leaves) for row in store.rows_ever(leaf) if row.until]
    last = {row.ident: row for row in sorted(rows, key=lambda row: row.number)}
    for ident, row in last.items():
        kind, value = store.ident(ident)
        holders = store.holders(ident)
        if value and person not in holders and not kind.startswith(HIDDEN):
            yield {
                "kind": kind,
                "value": value,
                "until": instant(identity, row.until),
                "now_of": [f"P{one}" for one in holders],
            }


def names(identity: Identity, person: int) -> dict[str, list[Any]]:
    """Return what was said about somebody's name and birth, by field."""
    found: dict[str, dict[Any, None]] = {}
    for leaf in sorted(identity.links.leaves(person)):
        for field, values in identity.store.traits(leaf).items():
            found.setdefault(field, {}).update(dict.fromkeys(values))
    return {field: [to_plain(one) for one in values] for field, values in sorted(found.items())}


def strangers(identity: Identity, leaves: set[int]) -> Iterator[str]:
    """Yield who was said not to be the same."""
    for leaf in leaves:
        for other in identity.store.apart(leaf):
            yield f"P{identity.now(other)}"


def proposals(identity: Identity, person: int) -> Iterator[dict[str, Any]]:
    """Yield what desks were asked about somebody and nobody has settled."""
    for note in identity.store.notes("ask"):
        one, other = identity.now(note.a), identity.now(note.b)
        if person in (one, other) and one != other and other not in identity.store.apart(one):
            yield {
                "desk": note.why,
                "other": f"P{other if one == person else one}",
                "at": instant_text(note.at),
            }


def of_note(note: Note) -> dict[str, Any]:
    """Return a line of the graph's log."""
    how, _, said = note.why.partition(": ")
    return {
        "at": instant_text(note.at),
        "what": note.what,
        "people": [f"P{one}" for one in (note.a, note.b) if one],
        "how": how,
        "said": said,
    }


def instant(identity: Identity, seq: int) -> str | None:
    """Return when a change was made."""
    at = identity.store.when(seq)
    return None if at is None else instant_text(at)
