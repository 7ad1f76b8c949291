"""Messages that went out though somebody had said no before. Rule: nobody knew it then; what was decided stays, and is told.

A no that becomes known late changes no decision that was taken before. So each message that was sent is asked about once more, with
what the ledger knows today: where the guard would have said no, it is told which words came too late.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, NO
from verbline.interpreter.guard.question import Sending
from verbline.runtime.consent.standing import Somebody, person_of, standing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from verbline.interpreter.program.program import Program
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.rows import Said
    from verbline.runtime.consent.standing import Standing


class Sent(NamedTuple):
    """A message that was sent: when it was decided, to whom, where, by what, for what, and the event that caused it."""

    at: int
    person: str
    contact: str
    channel: str
    purpose: str
    message: str
    journey: str
    cause: tuple[str, str]


class Wrong(NamedTuple):
    """A message that would not go out today, why, and the words that became known too late."""

    sent: Sent
    today: Standing
    late: list[Said]


def sent_in(record: Any, told: Mapping[str, Any]) -> Sent | None:
    """Return the message that a trace record tells of, whose further values are ``told``; None where none was sent."""
    if record.kind != "message" or record.verdict != "sent" or not told.get("contact"):
        return None
    channel = told["channel"]
    return Sent(
        record.at, record.person, f"{KIND_OF_CHANNEL[channel]}:{told['contact']}", channel, told["purpose"], told["message"],
        record.journey, record.cause,
    )  # fmt: skip


def wrongly_sent(
    program: Program, ledger: Ledger, sent: Iterable[Sent], somebody: Callable[[str], Somebody]
) -> Iterator[Wrong]:
    """Yield the messages that were sent after somebody had said no, before anybody knew it.

    ``somebody`` gives the person with an id. Raises NoKeyError where addresses were erased and there is no key.
    """
    for one in sent:
        who = somebody(one.person)
        late = [said for said in ledger.said(who.ids, (one.contact,)) if is_late(said, one.at)]
        if not late or who.erased:
            continue
        kind, _colon, value = one.contact.partition(":")
        holder = who._replace(contacts=[(kind, value)])
        person = person_of(ledger, holder, None)
        today = standing(
            program,
            person,
            Sending(program.purposes[one.purpose]),
            (one.channel, one.contact, one.at, None),
        )
        if today.verdict == "deny":
            yield Wrong(
                one, today, [said for said in late if said.consent.seq in today.evidence] or late
            )


def is_late(said: Said, at: int) -> bool:
    """Return whether somebody had said no at ``at``, and nobody knew."""
    one = said.consent
    return one.act in NO and one.when <= at < one.known
