"""One scenario through one journey, as far as the text alone decides. Rule: nothing is guessed; where a score, a holiday or
a value that nobody gave would decide, the rehearsal ends, and nothing is said about what lies behind.
"""

from __future__ import annotations

from verbline.interpreter.judge import OPEN, Facts, judge
from verbline.interpreter.lengths import DAY, NO_TIME, Length, length_in
from verbline.interpreter.nodes import Word
from verbline.interpreter.outcomes import QUESTIONS, TASKS
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.ways import Way

# What a person stays for can be over: by time, or because the scenario says no more.
TIME, OVER, UNDECIDED = "time", "over", "undecided"
# Without an answer on record these purposes are a no; the others may write.
ASKED = ("marketing", "tracking", "recognition")
# A message may be held until the quiet hours are over.
HELD = Length(0, DAY)
# `wait until 09:00` and `… on the next working day`, over a weekend with holidays.
UNTIL = {"wait_until": Length(0, DAY), "wait_until_workday": Length(0, 7 * DAY)}
STEPS_MAX = 500


class Rehearsal:
    """What a scenario makes of a journey. ``begun`` says whether it surely starts it; ``path`` are the ways taken.

    ``lottery`` is the experiment that was reached without a drawn arm. ``ended`` says why it went no further: ``over``
    where the scenario or the journey is, ``undecided`` where the text alone does not say.
    """

    def __init__(self, scenario: Sentence, journey: Journey) -> None:
        self.scenario = scenario
        self.journey = journey
        self.flow = journey.flow
        self.facts = Facts(self.agrees)
        self.agreed: list[Node] = []
        self.pinned: dict[str, str] = {}
        self.items = list(scenario.block)
        self.at = 0
        self.now = self.reached = NO_TIME
        self.path: list[Way] = []
        self.lottery: Sentence | None = None
        self.ended = UNDECIDED
        self.begun = self.begin()
        if self.begun:
            self.run()

    def begin(self) -> bool:
        """Take the givens and the event that starts the journey; return whether it starts."""
        for item in self.items:
            self.at += 1
            if item.node is None or item.misplaced or item.shape in ALONE:
                return False
            if item.shape == "w_event":
                starts = [line for line, name in self.journey.starts if name == self.moment(item)]
                self.facts.learn(item.node.items("values"))
                if starts and all(judge(line, self.facts) == "yes" for line in starts):
                    return True
                if any(judge(line, self.facts) == OPEN for line in starts):
                    return False
            elif item.shape == "w_pass":
                continue
            else:
                self.take(item)
        self.ended = OVER
        return False

    def take(self, item: Sentence) -> None:
        """Take what ``item`` says about the person."""
        node = item.node
        assert node is not None
        if item.shape == "g_person":
            self.facts.learn(node.items("values"))
        elif item.shape == "g_exp":
            self.pinned[node.text("experiment")] = node.text("arm")
        elif item.shape in ("g_agrees", "w_agrees"):
            self.agreed.append(node)
        elif item.shape in ("g_disagrees", "w_withdraws"):
            purpose = node.text("purpose")
            self.agreed = [one for one in self.agreed if one.text("purpose") != purpose]

    def run(self) -> None:
        """Go from step to step until something is open or over."""
        step = self.flow.first
        for _turn in range(STEPS_MAX):
            if step is None:
                self.ended = OVER
                return
            reason = self.reason(step)
            if reason in (OVER, UNDECIDED):
                self.ended = reason
                return
            way = next((way for way in self.flow.ways_from(step) if matches(way, reason)), None)
            if way is None or not way.sure:
                return
            self.path.append(way)
            step = way.target

    def reason(self, step: Sentence) -> str:
        """Return why the person leaves ``step``, with the arm or the moment behind a colon."""
        ways = self.flow.ways_from(step)
        if step.shape in ("finish", "continue_with"):
            return OVER
        if step.shape in LEAVES:
            return LEAVES[step.shape](self, step)
        if step.shape in QUESTIONS or step.shape in TASKS:
            return self.answered(step)
        if len({way.target for way in ways}) == 1 and not unclear(step):
            self.reached += HELD if len(ways) > 1 else NO_TIME
            return ways[0].reason
        return UNDECIDED

    def wait(self, step: Sentence) -> str:
        """Return why a person leaves a wait for time to pass."""
        assert step.node is not None
        length = length_in(step.node, "length") if step.shape == "wait" else UNTIL[step.shape]
        if step.shape != "wait" and not is_clock(step.node):
            return UNDECIDED
        heard = self.hear(length, lambda _item: "")
        return "then" if heard == TIME else heard

    def wait_for(self, step: Sentence) -> str:
        """Return which moment came, or whether the limit did."""
        assert step.node is not None
        node = step.node
        names = {self.journey.all.call(way.word): way.word for way in self.flow.ways_from(step)}
        heard = self.hear(
            length_in(node, "limit"), lambda item: self.heard_moment(node, item, names)
        )
        return "not_happens" if heard == TIME else heard

    def heard_moment(self, wait: Node, item: Sentence, names: Mapping[str, str]) -> str:
        """Return whether ``item`` is a moment that the wait takes."""
        name = self.moment(item)
        if item.node is None or name not in names:
            return ""
        brought = Facts(self.agrees)
        brought.learn(item.node.items("values"))
        for field in self.correlated(wait):
            mine, its = self.facts.values.get(field), brought.values.get(field)
            if mine is None or its is None:
                return UNDECIDED if field in self.carried(name) else ""
            if mine.text != its.text:
                return ""
        if wait.has("condition"):
            return UNDECIDED
        self.facts.values.update(brought.values)
        return f"happens:{names[name]}"

    def carried(self, moment: str) -> Mapping[str, object]:
        """Return the fields that ``moment`` carries."""
        return self.journey.all.project.overview.carried.get(moment, {})

    def correlated(self, wait: Node) -> list[str]:
        """Return the fields whose value a moment must share with the visit, where it carries them."""
        once = self.journey.sentence.first("once_per")
        return [text for text in (once.text("field") if once else "", wait.text("same")) if text]

    def answered(self, step: Sentence) -> str:
        """Return what came of a question or a task."""
        node = step.node
        assert node is not None
        limit = length_in(node, "within") or length_in(node, "limit")
        if limit is None:
            return UNDECIDED
        if step.shape in QUESTIONS:
            heard = self.hear(limit + HELD, lambda item: heard_person(step, item))
            return "no_answer" if heard == TIME else heard
        heard = self.hear(limit, lambda item: self.heard_desk(step, item))
        return "nobody" if heard == TIME else heard

    def heard_desk(self, step: Sentence, item: Sentence) -> str:
        """Return what a desk said to the task of ``step``."""
        if item.node is None or item.shape != "w_desk" or step.node is None:
            return ""
        if step.node.text("desk") not in ("", item.node.text("desk")):
            return ""
        said = item.node.text("answer")
        own = any(way.reason == "answer" and way.word == said for way in self.flow.ways_from(step))
        return f"answer:{said}" if own else "somebody"

    def condition(self, step: Sentence) -> str:
        """Return what the condition of an ``if`` or a ``qualify`` comes to."""
        found = judge(step, self.facts)
        if found == "unknown" and not any(
            way.reason == "unknown" for way in self.flow.ways_from(step)
        ):
            return "no"
        return found or UNDECIDED

    def experiment(self, step: Sentence) -> str:
        """Return the arm that the scenario has drawn."""
        name = step.node.text("name") if step.node else ""
        if name not in self.pinned:
            self.lottery = step
            return UNDECIDED
        return f"arm:{self.pinned[name]}"

    def hear(self, limit: Length | None, wanted: Callable[[Sentence], str]) -> str:
        """Return what comes first: what ``wanted`` says of an event, or the end of ``limit``."""
        if limit is None:
            return UNDECIDED
        begun = self.now
        due = self.reached + limit
        while True:
            if self.now.low >= due.high:
                self.reached = due
                return TIME
            if self.now is not begun and self.now.high >= due.low:
                return UNDECIDED
            if self.at == len(self.items):
                return OVER
            item = self.items[self.at]
            self.at += 1
            said = self.meet(item, wanted)
            if said:
                self.reached = self.now
                return said

    def meet(self, item: Sentence, wanted: Callable[[Sentence], str]) -> str:
        """Return what ``item`` ends, if it ends the stay of the person at a step."""
        if item.node is None or item.misplaced or item.shape in ALONE:
            return UNDECIDED
        if item.shape == "w_pass":
            length = length_in(item.node, "length")
            self.now += length or NO_TIME
            return "" if length else UNDECIDED
        if self.moment(item) in {name for _line, name in self.journey.stops}:
            return OVER
        self.take(item)
        return wanted(item)

    def moment(self, item: Sentence) -> str:
        """Return the first name of the moment that ``item`` lets happen, or nothing."""
        if item.shape != "w_event" or item.node is None:
            return ""
        return self.journey.all.happening(item.node.text("moment"))

    def agrees(self, condition: Node) -> str:
        """Return whether the person agrees, as far as the scenario says."""
        purpose, channel = condition.text("purpose"), condition.text("channel")
        for one in self.agreed:
            if one.text("purpose") != purpose:
                continue
            if one.has("topic") or condition.has("topic"):
                return OPEN
            if (
                not channel
                or not one.has("channel")
                or one.word("channel").kind == condition.word("channel").kind
            ):
                return "yes"
        known = self.journey.all.project.overview.purposes.get(purpose)
        return "no" if known and known.kind in ASKED else OPEN


