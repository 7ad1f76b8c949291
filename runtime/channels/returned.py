"""Mails that come back: bounces (RFC 3464) and complaints (RFC 5965). Rule: only what names a mail of ours is a report.

The name is the ``Message-ID`` of the mail that came back, in whose first part stands the key of the intent.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

from verbline.runtime.channels.delivery import HARD, SOFT, Report
from verbline.runtime.channels.intent import KEY
from verbline.runtime.channels.mail import FINER_ABOUT_ADDRESS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

SIZE_MAX = 4 << 20
MESSAGE_ID = re.compile(r"^Message-ID:\s*<([^@<>\s]+)@", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"^Status:\s*([245])\.(\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
ACTION = re.compile(r"^Action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
FEEDBACK = re.compile(r"^Feedback-Type:\s*([\w-]+)", re.IGNORECASE | re.MULTILINE)
ABUSE = frozenset(("abuse", "fraud", "virus", "opt-out"))


def report_of_mail(content: bytes) -> Report | None:
    """Return the report that a mail is; None where it is none, or names no mail of ours."""
    if len(content) > SIZE_MAX:
        return None
    parts = dict(parts_of(message_from_bytes(content, policy=default)))
    named = MESSAGE_ID.search(parts.get("original", ""))
    if named is None or not KEY.fullmatch(named[1]):
        return None
    feedback = FEEDBACK.search(parts.get("feedback-report", ""))
    if feedback is not None:
        is_abuse = feedback[1].lower() in ABUSE
        return Report(event="complained", key=named[1]) if is_abuse else None
    status = parts.get("delivery-status", "")
    action, code = ACTION.search(status), STATUS.search(status)
    if action is None or action[1].lower() not in ("failed", "delayed"):
        return None
    hard = code is not None and code[1] == "5" and FINER_ABOUT_ADDRESS.fullmatch(code[2])
    failed = action[1].lower() == "failed"
    return Report.model_validate(
        {"event": "bounced", "key": named[1], "bounce-kind": HARD if failed and hard else SOFT}
    )


def parts_of(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the parts that say something: the report by its kind, and the headers of the mail that came back."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/feedback-report"):
            yield kind.partition("/")[2], written(part)
        elif kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            yield "original", written(part)


def written(part: Message) -> str:
    """Return a part as it was written, without its own headers."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(str(one) for one in payload)
    decoded = part.get_payload(decode=True)
    return decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload)
