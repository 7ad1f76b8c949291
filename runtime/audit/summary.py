"""What an audit came to, as JSON has it. Rule: numbers, names of fields and sources, and masked values; nothing else."""

from __future__ import annotations

from verbline.interpreter.step.records import instant_text
from verbline.runtime.audit.fields import CONTACT, KEY, WEAK
from verbline.runtime.audit.lags import DAY, Lags
from verbline.runtime.audit.survey import rate
from verbline.runtime.events import NEVER
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.runtime.audit.audit import Audit
    from verbline.runtime.audit.sharing import Sharing
    from verbline.runtime.audit.spoken import Row
    from verbline.runtime.audit.survey import Kind

TYPES_TOLD, PAIRS_TOLD, PARALLEL_TOLD = 12, 5, 40
# A source is quiet when the log has gone on without it for so many days, and for so many times its own pace.
QUIET_DAYS, QUIET_TIMES = 3, 10


def summary(audit: Audit) -> dict[str, Any]:
    """Return the five parts of an audit, and what was read and guessed."""
    return {
        "log": of_log(audit),
        "guesses": list(guesses(audit)),
        "sources": [of_source(audit, *one) for one in audit.survey.sources().items()],
        "identity": of_identity(audit),
        "consent": of_consent(audit),
        "capture": of_capture(audit),
        "latency": [of_latency(audit, source) for source in audit.survey.sources()],
    }


def instant(at: int) -> str | None:
    """Return an instant as text, None where there is none."""
    return instant_text(at) if abs(at) < -NEVER else None


def of_log(audit: Audit) -> dict[str, Any]:
    """Return what was read."""
    book, survey = audit.book, audit.survey
    return {
        "files": len(book.files),
        "events": book.events,
        "first": instant(survey.first),
        "last": instant(survey.last),
        "duplicates": book.duplicates,
        "parked": dict(sorted(book.parked.items())),
        "parked_first": [
            {"file": one.file, "offset": one.offset, "reason": one.fault.reason}
            for one in book.places
        ],
        "clock_ahead": book.ahead,
        "late": book.late,
        "without_time": sum(kind.count - kind.timed for kind in survey.kinds.values()),
    }


def guesses(audit: Audit) -> Iterator[dict[str, str]]:
    """Yield what was guessed, and from what."""
    for table in audit.book.tables:
        names = table.columns.names
        for part in ("time", "recorded", "type", "source"):
            if part in table.columns.guessed:
                yield {"file": table.path.name, "field": names[part], "taken_for": part}
        if "time" not in names:
            yield {"file": table.path.name, "field": "", "taken_for": "no time"}
        if any(not one.is_sure for one in table.columns.instants.values()):
            yield {"file": table.path.name, "field": "", "taken_for": "day before month"}
        if table.encoding != "utf-8":
            yield {"file": table.path.name, "field": "", "taken_for": table.encoding}
    for role in audit.fields.roles.values():
        if role.guess:
            yield {"field": role.field, "taken_for": told(role.what, role.name, role.kind), "from": role.guess}  # fmt: skip
    for name, answer in audit.hearing.types.items():
        if answer is not None:
            yield {"field": f"type {name}", "taken_for": "a yes" if answer else "a no", "from": "its name"}  # fmt: skip


def told(what: str, name: str, kind: str) -> str:
    """Return a role in words."""
    words = {KEY: f"the key {name}", CONTACT: f"a contact point ({kind})", WEAK: f"a device ({name})", "trait": name}  # fmt: skip
    return words.get(what, "an agreement" if what == "agreement" else f"asked of people ({name})")


# ---------- sources ----------


def of_source(audit: Audit, source: str, kinds: list[tuple[str, Kind]]) -> dict[str, Any]:
    """Return the events of one source."""
    count = sum(kind.count for _name, kind in kinds)
    first, last = min(kind.first for _, kind in kinds), max(kind.last for _, kind in kinds)
    found: dict[str, Any] = {
        "source": source,
        "events": count,
        "first": instant(first),
        "last": instant(last),
        "a_day": round(rate(count, first, last), 2) if last > NEVER else None,
        "types": [of_type(audit, source, *one) for one in kinds[:TYPES_TOLD]],
        "more_types": max(len(kinds) - TYPES_TOLD, 0),
        "quiet_days": quiet(audit.survey.last, first, last, count),
    }
    if audit.given is not None:
        found["registered"] = audit.given.is_registered(source)
    return found


def of_type(audit: Audit, source: str, name: str, kind: Kind) -> dict[str, Any]:
    """Return the events of one type from one source."""
    found: dict[str, Any] = {
        "type": name,
        "events": kind.count,
        "first": instant(kind.first),
        "last": instant(kind.last),
        "a_day": round(rate(kind.count, kind.first, kind.last), 2) if kind.timed else None,
    }
    if audit.given is not None:
        found["declared"] = audit.given.names_type(source, name)
    return found


def quiet(end: int, first: int, last: int, count: int) -> int:
    """Return for how many days a source has been silent at the end of the log, 0 where that is its pace."""
    if last <= NEVER or count < QUIET_TIMES:
        return 0
    pace = (last - first) / (count - 1)
    silent = end - last
    return silent // DAY if silent > max(QUIET_DAYS * DAY, QUIET_TIMES * pace) else 0