# With more than one person, or people who become one, only the engine knows whose turn it is.
ALONE = ("g_other_person", "w_merge", "w_merge_named", "w_split", "w_split_named")
LEAVES: Mapping[str, Callable[[Rehearsal, Sentence], str]] = {
    "wait": Rehearsal.wait,
    "wait_until": Rehearsal.wait,
    "wait_until_workday": Rehearsal.wait,
    "wait_for": Rehearsal.wait_for,
    "if_": Rehearsal.condition,
    "otherwise_if": Rehearsal.condition,
    "qualify": Rehearsal.condition,
    "experiment": Rehearsal.experiment,
}


def matches(way: Way, reason: str) -> bool:
    """Return whether a person who leaves for ``reason`` takes ``way``."""
    name, _, word = reason.partition(":")
    return way.reason == name and (not word or way.word == word)


def heard_person(step: Sentence, item: Sentence) -> str:
    """Return what the person said to the question of ``step``."""
    if step.shape == "ask" and item.shape == "w_event":
        # Whether what happens answers the question is for the engine to say.
        return UNDECIDED
    if item.shape != "w_answers" or item.node is None or step.shape != "confirm":
        return ""
    return "yes" if item.node.word("answer").kind == "YES" else "no"


def is_clock(wait: Node) -> bool:
    """Return whether a wait lasts until a time of the day."""
    until = wait.parts.get("until")
    return isinstance(until, Word) and until.kind == "TIME" and not wait.has("limit")
