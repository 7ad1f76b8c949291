"""Steps that write to the person. Rule: nothing is sent but by `Sending.attempt`, and that asks the guard each time.

A message is tried on its channels in the order of the sentence: the first that is allowed takes it, the first that is
only deferred holds it. What is held is asked about again when it is released, from the channel that held it on.
"""

from __future__ import annotations

from verbline.interpreter.person.aside import NONE
from verbline.interpreter.person.parts import beside, put_beside
from verbline.interpreter.person.record import put
from verbline.interpreter.step.asking import (
    FREE,
    ask_guard,
    held_back_by_window,
    quiet_between,
    stale_at,
)
from verbline.interpreter.step.audience import left_out
from verbline.interpreter.step.steps import STAY, Step, arrive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.guard.decide import Decision
    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.guard.question import Sending as Said
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Message, Offer
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn

# What became of a message.
SENT, HELD, NOTHING = "sent", "held", "nothing"


class Sending(Step):
    """What all steps have in common that write to the person.

    ``at_once`` and ``window`` are what a line under the step says about this message: it goes out at once, or between two
    times of day, the next day or today; ``late`` how late it may be. ``promises`` is true where an offer is made, which
    makes the message marketing whatever its purpose says.
    """

    __slots__ = ("at_once", "channels", "late", "purpose", "said", "similar", "topic", "window")
    holds_up = True
    # Whether somebody answers it, who names it by the key of the message.
    asks = False
    # How the trace calls what is sent.
    told = "message"
    channels: tuple[str, ...]
    purpose: Purpose
    topic: str
    at_once: bool
    window: tuple[Any, Any, bool] | None
    late: tuple[Any, str] | None
    similar: bool
    said: Said | None  # what the guard is told of it, made when it is first asked

    def attempt(self, turn: Turn, visit: Visit, message: Message | None, name: str) -> str:
        """Send the message, hold it, or leave it; return which.

        ``name`` is how the message is called. The visit's ``hold`` says from which channel on it is tried.
        """
        hold = visit.hold
        if self.id in visit.spent:
            turn.note(
                "message", "ignored", "already_sent", visit, self, message=name,
                purpose=self.purpose.name,
            )  # fmt: skip
            visit.hold = {} if self.asks else NONE  # nothing is held here any more
            return SENT
        journey = self.journey
        refusal = "" if journey.everybody else left_out(turn, visit)
        if refusal:
            return self.refuse(turn, visit, name, refusal)
        for number in range(hold.get("channel", 0), len(self.channels)):
            decision = ask_guard(turn, visit, self, self.channels[number])
            if decision.verdict == "deny":
                self.refuse(turn, visit, name, decision.reason, self.channels[number])
                continue
            if turn.now > visit.at and self.is_stale(turn, visit):
                return self.drop(turn, visit, name)
            until, reason = decision.until, decision.reason
            if decision.verdict == "allow" and self.window is not None:
                until, reason = held_back_by_window(turn, visit, self), "outside_window"
            if until is not None:
                return self.keep(turn, visit, name, until, reason, number)
            return self.release(turn, visit, message, name, number, decision)
        return NOTHING

    def is_stale(self, turn: Turn, visit: Visit) -> bool:
        """Return whether it is too late for the message."""
        limit = stale_at(turn, visit, self)
        return limit is not None and turn.now > limit

    def release(
        self,
        turn: Turn,
        visit: Visit,
        message: Message | None,
        name: str,
        number: int,
        decision: Decision,
    ) -> str:
        """Send a message that may go out, unless it lacks a value."""
        missing = self.missing(turn, message) if message is not None and message.needs else ""
        if missing:
            turn.note(
                "message", "failed", "missing_field", visit, self, message=name, field=missing
            )
            return NOTHING
        self.send(turn, visit, name, number, decision)
        return SENT

    def missing(self, turn: Turn, message: Message) -> str:
        """Return the field that the words cannot do without and that is unknown, or nothing."""
        value_of = turn.program.value_of
        return next((name for name in message.needs if value_of(turn, name) is None), "")

    def send(self, turn: Turn, visit: Visit, name: str, number: int, decision: Decision) -> None:
        """Release the message to the outbox."""
        key = visit.key(self.id)
        contact = decision.contact
        if self.purpose.cls not in FREE or self.told == "offer":
            turn.program.count(turn, visit.journey, self.purpose.name, key)
            if turn.person.parts is not None:
                beside(turn, visit, turn.program.count, visit.journey, self.purpose.name, key)
        told = {
            "message": name, "told": self.told, "channel": self.channels[number],
            "contact": contact.value if contact else "", "purpose": self.purpose.name, "key": key,
        }  # fmt: skip
        turn.sink(turn, self.journey, visit, self, "message", SENT, decision.reason, told)
        visit.hold = {"sent": key} if self.asks else NONE

    def keep(
        self, turn: Turn, visit: Visit, name: str, until: int, reason: str, channel: int
    ) -> str:
        """Hold the message until an instant, at which it is looked at again; drop it where that is too late."""
        hold = visit.hold
        limit = stale_at(turn, visit, self) if self.late is not None else None
        if limit is not None and until > limit:
            return self.drop(turn, visit, name)
        if reason == "outside_window":
            # Only the first window is waited for at no cost: there may be none that suits.
            quiet = 0 if "window" in hold else until - turn.now
            hold = {**hold, "window": True}
        else:
            quiet = quiet_between(turn, visit, self, self.channels[channel], turn.now, until)
        if hold.get("channel") != channel:
            turn.note(
                "message", HELD, reason, visit, self, message=name, told=self.told,
                channel=self.channels[channel], purpose=self.purpose.name, until=until,
            )  # fmt: skip
        visit.hold = {**hold, "channel": channel, "quiet": hold.get("quiet", 0) + quiet}
        turn.person.set_timer(until, "step", visit.serial)
        return HELD

    def drop(self, turn: Turn, visit: Visit, name: str) -> str:
        """Leave a record of a message that cannot leave in time."""
        turn.note(
            "message", "stale", "stale", visit, self, message=name, told=self.told,
            purpose=self.purpose.name,
        )  # fmt: skip
        return NOTHING

    def refuse(self, turn: Turn, visit: Visit, name: str, reason: str, channel: str = "") -> str:
        """Leave a record of a refusal."""
        turn.note(
            "message", "refused", reason, visit, self, message=name, told=self.told,
            channel=channel, purpose=self.purpose.name,
        )  # fmt: skip
        return NOTHING

    def left(self, turn: Turn, visit: Visit, reason: str) -> None:
        """Take back a message that is still held."""
        if "channel" in visit.hold:
            turn.note(
                "message", "withdrawn", "journey_stopped", visit, self,
                message=self.name_of(turn, visit), told=self.told, purpose=self.purpose.name,
            )  # fmt: skip

    def taken_up(self, turn: Turn, visit: Visit) -> None:
        """Hold again the message that was taken back when two people were taken for one; it has slept through the nights since."""
        hold = visit.hold
        if "channel" in hold:
            channel = self.channels[hold["channel"]]
            due = [one[0] for one in turn.person.timers if one[2:] == ("step", visit.serial)]
            until = min(due, default=turn.now)
            turn.note(
                "message", HELD, "identity_split", visit, self, message=self.name_of(turn, visit),
                told=self.told, channel=channel, purpose=self.purpose.name, until=until,
            )  # fmt: skip
            if until < turn.now:
                slept = quiet_between(turn, visit, self, channel, until, turn.now)
                visit.hold = {**hold, "quiet": hold.get("quiet", 0) + slept}

    def name_of(self, turn: Turn, visit: Visit) -> str:
        """Return how the message under way is called."""
        raise NotImplementedError


