"""When time alone changes an answer. Rule: the instants at which it might are tried one by one, and the change is halved down to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from tests.oracle import values
from tests.oracle.book import node_of
from tests.oracle.history import Person, View
from tests.oracle.questions import Questions
from tests.oracle.values import Length, length_of
from verbline.interpreter.nodes import Node, Sentence, Word
from verbline.interpreter.zones import HOUR

ASKED = ("had", "had_no", "silent", "agrees", "not_agrees", "in_segment")


class Watching:
    """The conditions that are looked at all the time: those of some segments, and of ``no longer``."""

    def __init__(self, questions: Questions, watched: list[Sentence]) -> None:
        self.questions = questions
        self.tests = [test for sentence in watched for test in self.under(sentence)]

    def under(self, sentence: Sentence) -> Iterator[Node]:
        """Yield every single test of a condition, those of the segments it names too."""
        for line in sentence.walk():
            for node in node_of(line).walk():
                if not isinstance(node, Node) or not (node.has("left") or node.shape in ASKED):
                    continue
                if node.shape == "in_segment":
                    yield from self.under(self.questions.book.of("segment", node.text("segment")))
                else:
                    yield node

    def changes(self, person: Person, low: int, high: int) -> list[int]:
        """Return the instants after ``low``, up to ``high``, at which a test answers otherwise than just before."""
        found: set[int] = set()
        for test in self.tests:
            grid = [low, *(at for at in sorted(self.grid(person, test, low, high))), high]
            for start, end in pairwise(grid):
                before, after = self.answer(person, test, start), self.answer(person, test, end)
                if before != after:
                    found.add(self.halved(person, test, start, end))
        return sorted(found)

    def answer(self, person: Person, test: Node, at: int) -> bool | None:
        """Return what a test answers at an instant, if nothing more happens before it."""
        return self.questions.truth(View(person, at), test)

    def halved(self, person: Person, test: Node, low: int, high: int) -> int:
        """Return the first instant at which a test answers as it does at ``high``, not as at ``low``."""
        before = self.answer(person, test, low)
        while high - low > 1:
            middle = (low + high) // 2
            if self.answer(person, test, middle) == before:
                low = middle
            else:
                high = middle
        return high

    def grid(self, person: Person, test: Node, low: int, high: int) -> set[int]:
        """Return instants between which a test changes at most once: around each instant it may reckon from."""
        book, zone = self.questions.book, self.questions.zone(person)
        lengths: list[Length] = [
            length_of(node)
            for node in test.walk()
            if isinstance(node, Node) and node.shape == "duration"
        ]
        if test.has("purpose"):
            lapses = book.of("purpose", test.text("purpose")).of("lapses")
            lengths += [length_of(node_of(one).node("length")) for one in lapses]
        points = {line.at for line in person.lines} if test.shape in ASKED else set[int]()
        points |= self.instants(person, test, low)
        found = set(points)
        for length in lengths:
            for at in points:
                found.add(values.shifted(at, length, zone, book.work))
                found.add(values.shifted(at, length, zone, book.work, -1))
        near = {at + shift for at in found for shift in (-3 * HOUR, 0, 3 * HOUR)}
        if any(isinstance(word, Word) and word.kind == "TODAY" for word in test.walk()):
            day = zone.local(low).date()
            near |= {
                zone.start_of(day + timedelta(days=n))
                for n in range((high - low) // (23 * HOUR) + 2)
            }
        return {at for at in near if low < at < high}

    def instants(self, person: Person, test: Node, now: int) -> set[int]:
        """Return the dates and times that a test reads now or writes out."""
        found: set[int] = set()
        zone = self.questions.zone(person)
        for word in test.walk():
            if not isinstance(word, Word) or word.kind not in ("NAME", "DATE"):
                continue
            value = self.questions.value(View(person, now), word)
            is_time = word.text == "last-action-time" or isinstance(value, date)
            if value is not None and (is_time or isinstance(value, int)):
                found.add(values.point(value, zone))
        return found
