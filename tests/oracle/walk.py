"""The steps of a visit, one line after another. Rule: each sentence is done where it stands; nothing is prepared."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.oracle import sending, tasks, values, waits
from tests.oracle.book import Book, node_of
from tests.oracle.history import View
from tests.oracle.questions import Questions
from tests.oracle.values import length_of
from tests.oracle.visit import DEEPEST, End, Pause, Visit, Walked
from verbline.interpreter.nodes import Node, Sentence, Word

if TYPE_CHECKING:
    from tests.oracle.visits import Visits

WAYS = ("depending", "experiment", "repeat")
CHAIN = ("otherwise_if", "if_unknown", "otherwise")


class Walk:
    """A visit on its way.

    ``previous`` is the place in the history at which the last step was reached, if it held the person up; ``anchor`` the
    place from which a wait looks.
    """

    def __init__(self, world: Visits, visit: Visit) -> None:
        self.world = world
        self.visit = visit
        self.previous: int | None = None
        self.anchor = 0
        self.reached = 0

    @property
    def book(self) -> Book:
        """The declarations."""
        return self.world.book

    @property
    def questions(self) -> Questions:
        """What can be asked."""
        return self.world.questions

    @property
    def view(self) -> View:
        """The person, seen from this visit now."""
        return View(self.visit.person, self.world.now, self.visit)

    def record(self, kind: str, verdict: str, reason: str = "", **more: Any) -> None:
        """Add a record about this visit."""
        self.world.record(self.visit.person, self.visit.journey, kind, verdict, reason, **more)

    def block(self, block: list[Sentence]) -> Walked:
        """Walk the steps among some lines; return the end, or None where the way goes on."""
        at = 0
        while at < len(block):
            step, at = block[at], at + 1
            end: End | None = None
            if step.shape == "if_":
                chain = [step]
                while at < len(block) and block[at].shape in CHAIN:
                    chain.append(block[at])
                    at += 1
                end = yield from self.branch(chain)
            elif step.shape in WAYS:  # chooses a way, and is no step in between
                end = yield from STEPS[step.shape](self, step)
            elif step.shape in STEPS:
                self.visit.steps += 1
                self.reached = self.world.count
                self.anchor = self.reached if self.previous is None else self.previous
                self.previous = None
                end = yield from STEPS[step.shape](self, step)
            if end is not None:
                return end
        return None

    def under(self, step: Sentence, *shapes: str) -> Walked:
        """Walk the block of the first line of these shapes under a step, if there is one."""
        for inner in step.of(*shapes):
            return (yield from self.block(inner.block))
        return None

    def branch(self, chain: list[Sentence]) -> Walked:
        """Walk the first branch whose condition is yes; an unknown one takes the `if unknown` right behind it."""
        for at, line in enumerate(chain):
            if line.shape == "otherwise":
                return (yield from self.block(line.block))
            if line.shape == "if_unknown":
                continue
            answer = self.questions.holds(self.view, line)
            if answer:
                return (yield from self.block(line.block))
            follows = chain[at + 1] if at + 1 < len(chain) else None
            if answer is None and follows and follows.shape == "if_unknown":
                return (yield from self.block(follows.block))
        return None

    # ---------- facts and words inside the company ----------

    def signal(self, step: Sentence) -> Walked:
        """Raise a moment for the same person."""
        node = node_of(step)
        found: dict[str, Any] = {}
        field = ""
        for one in node.items("values"):
            if isinstance(one, Node):
                field = one.text("field")
                found[field] = self.questions.value(self.view, one.parts["value"])
            else:  # a further text of a list
                before = found[field]
                found[field] = (*(before if isinstance(before, tuple) else (before,)), one.text)
        moment = self.book.moment(node.text("moment"))
        depth = self.world.depth + 1
        if depth > DEEPEST:
            self.record("signal", "refused", "too_deep", moment=moment)
            return None
        self.record("signal", "taken", moment=moment)
        raised = (self.visit.person, "moment", moment, self.visit.owner, depth, found)
        self.world.raised.append(raised)
        yield from ()
        return None

    def learn(self, step: Sentence) -> Walked:
        """Remember a fact; what is unknown is not learned."""
        node = node_of(step)
        field = node.text("field")
        if step.shape == "learn_list":
            value: Any = tuple(word.text for word in node.words("values"))
        else:
            value = self.questions.value(self.view, node.parts["value"])
            if isinstance(value, str) and self.book.kind(field) == "list":
                value = (value,)
        if value is None:
            self.record("fact", "refused", "unknown_value", field=field, value=None)
        else:
            self.record("fact", "taken", field=field, value=value)
            self.world.note(self.visit.person, "fact", field=field, value=value)
            self.world.changed(self.visit.person)
        yield from ()
        return None

    def qualify(self, step: Sentence) -> Walked:
        """Store a label, or take the way of those who do not qualify."""
        answer = self.questions.holds(self.view, step)
        if answer is None and step.of("if_unknown"):
            end = yield from self.under(step, "if_unknown")
            if end is not None:
                return end
            answer = self.questions.holds(self.view, step)
            self.previous = None  # the question asked once more is a step too
        if not answer:
            return (yield from self.under(step, "otherwise"))
        label = node_of(step).text("label")
        self.record("label", "taken", label=label)
        self.world.note(self.visit.person, "label", label=label, holds=True)
        self.world.changed(self.visit.person)
        return None

    def route(self, step: Sentence) -> Walked:
        """Make a desk responsible."""
        self.world.note(self.visit.person, "route", desk=node_of(step).text("desk"))
        yield from ()
        return None

    # ---------- ways ----------

    def depending(self, step: Sentence) -> Walked:
        """Take the block of the first value that fits; an unknown one fits `unknown` and `anything else`."""
        found = self.questions.lookup(self.view, node_of(step).text("field"))
        for case in step.of("case_", "case_else"):
            if case.shape == "case_else" or any(
                self.fits(found, part) for part in node_of(case).items("values")
            ):
                return (yield from self.block(case.block))
        return None

    def fits(self, found: Any, part: Word | Node) -> bool:
        """Return whether a value is the one that a case names."""
        wanted = self.questions.value(self.view, part)
        if found is None or wanted is None:
            return found is wanted
        pair = values.comparable(found, wanted, self.questions.zone(self.visit.person))
        return pair is not None and bool(pair[0] == pair[1])

    def repeat(self, step: Sentence) -> Walked:
        """Walk a block several times, each turn some time after the one before began."""
        node = node_of(step)
        turns = int(node.text("number"))
        for turn in range(turns):
            if node.has("condition") and self.questions.truth(self.view, node.parts["condition"]):
                return None
            due = self.questions.on(self.view, length_of(node.node("length")))
            end = yield from self.block(step.block)
            if end is not None:
                return end
            self.visit.steps += 1
            if turn < turns - 1 and due > self.world.now:
                yield Pause("wait", due)
                self.previous = None
        return None

    def experiment(self, step: Sentence) -> Walked:
        """Walk the arm that the person's hash draws; an arm once drawn stays."""
        name, person = node_of(step).text("name"), self.visit.person
        drawn = [line for line in self.view.lines("drawn") if line["experiment"] == name]
        share = drawn[0]["share"] if drawn else share_of(name, person.key)
        if all(line.whose != self.visit.owner for line in drawn):
            self.world.note(person, "drawn", experiment=name, share=share)
        total = 0
        for arm in step.of("arm"):
            total += int(values.literal(node_of(arm).word("share")))
            if share < total:
                return (yield from self.block(arm.block))
        return None

    def finish(self, step: Sentence) -> Walked:
        """End with an outcome."""
        yield from ()
        return End(node_of(step).text("outcome"))

    def continue_with(self, step: Sentence) -> Walked:
        """End, and go on with another journey."""
        yield from ()
        return End("continued", node_of(step).text("journey"))


def share_of(experiment: str, person: str) -> int:
    """Return where a person stands among a hundred, the same for ever."""
    digest = sha256(f"{experiment}\0{person}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * 100 // 2**64


STEPS: dict[str, Callable[[Walk, Sentence], Walked]] = {
    "signal": Walk.signal,
    "learn": Walk.learn,
    "learn_list": Walk.learn,
    "qualify": Walk.qualify,
    "route": Walk.route,
    "depending": Walk.depending,
    "repeat": Walk.repeat,
    "experiment": Walk.experiment,
    "finish": Walk.finish,
    "continue_with": Walk.continue_with,
    **waits.STEPS,
    **sending.STEPS,
    **tasks.STEPS,
}
