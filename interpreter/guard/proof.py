"""That the guard refuses what it must. Rule: the guard is asked, and its answers are compared with a table that knows no code.

`prove` asks about every combination of what a message is for, what its country says, what is on record, the address, and
doubts about the person. The table is ``must.toml``: what has to be refused, and what has to be allowed, so that a guard
that refuses everything does not pass either.
"""

from __future__ import annotations

from itertools import product

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, Consent
from verbline.interpreter.guard.decide import ALLOW, decide
from verbline.interpreter.guard.policy import plain
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Address, Question, Sending
from verbline.interpreter.zones import DAY, HOUR, zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.interpreter.guard.caps import Accepted
    from verbline.interpreter.guard.decide import Decision
    from verbline.interpreter.guard.policy import Policy, Row

# Noon of day 20, when it is quiet nowhere.
NOON = 20 * DAY + 12 * HOUR
# Messages that need nothing, those that need something, and what is asked of the person and not of an address.
GROUPS = ("free", "bound", "asked")
OTHER = {"email": "post", "post": "email"}


class Proof:
    """How many combinations were looked at, of how many different rows of the table, and the first that was wrong."""

    __slots__ = ("cases", "counterexample", "rows", "rows_different")

    def __init__(self) -> None:
        self.cases = 0
        self.rows = 0
        self.rows_different = 0
        self.counterexample = ""


class Somebody:
    """A person of whom only what a case says is known."""

    __slots__ = ("accepted", "consents", "contacts", "disputed", "erased", "id", "merged")

    def __init__(self, consents: Sequence[Consent], contacts: Sequence[Address]) -> None:
        self.id = "P1"
        self.merged: Sequence[str] = ()
        self.contacts = contacts
        self.consents = consents
        self.accepted: Sequence[Accepted] = ()
        self.disputed = False
        self.erased = False


class Wish:
    """What a message is for: a purpose, which may also rest on a sale (``soft``) or ask for a link (``confirmed``), and
    whether it carries an offer. ``need`` and ``group`` say what it needs and how it is held back.
    """

    __slots__ = ("basis", "cls", "group", "is_confirmed", "is_offer", "need", "sending")

    def __init__(
        self, needs: Mapping[str, Any], cls: str, basis: str, extra: str, *, offer: bool = False
    ) -> None:
        purpose = Purpose("p", cls, basis, tuple(KIND_OF_CHANNEL))
        purpose.soft = extra == "soft"
        purpose.lapses = (10, "day")
        purpose.confirm = (28, "day") if extra == "confirmed" else None
        self.cls = "marketing" if offer else cls
        self.basis = basis
        self.need = needs[self.cls][basis]
        self.group = "free" if self.need == "none" else "bound"
        if cls == "recognition":
            self.group = "asked"
        self.is_confirmed = extra == "confirmed"
        self.is_offer = offer
        self.sending = Sending(purpose, promotion=offer)

    def __str__(self) -> str:
        purpose = self.sending.purpose
        extras = [
            *(["also on a sale"] if purpose.soft else []),
            *(["confirmed by a link"] if self.is_confirmed else []),
            *(["with an offer"] if self.is_offer else []),
        ]
        return f"{purpose.cls} by {self.basis}{''.join(', ' + one for one in extras)}"


def prove(policy: Policy, table: Mapping[str, Any] | None = None) -> Proof:
    """Return what came out; rows that say the same about a channel are looked at once."""
    must = table or standard_table()
    proof = Proof()
    different: dict[str, Row] = {}
    for row in policy.rows():
        proof.rows += 1
        # Quiet hours play no part at noon.
        different.setdefault(f"{row.channel} {plain(row)[2:-1]}", row)
    proof.rows_different = len(different)
    wishes = list(wishes_of(must))
    for row in different.values():
        _prove_row(proof, policy, must, wishes, row)
        if proof.counterexample:
            break
    return proof


def _prove_row(
    proof: Proof, policy: Policy, must: Mapping[str, Any], wishes: Sequence[Wish], row: Row
) -> None:
    """Look at every combination in one row; stop at the first that is wrong."""
    asked = {
        address["name"]: [question_of(wish, row, address["name"]) for wish in wishes]
        for address in must["address"]
    }
    for record in must["record"]:
        enough = [is_enough(must, wish, row, record) for wish in wishes]
        for address, disputed in product(must["address"], (False, True)):
            reached = {group: reaches(address, group, disputed=disputed) for group in GROUPS}
            person = somebody(record, address["name"], row.channel)
            person.disputed = disputed
            answers = zip(wishes, enough, asked[address["name"]], strict=True)
            for wish, is_fit, question in answers:
                may = is_fit and reached[wish.group]
                proof.cases += 2
                person.erased = False
                decision = decide(question, person, policy)
                person.erased = True
                forgotten = decide(question, person, policy)
                if (decision.verdict == ALLOW) is may and forgotten.verdict != ALLOW:
                    continue
                case = f"{wish}; {row.country} {row.channel}; {record['name']}; {address['name']}"
                case += "; in dispute" * disputed
                if forgotten.verdict == ALLOW:
                    proof.counterexample = told(f"{case}; forgotten", forgotten)
                else:
                    proof.counterexample = told(case, decision)
                return


