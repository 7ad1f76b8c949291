"""The record of one person. Rule: everything that a decision reads about a person stands here, as plain values.

Instants are milliseconds since 1970-01-01 UTC. A record belongs to one turn at a time, which changes it in place; `encode`
makes bytes of it and reads them back.
"""

from __future__ import annotations

from bisect import insort
from hashlib import sha256
from typing import Any

from verbline.interpreter.person.aside import NONE, ORDINARY, USUAL, Rest, Unusual, aside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.aside import Aside
    from verbline.interpreter.person.parts import Parts
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.zones import Zone

    # When it is due, its place in the order of setting, what it is for, and the visit it belongs to (0: the person's own).
    Timer: TypeAlias = "tuple[int, int, str, int]"
    # The instant, the order it was met in, the moment, its typed fields, and the event that brought it.
    Past: TypeAlias = "tuple[int, int, str, dict[str, Any], Cause]"
    # Who says it, what a field is, when it happened, and the place of the stimulus from which it was learned.
    Claim: TypeAlias = "tuple[str, Any, int, int]"
    # Where the event came from and its id there.
    Cause: TypeAlias = "tuple[str, str]"

NO_CAUSE = ("", "")

# Health of a contact point: what a channel or its provider said about it.
USABLE, BOUNCED, COMPLAINED, INVALID = "", "bounced", "complained", "invalid"


def put(record: Person | Visit, slot: str, name: Any, value: Any) -> None:
    """Write ``value`` under ``name`` into a mapping of ``record``, which gets one of its own where it has none yet."""
    known = getattr(record, slot)
    if known is NONE:
        setattr(record, slot, {name: value})
    else:
        known[name] = value


class Contact:
    """An address at which the person can be reached: ``kind`` is email, phone, push or post, ``since`` when it became known."""

    __slots__ = ("epoch", "health", "kind", "since", "value", "verified")

    def __init__(
        self,
        kind: str,
        value: str,
        since: int,
        *,
        verified: bool = False,
        health: str = USABLE,
        epoch: int = 0,
    ) -> None:
        self.kind = kind
        self.value = value
        self.since = since
        self.verified = verified
        self.health = health
        self.epoch = epoch

    @property
    def key(self) -> str:
        """The contact as consent events name it, such as ``email:a@b.example``."""
        return f"{self.kind}:{self.value}"


# No visit ended: none began but those of somebody else who was taken for this person. Their numbers are not given again.
NOT_YET = -(1 << 62)


class Run:
    """What is kept of the visits with one journey and correlation value: how many began, and when the last one ended."""

    __slots__ = ("ended", "number")

    def __init__(self, number: int = 0, ended: int | None = None) -> None:
        self.number = number
        self.ended = ended


def key_of(visit: str, step: str, occurrence: int) -> str:
    """Return the key of an effect that a step has had in a visit."""
    return sha256(f"{visit}\0{step}\0{occurrence}".encode()).hexdigest()[:32]


class Visit:
    """One run of one journey by one person.

    ``serial`` tells the person's visits apart; ``step`` is the step the person stands at, ``at``
    the instant it was reached and ``order`` the place in the person's order of events; ``anchor`` is from where a wait
    looks. ``fields`` are those of the latest moments of this visit; ``past`` what happened that a later wait may look back
    to; ``hold`` what the step has to remember while the person stands there; ``done`` counts the times a message or task
    was made, by step. ``unusual`` holds what few visits have, which is read and written as if it stood here.
    """

    __slots__ = (
        "anchor",
        "at",
        "began",
        "cause",
        "correlation",
        "done",
        "fields",
        "hold",
        "journey",
        "number",
        "order",
        "past",
        "person",
        "serial",
        "started",
        "step",
        "unusual",
        "version",
    )

    def __init__(
        self, person: str, journey: str, version: str, correlation: str, number: int, serial: int
    ) -> None:
        self.person = person
        self.journey = journey
        self.version = version
        self.correlation = correlation
        self.number = number
        self.serial = serial
        self.started = 0
        self.began = 0  # the same, as a place in the order of events
        self.cause: Cause = NO_CAUSE
        self.step: Step = None  # type: ignore[assignment]  # set when the first step is reached
        self.at = 0
        self.order = 0
        self.anchor = 0
        self.fields: dict[str, Any] = NONE
        self.past: tuple[Past, ...] = ()
        self.hold: dict[str, Any] = NONE
        self.done: dict[str, int] = NONE
        self.unusual = USUAL

    task: Aside[dict[str, Any]] = aside("unusual", Unusual, USUAL, "task")
    turns: Aside[dict[str, Any]] = aside("unusual", Unusual, USUAL, "turns")
    spent: Aside[frozenset[str]] = aside("unusual", Unusual, USUAL, "spent")
    name: Aside[str] = aside("unusual", Unusual, USUAL, "name")

    @property
    def id(self) -> str:
        """The name of the visit: 16 hexadecimal digits, the same wherever the same log is read."""
        name = self.name
        if not name:
            name = self.name = self.first_name()
        return name

    def first_name(self) -> str:
        """Return the name that the visit has as long as nobody took the person for another, and from then on keeps."""
        parts = (self.journey, self.person, self.correlation, str(self.number))
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return sha256(text).hexdigest()[:16]

    def next_occurrence(self, step: str) -> int:
        """Return how many effects ``step`` has had, with the one that comes now, which is counted."""
        done = self.done
        if done is NONE:
            self.done = {step: 1}
            return 1
        occurrence = done[step] = done.get(step, 0) + 1
        return occurrence

    def key(self, step: str) -> str:
        """Return the key of the next effect of ``step``: the hash of visit, step and occurrence, which is counted."""
        return key_of(self.id, step, self.next_occurrence(step))


