"""The paths through one journey. Rule: a line that was not understood may lead anywhere, so nothing certain follows from it.

A journey is a graph. Its places are the sentences that do something; a `Way` leads from one to the next and says why.
An answer without a block has a way too: it goes on behind the step, as the person does. The reasons:

    then                      the step is done
    yes, no, unknown          the answer to a condition or a question; no way "unknown" means: as "no"
    happens, not_happens      what a wait was for, or its limit (``word``: the moment)
    past                      the date of a wait has gone by
    somebody, answer, nobody, no_desk    what became of a task (``word``: the answer of the desk)
    answered, no_answer       what became of a question
    sent, nothing_sent, nothing_fits     what became of a message
    arm, case, other          the arm drawn (``word``: its name), the value met, any other value
    turn, done                one more turn of a repeat, or no more
    unclear                   a line that was not understood, or stands in a wrong place
"""

from __future__ import annotations

from heapq import heappop, heappush

from verbline.interpreter.outcomes import ENDS
from verbline.interpreter.ways import lay, unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.ways import Way


class Flow:
    """The graph of one journey.

    ``first`` is its first step, None where it has none. ``steps`` are all of them in the order of the text, ``unclear``
    the lines among them that may lead anywhere.
    """

    def __init__(
        self, journey: Sentence, ways: dict[Sentence, list[Way]], first: Sentence | None
    ) -> None:
        self.journey = journey
        self.first = first
        self.steps = sorted(ways, key=lambda step: step.number)
        self.unclear = [step for step in self.steps if unclear(step)]
        self._ways = ways
        self._roots = [*([first] if first else []), *self.unclear]
        self._reached = self.reach(lambda _way: True, self._roots)
        self._surely = self.reach(lambda way: way.sure)
        self._soonest: dict[Sentence, int] = {}

    def ways_from(self, step: Sentence) -> list[Way]:
        """Return the ways that lead on from ``step``; none from an end."""
        return self._ways.get(step, [])

    def ways(self) -> Iterator[Way]:
        """Yield every way, in the order of the text."""
        for step in self.steps:
            yield from self._ways[step]

    def reach(
        self, goes: Callable[[Way], bool], starts: Iterable[Sentence] | None = None
    ) -> set[Sentence]:
        """Return ``starts`` (by default the first step) and every step behind them, over ways for which ``goes`` is true."""
        todo = list(starts) if starts is not None else [self.first] if self.first else []
        found = set(todo)
        while todo:
            for way in self._ways.get(todo.pop(), ()):
                target = way.target
                if target is not None and target not in found and goes(way):
                    found.add(target)
                    todo.append(target)
        return found

    def may_reach(self, step: Sentence) -> bool:
        """Return whether a person may come to ``step``; true for a line whose place is not clear."""
        return step in self._reached or step not in self._ways

    def surely(self, step: Sentence) -> bool:
        """Return whether a path of understood lines leads to ``step``."""
        return step in self._surely

    def loose(self) -> list[Way]:
        """Return the ways on which a path surely stops without an outcome."""
        return [
            way
            for way in self.ways()
            if way.target is None and way.sure and self.surely(way.source)
        ]

    def endings(self) -> list[Sentence]:
        """Return the steps that end the journey and may be reached."""
        return [step for step in self.steps if step.shape in ENDS and step in self._reached]

    def soonest(self, step: Sentence) -> int:
        """Return after how many minutes ``step`` can be reached first: fixed waits and limits added up.

        Answers come at once, dates are here already; what cannot be told counts as no time.
        """
        if not self._soonest:
            self._soonest = self._shortest()
        return self._soonest.get(step, 0)

    def _shortest(self) -> dict[Sentence, int]:
        found: dict[Sentence, int] = {}
        todo: list[tuple[int, int, Sentence]] = []
        for step in self._roots:
            heappush(todo, (0, step.number, step))
        while todo:
            minutes, _, step = heappop(todo)
            if step in found:
                continue
            found[step] = minutes
            for way in self._ways[step]:
                if way.target is not None and way.target not in found:
                    heappush(todo, (minutes + way.takes, way.target.number, way.target))
        return found

    def at_once(self, starts: Iterable[Sentence] | None = None) -> set[Sentence]:
        """Return the steps that follow ``starts``, themselves included, in the same instant."""
        return self.reach(lambda way: not way.holds, starts)

    def starting(self) -> list[tuple[Sentence, Word]]:
        """Return the lines that start the journey on a moment, each with the word that names it."""
        return named(self.journey.block, "starts_when", "moment")

    def stopping(self) -> list[tuple[Sentence, Word]]:
        """Return the lines that stop the journey on a moment, each with the word that names it."""
        return named(self.journey.block, "stops_when", "moment")

    def awaited(self) -> list[tuple[Sentence, Word]]:
        """Return the waits for a moment, each with the word that names it, once for each moment."""
        return named(self.steps, "wait_for", "moments")

    def signalled(self) -> list[tuple[Sentence, Word]]:
        """Return the steps that signal a moment, each with the word that names it."""
        return named(self.steps, "signal", "moment")


def named(lines: Iterable[Sentence], shape: str, part: str) -> list[tuple[Sentence, Word]]:
    """Return the words in ``part`` of the sentences of ``shape`` among ``lines``, each with its sentence."""
    return [
        (line, word)
        for line in lines
        if line.node is not None and line.node.shape == shape and not line.misplaced
        for word in line.node.words(part)
    ]


def flow_of(
    journey: Sentence,
    *,
    covers: Callable[[Sentence], bool] = lambda _step: False,
    torn: bool = False,
) -> Flow:
    """Return the graph of ``journey``.

    ``covers`` tells of a ``depending on`` without an "anything else" whether its cases are all there can be. ``torn``
    says that lines of the journey may stand outside it, so that its last line need not be its last.
    """
    ways, first = lay(journey, covers, torn=torn)
    return Flow(journey, ways, first)