def question_of(wish: Wish, row: Row, address: str) -> Question:
    """Return the question of a case."""
    home = zone("UTC")
    assert home is not None
    question = Question(wish.sending, row.channel, NOON, row.country, (home,))
    question.contact, question.address = asked_about(address, row.channel)
    return question


def reaches(address: Mapping[str, Any], group: str, *, disputed: bool) -> bool:
    """Return whether a message of ``group`` may go to ``address`` at all."""
    if group == "asked":
        return not disputed
    return group not in address["blocks"] and (not disputed or group in address["disputed"])


def told(case: str, decision: Decision) -> str:
    """Return a sentence about a wrong answer."""
    wrong = "is allowed" if decision.verdict == ALLOW else "is refused"
    return f"{case}: {wrong} ({decision.reason})"


def wishes_of(must: Mapping[str, Any]) -> Iterator[Wish]:
    """Yield every kind of message."""
    for cls, by_basis in must["needs"].items():
        for basis, extra in product(by_basis, ("", "soft", "confirmed")):
            yield Wish(must["needs"], cls, basis, extra)
        if cls in must["offers"]["classes"]:
            yield from (Wish(must["needs"], cls, basis, "", offer=True) for basis in by_basis)


def is_enough(must: Mapping[str, Any], wish: Wish, row: Row, record: Mapping[str, Any]) -> bool:
    """Return whether the table says that what is on record is enough."""
    need = row.regime if wish.need == "country" else wish.need
    if need == "none":
        return True
    if record.get("recognition") and wish.cls == "recognition":
        return not waits(must, wish, row)
    if record.get("post") and row.channel == "post":
        return True
    if record.get("waits") and waits(must, wish, row):
        return False
    if record.get("soft") and need == "opt_in" and wish.cls == "marketing":
        return wish.sending.purpose.soft and "sale" in row.soft
    return need in record["enough"]


def waits(must: Mapping[str, Any], wish: Wish, row: Row) -> bool:
    """Return whether a yes waits until its link is used."""
    if wish.is_confirmed and row.channel in must["confirmed"]["channels"]:
        return True
    return row.confirmed and f"{wish.cls} {wish.basis}" in must["confirmed"]["purposes"]


def somebody(record: Mapping[str, Any], address: str, channel: str) -> Somebody:
    """Return the person of a case."""
    kind = KIND_OF_CHANNEL[channel]
    here = Address(kind, "here")
    here.health = {
        "an address that bounced": "bounced",
        "an address that does not exist": "invalid",
        "an address that complained": "complained",
    }.get(address, "")
    told = [*record["events"], *LEDGER.get(address, ())]
    consents = [event(one, number, channel) for number, one in enumerate(told, 1)]
    is_held = address not in ("no address", "an address that only the event names")
    return Somebody(consents, [here] if is_held else [])


# What the ledger says of an address.
LEDGER: dict[str, list[dict[str, Any]]] = {
    "an address that bounced, as the ledger says": [
        {"day": 2, "act": "suppress", "basis": "bounced", "purpose": "*", "channel": "*"}
    ],
    "an address whose holder was forgotten": [
        {"day": 19, "act": "erase", "purpose": "elsewhere", "channel": "*", "person": "P9"}
    ],
}


def asked_about(address: str, channel: str) -> tuple[str, str]:
    """Return the one address that is asked about, or nothing, and the one in the event."""
    kind = KIND_OF_CHANNEL[channel]
    if address == "an address of somebody else":
        return f"{kind}:elsewhere", ""
    return "", f"{kind}:new" if address == "an address that only the event names" else ""


def event(told: Mapping[str, Any], seq: int, channel: str) -> Consent:
    """Return an event of the ledger."""
    contact, by = told.get("contact"), told.get("channel", channel)
    at = told["day"] * DAY
    return Consent(
        seq=seq,
        at=at,
        known=at,
        act=told.get("act", "grant"),
        actor=told.get("actor", "subject"),
        source=told.get("source", ""),
        person=told.get("person", "P1"),
        contact=f"{KIND_OF_CHANNEL[channel]}:{contact or 'here'}" if contact != "" else None,
        channel=OTHER.get(channel, "email") if by == "other" else by,
        purpose=told.get("purpose", "p"),
        topic=told.get("topic"),
        basis=told.get("basis", "consent"),
        complete=told.get("complete", True),
        until=told["until"] * DAY if "until" in told else None,
        token=told.get("token", ""),
        epoch=told.get("epoch", 0),
    )


def standard_table() -> Mapping[str, Any]:
    """Return the table beside this file."""
    import tomllib
    from importlib import resources

    text = resources.files("verbline.interpreter.guard").joinpath("must.toml").read_text("utf-8")
    return tomllib.loads(text)
