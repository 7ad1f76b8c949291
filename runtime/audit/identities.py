"""What names people in a log and who shares it, as JSON has it. Rule: a value is told only where somebody asked for it, and then
masked in part.
"""

from __future__ import annotations

from verbline.runtime.audit.fields import role_told
from verbline.runtime.identity.signs import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.runtime.audit.audit import Audit
    from verbline.runtime.audit.sharing import Sharing


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
        "undeclared": [{"field": one.field, "taken_for": role_told(one)} for one in audit.others],
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