class Notify(Sending):
    """``notify``: ``sent`` and ``nothing`` are the ways of what became of the message."""

    __slots__ = ("message", "nothing", "sent")
    message: Message
    sent: Next
    nothing: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Send the message and return the way, or stay while it is held."""
        visit.at = turn.now
        visit.order = turn.person.order
        if visit.hold:
            visit.hold = {}
        return self.way(self.attempt(turn, visit, self.message, self.message.name))

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Look at the held message again."""
        return self.way(self.attempt(turn, visit, self.message, self.message.name))

    def way(self, became: str) -> Next:
        """Return where the journey goes on."""
        return STAY if became == HELD else self.sent if became == SENT else self.nothing

    def name_of(self, turn: Turn, visit: Visit) -> str:
        """Return the message's name."""
        return self.message.name

    def branches(self) -> dict[str, Next]:
        """Return the two ways."""
        return {"sent": self.sent, "nothing_sent": self.nothing}


class MakeOffer(Sending):
    """``offer``: the best of ``offers`` that suits the person and has rested; ``unfit`` is the way where none does."""

    __slots__ = ("nothing", "offers", "sent", "unfit")
    told = "offer"
    offers: tuple[Offer, ...]
    sent: Next
    nothing: Next
    unfit: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Choose the offer, send it and return the way."""
        arrive(turn, visit)
        best = self.best(turn)
        if best is None:
            turn.note("branch", "taken", "", visit, self, answer="nothing fits")
            return self.unfit
        visit.hold = {"offer": best.name}
        return self.way(turn, visit, best)

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Look at the held offer again."""
        held = visit.hold["offer"]
        return self.way(turn, visit, next(one for one in self.offers if one.name == held))

    def way(self, turn: Turn, visit: Visit, offer: Offer) -> Next:
        """Send the offer and return where the journey goes on."""
        became = self.attempt(turn, visit, offer.message, offer.name)
        if became == HELD:
            return STAY
        if became == SENT and self.id not in visit.spent:  # else what was sent may be another offer
            put(turn.person, "offered", offer.name, turn.now)
            if turn.person.parts is not None:
                put_beside(turn, visit, "offered", offer.name)
        return self.sent if became == SENT else self.nothing

    def best(self, turn: Turn) -> Offer | None:
        """Return the fitting offer of the highest rank, the first of several; an unknown rank comes last."""
        found, highest = None, None
        for offer in self.offers:
            if not self.fits(turn, offer):
                continue
            rank = offer.rank.of(turn) if offer.rank is not None else None
            if found is None or (rank is not None and (highest is None or rank > highest)):
                found, highest = offer, rank
        return found

    def fits(self, turn: Turn, offer: Offer) -> bool:
        """Return whether ``offer`` suits the person and was not sent within its rest."""
        last = turn.person.offered.get(offer.name)
        if last is not None and offer.rest is not None:
            rested = turn.program.later(turn, last, offer.rest)
            if rested > turn.now:
                return False
        return offer.suits is None or offer.suits.test(turn) is True

    def name_of(self, turn: Turn, visit: Visit) -> str:
        """Return the name of the offer under way."""
        return str(visit.hold.get("offer", ""))

    def branches(self) -> dict[str, Next]:
        """Return the three ways."""
        return {"sent": self.sent, "nothing_sent": self.nothing, "nothing_fits": self.unfit}
