"""What an audit came to, as JSON has it. Rule: numbers, names of fields and sources, and masked values; nothing else."""

from __future__ import annotations

from verbline.interpreter.step.records import instant_text
from verbline.runtime.audit.fields import role_told
from verbline.runtime.audit.identities import of_identity
from verbline.runtime.audit.lags import DAY, Lags
from verbline.runtime.audit.survey import rate
from verbline.runtime.events import NEVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.runtime.audit.audit import Audit
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
            yield {"field": role.field, "taken_for": role_told(role), "from": role.guess}  # fmt: skip
    for name, answer in audit.hearing.types.items():
        if answer is not None:
            yield {"field": f"type {name}", "taken_for": "a yes" if answer else "a no", "from": "its name"}  # fmt: skip


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


# ---------- consent, capture, latency ----------


def of_consent(audit: Audit) -> dict[str, Any]:
    """Return who may be asked what, and who said it where."""
    asked = audit.given.asked() if audit.given is not None else ()
    rows = audit.spoken.rows(audit.identity, asked)
    return {
        # A project whose purposes all rest on something else asks nobody.
        "needed": audit.given is None or bool(asked),
        "purposes": [of_purpose(row) for row in rows],
        "sources": [
            {"source": source, **dict(sorted(acts.items()))}
            for source, acts in sorted(audit.spoken.acts.items())
        ],
        "sent_after_no": audit.spoken.against,
        "suppressed": len(audit.spoken.suppressed),
        "kept": list(kept(audit)),
    }


def kept(audit: Audit) -> Iterator[dict[str, Any]]:
    """Yield the purposes that the project keeps in one system and the log finds in others too."""
    given = audit.given
    spoken = audit.spoken.sources_of() if given is not None else {}
    for purpose in given.program.purposes.values() if given is not None else ():
        others = sorted(
            source
            for source in spoken.get(purpose.key, ())
            if given is not None and given.program.system(source) != purpose.keeper
        )
        if purpose.keeper and others:
            yield {"purpose": purpose.key, "kept_in": purpose.kept_in, "recorded_in": others}


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
                "wordings": one.wordings,
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
        "by": "order" if source in audit.survey.ordered - audit.recorded.keys() else "recorded",
        "median": lags.of_share(0.5),
        "p95": lags.of_share(0.95),
        "late": lags.late,
        "ahead": lags.ahead,
    }
