"""What channels say later, as events of the runtime's own log. Rule: an event names the intent; an address it blocks is blocked.

    what happened             event                            beside it
    taken                     verbline.message.handed
    not known                 verbline.message.unknown
    refused, bounced          verbline.message.bounced         hard: the address is blocked (`bounced`, `invalid`)
                                                               soft: it counts; the third in a week lets the address rest
    the spam button           verbline.message.complained      the address is blocked (`complained`), the purpose is withdrawn
    the way out               verbline.message.unsubscribed    the purpose is withdrawn
    delivered, opened, clicked  verbline.message.…

The same report twice is one event: its name is made of what it says.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.runtime.channels.answers import BOUNCED, COMPLAINED, Accepted, Later, Refused, Unknown
from verbline.runtime.own import own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent

PREFIX = "verbline.message."
REPORTS_MAX = 2_500
BODY_MAX = 1 << 20
SUBJECT = "subject"
# A message that nobody knows about may be sent again, and nobody may know about it again.
AGAIN = frozenset(("opened", "clicked", "unknown"))
HARD: Final = "hard"
SOFT: Final = "soft"
# A bounce is soft unless a provider calls it one of these.
HARD_NAMES = frozenset(("hard", "bounce", "permanent", "hard_bounce", "hardbounce", "invalid"))
# How providers call what happened -> how we do.
NAMES = {
    "bounce": "bounced", "dropped": "bounced", "failed": "bounced", "undelivered": "bounced", "blocked": "bounced", "deferred": "",
    "complaint": "complained", "spamreport": "complained", "spam": "complained", "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed", "open": "opened", "click": "clicked", "delivery": "delivered", "processed": "", "sent": "",
    "queued": "", "accepted": "",
}  # fmt: skip


def named(event: object) -> object:
    """Return how we call what a provider calls ``event``."""
    return NAMES.get(event.lower(), event.lower()) if isinstance(event, str) else event


def kind_of_bounce(kind: object) -> object:
    """Return whether an address is dead, by how a provider calls the bounce."""
    return HARD if isinstance(kind, str) and kind.lower() in HARD_NAMES else SOFT


Event = Literal["bounced", "complained", "unsubscribed", "delivered", "opened", "clicked", ""]


class Report(BaseModel):
    """What a provider says of one message. ``event`` is empty where it is nothing that we keep; ``at`` is in seconds.

    A provider brings the key along that we gave it: as ``key``, or as the name of a mail, ``<KEY@domain>``.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    event: Annotated[Event, BeforeValidator(named)]
    key: Annotated[str, Field(min_length=1, max_length=200)]
    bounce: Annotated[
        Literal["hard", "soft"],
        BeforeValidator(kind_of_bounce),
        Field(validation_alias=AliasChoices("bounce-kind", "type")),
    ] = SOFT
    link: Annotated[str, Field(max_length=2000, alias="url")] = ""
    at: Annotated[int | None, Field(alias="timestamp", ge=0, le=1 << 40)] = None


def reports_of(body: bytes) -> tuple[list[Report], list[str]]:
    """Return the reports in the body of a call-back, and why others were left out: one object, a list, or ``events``.

    One that cannot be read leaves the others alone. The sentences hold nothing of what was sent.
    """
    if len(body) > BODY_MAX:
        return [], ["The body is larger than 1 MiB."]
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return [], ["The body is no JSON."]
    listed = read.get("events", [read]) if isinstance(read, dict) else read
    if not isinstance(listed, list) or len(listed) > REPORTS_MAX:
        return [], [f"The body is no list of up to {REPORTS_MAX} reports."]
    found: list[Report] = []
    faults: list[str] = []
    for number, one in enumerate(listed, 1):
        try:
            report = Report.model_validate(one)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "it"
            faults.append(f"Report {number}: {where} cannot be read.")
        else:
            found += [report] if report.event else []
    return found, faults


def event_of(intent: Intent, answer: Answer, at: int) -> dict[str, Any] | None:
    """Return the event that tells what became of an intent at ``at``; None where it is tried again, or says no to us alone."""
    match answer:
        case Accepted():
            return _event("handed", intent, at)
        case Unknown():
            return _event("unknown", intent, at)
        case Later():
            return None
        case Refused():
            if not answer.suppress:
                return None
            consent = [_blocked(intent, answer.suppress)]
            return _event("bounced", intent, at, consent, **{"bounce-kind": HARD})


def event_of_report(report: Report, intent: Intent, at: int) -> dict[str, Any]:
    """Return the event that a report about ``intent`` is; ``at`` is when it came, which counts where it says nothing itself."""
    at = min(at, report.at * 1000) if report.at is not None else at
    match report.event:
        case "bounced":
            consent = [_blocked(intent, BOUNCED) if report.bounce == HARD else _came_back(intent)]
            return _event("bounced", intent, at, consent, **{"bounce-kind": report.bounce})
        case "complained":
            consent = [_blocked(intent, COMPLAINED), _withdrawn(intent)]
            return _event("complained", intent, at, consent)
        case "unsubscribed":
            return _event("unsubscribed", intent, at, [_withdrawn(intent)])
        case "clicked":
            return _event("clicked", intent, at, link=report.link)
        case kind:
            return _event(kind, intent, at)


def _event(
    kind: str,
    intent: Intent,
    at: int,
    consent: list[dict[str, str]] | None = None,
    **more: str,
) -> dict[str, Any]:
    content = {
        "key": intent.key,
        "message-name": intent.message,
        "purpose": intent.purpose,
        "channel": intent.channel,
        **more,
    }
    kind_of_address = KIND_OF_CHANNEL.get(intent.channel)
    if intent.person:
        content["person"] = intent.person
    elif kind_of_address:
        content[kind_of_address] = intent.address
    # What can happen again is named by its time too; the rest happens once.
    named_by = [kind, *more.values(), str(at) if kind in AGAIN else ""]
    event = own_event(PREFIX + kind, at, content, f"{intent.key}:{':'.join(named_by)}".rstrip(":"))
    if consent:
        event["consent"] = consent
    return event


def _blocked(intent: Intent, why: str) -> dict[str, str]:
    return {
        "act": "suppress",
        "purpose": "*",
        "channel": intent.channel,
        "contact": intent.address,
        "basis": why,
    }


def _came_back(intent: Intent) -> dict[str, str]:
    return {
        "act": "bounce",
        "purpose": "*",
        "channel": intent.channel,
        "contact": intent.address,
        "basis": SOFT,
    }


def _withdrawn(intent: Intent) -> dict[str, str]:
    return {
        "act": "withdraw",
        "purpose": intent.purpose,
        "channel": intent.channel,
        "contact": intent.address,
        "actor": SUBJECT,
    }
