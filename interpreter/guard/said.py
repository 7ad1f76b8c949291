"""What an event says about being written to. Rule: a yes that leaves something open is refused; a no never is.

An event may carry ``consent``, a list of answers, or ``agrees``, the short form of a submitted form; an event of the type
``verbline.consent.ACT`` is one answer. Who does not say for whom they speak speaks for the system the event came from;
only a declared form and the system that keeps the purpose's answers speak for the person.
"""

from __future__ import annotations

from datetime import UTC, datetime

from verbline.interpreter.guard.consent import (
    EVERY,
    KIND_OF_CHANNEL,
    NO,
    SUBJECT,
    YES,
    Consent,
    key_of,
)
from verbline.interpreter.zones import instant_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any

    from verbline.interpreter.guard.purpose import Purpose

OWN_TYPE = "verbline.consent."
BLOCKING = frozenset(("suppress", "unsuppress", "bounce"))
ACTORS = ("staff", "system", "import")
BASES = ("soft:", "implied:")


class Occasion:
    """On what occasion something was said; all but the first five to be set where there is something to set.

    ``system`` is the name of the system the event came from, as systems are compared; ``person`` whom the event is about;
    ``form`` the agreements that a declared form asks for, as (purpose's key, channel or nothing), None where the event is
    no form's; ``addresses`` the addresses in the event by kind, such as ``email`` -> ``email:a@b.example``; ``notices``
    the hashes of the wordings that the project knows; ``epochs`` which holder's an address is, where not the first's;
    ``normal`` gives an address as it is compared, from its kind and how it was written; ``holds`` says whether an address is
    the person's, ``may_hold`` whether it can become theirs, ``vain`` are those of the event that cannot. ``seq`` is the first
    free place in the ledger.
    """

    __slots__ = (
        "addresses", "at", "epochs", "form", "holds", "known", "may_hold", "normal", "notices", "person", "purposes", "seq",
        "system", "vain",
    )  # fmt: skip

    def __init__(
        self, purposes: Mapping[str, Purpose], system: str, person: str | None, at: int, known: int
    ) -> None:
        self.purposes = purposes  # by key
        self.system = system
        self.person = person
        self.at = at
        self.known = known
        self.seq = 0
        self.form: Collection[tuple[str, str]] | None = None
        self.addresses: Mapping[str, str] = {}
        self.notices: Collection[str] = ()
        self.epochs: Mapping[str, int] = {}
        self.normal: Callable[[str, str], str] = as_written
        self.holds: Callable[[str], bool] = bool
        self.may_hold: Callable[[str], bool] = bool
        self.vain: Collection[str] = ()


def as_written(_kind: str, value: str) -> str:
    """Return an address as it was written."""
    return value


def consents_of_event(
    kind: str, given: Mapping[str, Any], occasion: Occasion
) -> tuple[list[Consent], list[str]]:
    """Return what an event of type ``kind`` with the fields ``given`` says, and why some of it was refused."""
    taken: list[Consent] = []
    refused: list[str] = []
    for answer in answers(kind, given):
        for one in placed(answer, occasion):
            found = consent_of(one, occasion, occasion.seq + len(taken))
            if isinstance(found, str):
                refused.append(found)
            else:
                taken.append(found)
    return taken, refused


def placed(answer: Any, occasion: Occasion) -> Iterator[Any]:
    """Yield an answer, where nobody can tell who says no and at which address, once for each address of the event."""
    is_open = occasion.person is None and isinstance(answer, dict)
    if not is_open or _text(answer, "act") not in NO or _text(answer, "contact"):
        yield answer
        return
    kind = KIND_OF_CHANNEL.get(_text(answer, "channel"))
    places = [key for one, key in occasion.addresses.items() if kind in (None, one)]
    yield from ({**answer, "contact": key} for key in places) if places else (answer,)


def answers(kind: str, given: Mapping[str, Any]) -> Iterator[Any]:
    """Yield each answer in an event as an entry of ``consent``."""
    if kind.startswith(OWN_TYPE):
        yield {**given, "act": kind.removeprefix(OWN_TYPE)}
        return
    listed = given.get("consent", ())
    yield from listed if isinstance(listed, list | tuple) else [listed]
    short = given.get("agrees", {})
    if not isinstance(short, dict):
        yield short
        return
    for purpose, by in short.items():
        channels = by if isinstance(by, dict) else {EVERY: by}
        for channel, answer in channels.items():
            if answer is not None:
                act = "grant" if answer is True else "deny" if answer is False else ""
                yield {"purpose": purpose, "channel": channel, "act": act, "short": True}


def consent_of(answer: Any, occasion: Occasion, seq: int) -> Consent | str:
    """Return one answer as an event of the ledger, or why it cannot be taken."""
    if not isinstance(answer, dict):
        return "an answer is an object with a purpose, a channel and an act"
    act = _text(answer, "act")
    if act in NO:
        return _no(answer, occasion, seq)
    if act in YES:
        return _yes(answer, occasion, seq)
    if act in BLOCKING:
        return _blocked(answer, occasion, seq)
    return f"nobody knows the act {answer.get('act')}"


def _no(answer: Mapping[str, Any], occasion: Occasion, seq: int) -> Consent:
    """Return a no; what it leaves open, or says in words that nobody knows, is meant in the widest way."""
    channel = _text(answer, "channel")
    channel = channel if channel in KIND_OF_CHANNEL else EVERY
    return _event(answer, occasion, seq, channel, _contact(answer, occasion, channel))


