"""What somebody says with a link of a message. Rule: a link speaks for the message that it stood in, and for nothing else.

    leave     the purpose is withdrawn at the address      verbline.message.unsubscribed
    answer    to a question, or to a task of a desk        verbline.question.answered, verbline.desk.answered
    confirm   the yes that waits for it                    verbline.consent.confirm

A web server shows a page for the link, and what is sent from that page is written down. The same thing said twice is one event.
"""

from __future__ import annotations

from verbline.runtime.channels.delivery import SUBJECT, Report, event_of_report, reports_of
from verbline.runtime.channels.links import ANSWER, CONFIRM, LEAVE
from verbline.runtime.channels.returned import report_of_mail
from verbline.runtime.leaving.drafts import CONFIRMATION, QUESTION, TASK
from verbline.runtime.own import own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.links import Claim


def reply_of(claim: Claim, intent: Intent, at: int) -> dict[str, Any] | None:
    """Return the event that a link in ``intent`` is, used ``at``; None where no such link stood in it."""
    match claim.kind, intent.kind:
        case (kind, _) if kind == LEAVE and intent.purpose:
            report = Report(event="unsubscribed", key=intent.key)
            return event_of_report(report, intent, at)
        case (kind, what) if kind == ANSWER and what in (QUESTION, TASK):
            return answered(claim, intent, at)
        case (kind, what) if kind == CONFIRM and what == CONFIRMATION:
            return confirmed(intent, at)
        case _:
            return None


def answered(claim: Claim, intent: Intent, at: int) -> dict[str, Any]:
    """Return the answer of the person, or of the desk."""
    content = {"key": intent.key, "answer": claim.answer, "person": intent.person}
    if intent.task is not None:
        content["desk"] = intent.task.desk
    kind = "verbline.question.answered" if intent.task is None else "verbline.desk.answered"
    named = {name: value for name, value in content.items() if value}
    return own_event(kind, at, named, f"{intent.key}:answered:{claim.answer}")


def confirmed(intent: Intent, at: int) -> dict[str, Any]:
    """Return that the person confirms the yes for which the request was sent."""
    content = {
        "act": "confirm",
        "purpose": intent.purpose,
        "channel": intent.channel,
        "contact": intent.address,
        "token": intent.token,
        "actor": SUBJECT,
        "person": intent.person,
    }
    return own_event("verbline.consent.confirm", at, content, f"{intent.key}:confirmed")


# What providers and mailboxes send back


def reports_in(content: bytes) -> tuple[list[Report], list[str]]:
    """Return the reports in what came back: a mail, or the body of a provider's call-back; and why others were left out."""
    if content.lstrip()[:1] in (b"{", b"["):
        return reports_of(content)
    report = report_of_mail(content)
    return (
        ([], ["It is no call-back and no report about a mail of ours."])
        if report is None
        else ([report], [])
    )


def key_in(report: Report) -> str:
    """Return the key that a report names, which may stand in the name of a mail: ``<KEY@domain>``."""
    return report.key.strip().strip("<>").partition("@")[0]