# ---------- identity ----------


def of_identity(audit: Audit) -> dict[str, Any]:
    """Return who shares what."""
    sharing, rules = audit.sharing, audit.identity.links.rules
    people, values = sharing.people(), sharing.values()
    fields = [*rules.keys, *rules.contacts, *rules.weak]
    return {
        "fields": [
            of_field(
                audit,
                field,
                namespace(field) if field not in rules.contacts else rules.contacts[field],
            )
            for field in fields
        ],
        "undeclared": [
            {"field": one.field, "taken_for": told(one.what, one.name, one.kind)}
            for one in audit.others
        ],
        "unclear": list(audit.fields.unclear),
        "people": people._asdict(),
        "values": values,
        **of_shared(audit, values),
        "role_mailboxes": sharing.posts(),
        **of_placeholders(sharing),
        "same_value": of_clusters(sharing),
        "followed": sharing.events,
        "full_after": sharing.full or None,
    }


def of_shared(audit: Audit, values: Mapping[str, int]) -> dict[str, Any]:
    """Return how many values several people share, and those that most do."""
    steps, most, public = audit.sharing.shared()
    total = sum(number for kind, number in values.items() if kind in audit.identity.links.telling)
    several = sum(sum(one.values()) for one in steps.values())
    return {
        "shared": steps,
        "shared_share": round(several / total, 4) if total else 0.0,
        "most_shared": [
            {
                "kind": one.kind,
                "people": one.people,
                "value": masked(one.kind, one.value) if audit.wish.shows_values else None,
            }
            for one in most
        ],
        "everybodys_devices": public,
    }


def of_placeholders(sharing: Sharing) -> dict[str, Any]:
    """Return the values that stand for nobody."""
    return {
        "placeholders": [
            {"field": field, "value": value, "events": number}
            for (field, value), number in sharing.placeholders.most_common(10)
        ],
        "placeholder_events": sum(sharing.placeholders.values()),
    }


def of_field(audit: Audit, field: str, kind: str) -> dict[str, Any]:
    """Return one field that names somebody, and what of it could not be taken."""
    refused = audit.sharing.refused
    reasons = ("blocked", "invalid", "held_by_another", "another_value", "limit", "public")
    return {
        "field": field,
        "kind": kind,
        "refused": {reason: refused[field, reason] for reason in reasons if refused[field, reason]},
    }


def of_clusters(sharing: Sharing) -> dict[str, Any]:
    """Return what "same value, same person" would make of the log, beside the guarded rules."""
    return {
        "profiles": sharing.plain.profiles(),
        "biggest_by_rules": sharing.biggest(),
        "biggest": [
            {
                "values": sum(one.values.values()),
                "by_kind": one.values,
                "people": one.people,
                "events": one.events,
                "through": one.through,
            }
            for one in sharing.clusters()
        ],
    }


def masked(kind: str, value: str) -> str:
    """Return a value with most of its letters hidden."""
    if kind == "email" and "@" in value:
        local, _, domain = value.rpartition("@")
        name, _, end = domain.rpartition(".")
        return f"{local[:1]}…@{name[:1]}….{end}"
    return f"{value[:3]}…{value[-2:]}" if len(value) > 7 else f"{value[:1]}…"


# ---------- consent, capture, latency ----------


def of_consent(audit: Audit) -> dict[str, Any]:
    """Return who may be asked what, and who said it where."""
    asked = audit.given.asked() if audit.given is not None else ()
    rows = audit.spoken.rows(audit.identity, asked)
    return {
        "purposes": [of_purpose(row) for row in rows],
        "sources": [
            {"source": source, **dict(sorted(acts.items()))}
            for source, acts in sorted(audit.spoken.acts.items())
        ],
        "suppressed": len(audit.spoken.suppressed),
    }


def of_purpose(row: Row) -> dict[str, Any]:
    """Return one purpose by one channel."""
    return {
        "purpose": row.purpose,
        "channel": row.channel,
        "addresses": row.total,
        **row.counts,
        "conflicts": row.conflicts,
        "between": [
            {"yes": yes, "no": no, "addresses": number}
            for (yes, no), number in row.pairs.most_common(PAIRS_TOLD)
        ],
    }


def of_capture(audit: Audit) -> dict[str, Any]:
    """Return the places that ask the same people the same."""
    found = audit.capture.found()
    return {
        "one_of": audit.capture.step,
        "pairs": len(found),
        "parallel": [
            {
                "what": one.what,
                "name": one.name,
                "one": {"source": one.one[0], "type": one.one[1]},
                "other": {"source": one.other[0], "type": one.other[1]},
                "people": one.people,
                "differ": one.differ,
            }
            for one in found[:PARALLEL_TOLD]
        ],
    }


def of_latency(audit: Audit, source: str) -> dict[str, Any]:
    """Return how late the events of one source are recorded, in milliseconds."""
    lags = audit.survey.lags.get(source, Lags())
    return {
        "source": source,
        "events": lags.count,
        "median": lags.of_share(0.5),
        "p95": lags.of_share(0.95),
        "late": lags.late,
        "ahead": lags.ahead,
    }