def _event(
    answer: Mapping[str, Any], occasion: Occasion, seq: int, channel: str, contact: str | None
) -> Consent:
    """Return what a yes and a no have in common."""
    return Consent(
        seq=seq,
        at=_at(answer, occasion) if "at" in answer else occasion.at,
        known=occasion.known,
        act=_text(answer, "act"),
        actor=_actor(answer, occasion),
        source=_source(answer, occasion),
        person=occasion.person,
        contact=contact,
        epoch=occasion.epochs.get(contact or "", 0),
        channel=channel,
        purpose=_text(answer, "purpose") or EVERY,
        topic=_text(answer, "topic") or None,
    )


def _blocked(answer: Mapping[str, Any], occasion: Occasion, seq: int) -> Consent | str:
    """Return that an address takes nothing any more, does again, or sent a message back; why, as a provider says it."""
    if not _text(answer, "contact"):
        return "an address is blocked and freed by its name"
    found = _no(answer, occasion, seq)
    found.basis = _text(answer, "basis") or _text(answer, "block-reason")
    found.until = _instant(answer, "until")
    return found


def _lacking(answer: Mapping[str, Any]) -> str:
    """Return why a yes cannot be taken, or nothing."""
    purpose, basis = _text(answer, "purpose"), answer.get("basis", "consent")
    if not purpose or purpose == EVERY:
        return "a yes names its purpose"
    if _text(answer, "channel") not in KIND_OF_CHANNEL:
        return f"a yes to {purpose} names one channel"
    if basis != "consent" and not str(basis).startswith(BASES):
        return f"a yes to {purpose} cannot rest on {basis}"
    if answer.get("until") is not None and _instant(answer, "until") is None:
        return f"a yes to {purpose} ends at a time with its offset"
    return ""


def _yes(answer: Mapping[str, Any], occasion: Occasion, seq: int) -> Consent | str:
    lacking = _lacking(answer)
    if lacking:
        return lacking
    channel = _text(answer, "channel")
    contact = _contact(answer, occasion, channel)
    if contact is None and answer.get("short"):
        contact = occasion.addresses.get(KIND_OF_CHANNEL[channel])
    said = _event(answer, occasion, seq, channel, contact)
    if contact is not None and not _is_theirs(contact, said.actor, occasion):
        return f"a yes to {said.purpose} is for an address of the person; another becomes theirs by their own word alone, while there is room"
    said.basis = str(answer.get("basis", "consent"))
    said.complete = _is_complete(answer, occasion, channel)
    said.until = _instant(answer, "until")
    said.token = _text(answer, "token")
    said.corrects = answer["corrects"] if isinstance(answer.get("corrects"), int) else None
    return said


def _is_theirs(contact: str, actor: str, occasion: Occasion) -> bool:
    """Return whether an address is the person's, or becomes theirs: since it came with the event, or by their own word."""
    if contact in occasion.vain:
        return False
    if contact in occasion.addresses.values() or occasion.holds(contact):
        return True
    return actor == SUBJECT and occasion.may_hold(contact)


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return value.strip() if isinstance(value, str) else ""


def _actor(answer: Mapping[str, Any], occasion: Occasion) -> str:
    """Return who speaks: as stated, else the person through a declared form or the keeper, else the system."""
    stated = answer.get("actor")
    if stated == SUBJECT or str(stated).partition(":")[0] in ACTORS:
        return str(stated)
    if stated is None and (occasion.form is not None or _is_keeper(answer, occasion)):
        return SUBJECT
    return f"system:{occasion.system}"


def _source(answer: Mapping[str, Any], occasion: Occasion) -> str:
    """Return the system that it was said to: the one that the event came from, or that a list names."""
    is_listed = str(answer.get("actor")).startswith("import:")
    return (_text(answer, "source") if is_listed else "") or occasion.system


def _is_keeper(answer: Mapping[str, Any], occasion: Occasion) -> bool:
    """Return whether the event came from the system that keeps the answers to the purpose."""
    purpose = occasion.purposes.get(key_of(_text(answer, "purpose")))
    return purpose is not None and bool(purpose.keeper) and purpose.keeper == occasion.system


def _is_complete(answer: Mapping[str, Any], occasion: Occasion, channel: str) -> bool:
    """Return whether the yes brings its evidence: the form's wording, one that is known or told, or the keeper's record.

    An answer of a list says itself what it ``lacks``.
    """
    if answer.get("lacks"):
        return False
    if occasion.form is not None:
        key = key_of(_text(answer, "purpose"))
        if (key, channel) in occasion.form or (key, "") in occasion.form:
            return True
    if _text(answer, "notice") in occasion.notices or _text(answer, "words"):
        return True
    return bool(_text(answer, "record")) and _is_keeper(answer, occasion)


def _contact(answer: Mapping[str, Any], occasion: Occasion, channel: str) -> str | None:
    """Return the address as the ledger names it; None where there is none, or where nobody knows of what kind it is."""
    written = _text(answer, "contact")
    kind, colon, value = written.partition(":")
    if not (colon and kind in KIND_OF_CHANNEL.values()):
        kind, value = KIND_OF_CHANNEL.get(channel) or kind_of(written), written
    return f"{kind}:{occasion.normal(kind, value)}" if kind and value else None


def kind_of(address: str) -> str:
    """Return the kind of an address from how it looks; nothing where that is not clear."""
    if "@" in address:
        return "email"
    return "phone" if address.startswith("+") else ""


def _at(answer: Mapping[str, Any], occasion: Occasion) -> int:
    """Return when it was said, where the answer tells that, as those of a list do; never after its event."""
    at = _instant(answer, "at")
    return occasion.at if at is None else min(at, occasion.at)


def _instant(answer: Mapping[str, Any], name: str) -> int | None:
    """Return an instant, or a time with its offset; None where that is not clear."""
    given = answer.get(name)
    if isinstance(given, int):
        return given
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return None if found.tzinfo is None else instant_of(found.astimezone(UTC).replace(tzinfo=None))