class Person:
    """One person. See the slots; ``serial`` counts timers and visits, ``order`` the events met.

    ``timers`` stand in the order in which they fall due. ``rest`` holds what few people have, which is read and written as
    if it stood here; who has nothing of it shares `ORDINARY`.
    """

    __slots__ = (
        "alarm",
        "claims",
        "consents",
        "contacts",
        "id",
        "last_action",
        "last_time",
        "life",
        "number",
        "order",
        "recent",
        "rest",
        "runs",
        "serial",
        "timers",
        "values",
        "visits",
        "zone",
    )

    def __init__(self, identity: str, number: int = 0) -> None:
        self.id = identity
        self.number = number  # place in the order in which people became known
        self.values: dict[str, Any] = NONE
        self.claims: dict[str, tuple[Claim, ...]] = NONE
        self.contacts: list[Contact] = []
        self.consents: list[Consent] = []
        # The latest of each moment that some wait is for: a merge looks whether it ended a wait of the other's.
        self.recent: dict[str, Past] = NONE
        self.visits: list[Visit] = []
        self.runs: dict[tuple[str, str], Run] = NONE
        self.last_action = ""
        self.last_time: int | None = None
        self.life: int | None = None
        self.timers: list[Timer] = []
        self.serial = 0
        self.order = 0
        self.rest = ORDINARY
        # What follows is no part of the bytes: the zone is derived, the alarm is the host's.
        self.zone: Zone | None = None
        self.alarm: int | None = None

    accepted: Aside[tuple[tuple[int, str, str, str], ...]] = aside(
        "rest", Rest, ORDINARY, "accepted"
    )
    arms: Aside[dict[str, str]] = aside("rest", Rest, ORDINARY, "arms")
    assumed: Aside[dict[str, bool] | None] = aside("rest", Rest, ORDINARY, "assumed")
    desk: Aside[str] = aside("rest", Rest, ORDINARY, "desk")
    disputed: Aside[bool] = aside("rest", Rest, ORDINARY, "disputed")
    drawn: Aside[dict[str, int]] = aside("rest", Rest, ORDINARY, "drawn")
    erased: Aside[bool] = aside("rest", Rest, ORDINARY, "erased")
    history: Aside[dict[str, list[int]]] = aside("rest", Rest, ORDINARY, "history")
    labels: Aside[dict[str, int]] = aside("rest", Rest, ORDINARY, "labels")
    merged: Aside[tuple[str, ...]] = aside("rest", Rest, ORDINARY, "merged")
    offered: Aside[dict[str, int]] = aside("rest", Rest, ORDINARY, "offered")
    parts: Aside[Parts | None] = aside("rest", Rest, ORDINARY, "parts")
    scores: Aside[dict[str, tuple[int, int]]] = aside("rest", Rest, ORDINARY, "scores")
    segments: Aside[dict[str, int]] = aside("rest", Rest, ORDINARY, "segments")

    def next_serial(self) -> int:
        """Return a number that this person has not used yet."""
        self.serial += 1
        return self.serial

    @property
    def next_due(self) -> int | None:
        """When the next timer is due; None where none is set."""
        return self.timers[0][0] if self.timers else None

    def set_timer(self, due: int, what: str, visit: int = 0) -> None:
        """Set a timer."""
        self.serial += 1
        insort(self.timers, (due, self.serial, what, visit))

    def drop_timers(self, visit: int, what: str = "") -> None:
        """Drop the timers of ``visit``; only those for ``what`` where it is named."""
        timers = self.timers
        if not timers:
            return  # the usual case: what was set has fallen due
        self.timers = [
            timer for timer in timers if timer[3] != visit or (what and timer[2] != what)
        ]

    def drop_waits(self, visit: int) -> None:
        """Drop the timers of the step at which ``visit`` stands; those of the visit itself go on."""
        self.timers = [
            timer
            for timer in self.timers
            if timer[3] != visit or (timer[2] != "step" and timer[2] != "limit")
        ]

    def visit(self, serial: int) -> Visit | None:
        """Return the running visit with this serial, or None where it is over."""
        for visit in self.visits:
            if visit.serial == serial:
                return visit
        return None
