"""What to mend first. Rule: identity, then consent, then single capture, then latency; each only from where it hurts.

Before all of them comes a log that cannot be read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeAlias

    Advice: TypeAlias = "Callable[[Mapping[str, Any]], Iterator[str]]"

# From which share on something is worth mending before what comes after it.
UNREADABLE, SHARED, NOBODYS, UNKNOWN, CONFLICTS, DIFFERENT, LATE = 0.05, 0.02, 0.01, 0.5, 0.001, 0.02, 0.05  # fmt: skip
BIG = 20
DAY = 86_400_000


def advice(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the layer to mend first, why, and the layers that come after it."""
    wrong = {layer: sentences for layer, told in LAYERS.items() if (sentences := list(told(found)))}
    layer = next(iter(wrong), "")
    return {"layer": layer, "why": wrong.get(layer, []), "then": list(wrong)[1:]}


def reading(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps the log from being read."""
    log = found["log"]
    parked = sum(log["parked"].values())
    if not parked and not log["events"]:
        yield "there is no event in it"
    if parked > UNREADABLE * (parked + log["events"]):
        reason = max(log["parked"], key=lambda one: (log["parked"][one], one))
        yield f"{parked:,} of {parked + log['events']:,} lines cannot be read, most of them for the reason {reason}"


def identity(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps people from being told apart."""
    who, events = found["identity"], found["log"]["events"]
    if events and not who["fields"]:
        yield "no field was found that names people"
        return
    if who["shared_share"] > SHARED:
        yield f"{who['shared_share']:.1%} of the keys and addresses belong to several people"
    if who["people"]["ambiguous"] > NOBODYS * events:
        yield f"of {who['people']['ambiguous']:,} events nobody can tell whose they are"
    if who["placeholder_events"] > NOBODYS * events:
        yield f"{who['placeholder_events']:,} values stand for nobody, such as {who['placeholders'][0]['value']}"
    taken = sum(one["refused"].get(reason, 0) for one in who["fields"] for reason in ("held_by_another", "another_value"))  # fmt: skip
    if taken > NOBODYS * events:
        yield f"{taken:,} times a key contradicts what is known of the person"
    biggest = who["same_value"]["biggest"]
    if biggest and biggest[0]["people"] > BIG:
        yield f'"same value, same person" would make one profile of {biggest[0]["people"]:,} people'


def consent(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is unclear about who may be written to."""
    rows = found["consent"]["purposes"]
    against = found["consent"]["sent_after_no"]
    if against:
        yield f"{against:,} {'address was' if against == 1 else 'addresses were'} written to after a no"
    if not rows and any(found["identity"]["values"].values()) and found["consent"]["needed"]:
        yield "the log does not say what anybody has agreed to"
    for row in rows:
        name = f"{row['purpose']} by {row['channel']}"
        if row["conflicts"] > CONFLICTS * row["addresses"]:
            yield f"about {name} two sources say the opposite of {row['conflicts']:,} addresses"
    bare = [row for row in rows if row["without_evidence"] > row["yes"]]
    if bare:
        total = sum(row["without_evidence"] for row in bare)
        yield f"{total:,} yeses have no evidence"
    silent = [row for row in rows if row["unknown"] > UNKNOWN * max(row["addresses"], 1)]
    if silent:
        row = max(silent, key=lambda one: one["unknown"])
        yield f"of {row['unknown']:,} of {row['addresses']:,} addresses nothing is known about {row['purpose']} by {row['channel']}"


def capture(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is asked twice."""
    rows = found["capture"]["parallel"]
    differing = [row for row in rows if row["differ"] > DIFFERENT * row["people"]]
    if differing:
        row = differing[0]
        yield f"{place(row['one'])} and {place(row['other'])} both ask {row['name']}, and got two answers from {row['differ']:,} people"


def latency(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what comes too late to act on."""
    for row in found["latency"]:
        if row["events"] and row["late"] > LATE * row["events"]:
            yield f"{row['late'] / row['events']:.0%} of the events of {row['source']} come more than a day late"
    ahead = sum(row["ahead"] for row in found["latency"])
    if ahead > NOBODYS * found["log"]["events"]:
        yield f"{ahead:,} events come from clocks that run ahead"
    strange = [row["source"] for row in found["sources"] if not row.get("registered", True)]
    if strange:
        yield f"the project does not know {', '.join(strange[:3])}{' and others' if len(strange) > 3 else ''}"
    quiet = [row for row in found["sources"] if row["quiet_days"]]
    if quiet:
        yield f"{quiet[0]['source']} has been silent for {quiet[0]['quiet_days']:,} days"


def place(one: Mapping[str, str]) -> str:
    """Return where something was captured."""
    return f"{one['source']} ({one['type']})"


LAYERS: Mapping[str, Advice] = {
    "reading": reading,
    "identity": identity,
    "consent": consent,
    "capture": capture,
    "latency": latency,
}
