"""Conditions and values, asked of the whole history. Rule: a question has three answers, True, False and None (unknown)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.oracle import values
from tests.oracle.answers import every, faded, opposite, relation, some
from tests.oracle.book import CHANNELS, ZONES, Book, node_of
from tests.oracle.consent import Consents
from tests.oracle.history import Line, Person, View
from tests.oracle.values import Length, length_of
from verbline.interpreter.nodes import Node, Sentence, Word
from verbline.interpreter.zones import Zone

AGO = {"gt_ago": "gt", "ge_ago": "ge", "lt_ago": "lt", "le_ago": "le"}
TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


class Questions:
    """Everything that can be asked about a person."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.consents = Consents(book, self)

    # ---------- who and where ----------

    def zone(self, person: Person) -> Zone:
        """Return the person's time zone, else the project's; it is the project's where the person may be in several."""
        zones = self.zones(person)
        return zones[0] if len(zones) == 1 else self.book.zone

    def zones(self, person: Person) -> list[Zone]:
        """Return the time zones in which the person may be: that of a country with one, all of a country with several."""
        for name in self.book.fields_from("zone_from"):
            line = View(person, 0).latest("fact", field=name)
            if line is not None:
                said = line["value"]
                return [self.book.zone_named(one) for one in ZONES.get(said, (said,))]
        return [self.book.zone]

    def country(self, person: Person) -> str:
        """Return the person's country, else the project's."""
        for name in self.book.fields_from("country_from"):
            line = View(person, 0).latest("fact", field=name)
            if line is not None:
                return str(line["value"])
        return self.book.settings.country

    def back(self, view: View, length: Length) -> int:
        """Return the instant from which ``in the last …`` counts."""
        return values.shifted(view.now, length, self.zone(view.person), self.book.work, -1)

    def on(self, view: View, length: Length) -> int:
        """Return the instant that is ``length`` from now, on the person's clock and in the project's working time."""
        return values.shifted(view.now, length, self.zone(view.person), self.book.work)

    def since(self, view: View, line: Line, length: Length) -> int:
        """Return the instant at which ``length`` has passed since something happened."""
        return values.shifted(line.at, length, self.zone(view.person), self.book.work)

    # ---------- values ----------

    def lookup(self, view: View, name: str) -> Any:
        """Return what a field's name means: the moment judged, the visit's latest that carries it, the person."""
        moments = [
            *(view.visit.moments if view.visit else ()),
            *([view.event] if view.event else ()),
        ]
        for line in reversed(moments):
            if self.book.carries(line["moment"], name):
                return line["fields"].get(name)
        return self.of_person(view, name)

    def of_person(self, view: View, name: str) -> Any:
        """Return a built-in field, a fact, a score or a label of the person."""
        action = view.latest("moment")
        match name:
            case "last-action":
                return action["moment"] if action else None
            case "last-action-time":
                return action.at if action else None
            case "country":
                return self.country(view.person)
            case "time-zone":
                return self.zone(view.person).name
            case _:
                pass
        fact = view.latest("fact", field=name)
        if fact is not None:
            return fact["value"]
        if name in self.book.declared.get("score", {}):
            return self.score(view, name)
        return None

    def value(self, view: View, part: Any) -> Any:
        """Return the value of an expression."""
        if isinstance(part, Word):
            match part.kind:
                case "NAME":
                    return self.lookup(view, part.text)
                case "TODAY":
                    return self.zone(view.person).local(view.now).date()
                case "NOW":
                    return view.now
                case _:
                    return values.literal(part)
        match part.shape:
            case "brackets":
                return self.value(view, part.parts["inner"])
            case "duration":
                return length_of(part)
            case "money":
                return Decimal(part.text("number")), part.text("currency")
            case "sum" | "product":
                return self.reckoned(view, part)
            case _:
                return self.truth(view, part)

    def reckoned(self, view: View, node: Node) -> Any:
        """Return a sum or a product, term by term."""
        terms = node.items("terms")
        found = self.value(view, terms[0])
        for sign, right in zip(terms[1::2], terms[2::2], strict=True):
            other = self.value(view, right)
            if found is None or other is None:
                return None
            assert isinstance(sign, Word)
            if node.shape == "product":
                found = values.times(found, sign.kind, other)
            else:
                way = 1 if sign.kind == "PLUS" else -1
                zone = self.zone(view.person)
                found = values.plus(found, way, other, zone, self.book.work)
        return found

    def score(self, view: View, name: str) -> Decimal:
        """Return a score now: every moment that counts, from the first on, with what has faded between them."""
        total, last = self.points(view, name)
        return faded(total, view.now - last, self.half(name))

    def half(self, name: str) -> Decimal | None:
        """Return the half-life of a score in milliseconds; None where it does not fade."""
        halves = self.book.of("score", name).first("halves")
        return values.nominal(length_of(halves.node("length"))) if halves else None

    def points(self, view: View, name: str) -> tuple[Decimal, int]:
        """Return a score after the last moment that counts, and when that was.

        What two people had before they turned out to be one is added as it was, each faded from its own instant.
        """
        sentence = self.book.of("score", name)
        half = self.half(name)
        total, last, place = view.person.points.get(name, (Decimal(0), 0, 0))
        for line in sorted(view.lines("moment"), key=lambda one: (one.at, one.number)):
            if line.number <= place:
                continue
            seen = View(view.person, line.at, None, line, line.number)
            for rule in sentence.of("adds", "takes"):
                node = node_of(rule)
                counts = self.book.moment(node.text("moment")) == line["moment"]
                if not counts or (node.has("condition") and self.rule(seen, node) is not True):
                    continue
                points = Decimal(node.text("number")) * (1 if rule.shape == "adds" else -1)
                total = self.bounded(name, faded(total, line.at - last, half) + points)
                last = line.at
        return total, last

    def bounded(self, name: str, total: Decimal) -> Decimal:
        """Return a score within its bounds."""
        stays = self.book.of("score", name).first("stays")
        if stays is None:
            return total
        return min(Decimal(stays.text("high")), max(Decimal(stays.text("low")), total))

    def united(self, name: str, one: View, other: View) -> tuple[Decimal, int]:
        """Return the score of two people who are one from now on, and from when it fades."""
        (first, since), (second, at) = self.points(one, name), self.points(other, name)
        half, last = self.half(name), max(since, at)
        total = faded(first, last - since, half) + faded(second, last - at, half)
        return self.bounded(name, total), last

    def rule(self, view: View, node: Node) -> bool | None:
        """Return whether the ``where`` of a rule holds."""
        return self.truth(view, node.parts["condition"])

    # ---------- conditions ----------

    def holds(self, view: View, sentence: Sentence, part: str = "condition") -> bool | None:
        """Return whether the condition of a sentence holds, with the conditions listed under it."""
        condition = node_of(sentence).parts[part]
        if isinstance(condition, Word) and condition.kind in ("ALL_TRUE", "ANY_TRUE"):
            join = every if condition.kind == "ALL_TRUE" else some
            return join(self.holds(view, inner) for inner in sentence.of("condition"))
        return self.truth(view, condition)

    def truth(self, view: View, part: Any) -> bool | None:
        """Return whether a condition holds."""
        if isinstance(part, Word):
            answer = self.value(view, part)
            return None if answer is None else bool(answer)
        match part.shape:
            case "brackets":
                return self.truth(view, part.parts["inner"])
            case "and_":
                return every(self.truth(view, one) for one in part.items("terms"))
            case "or_":
                return some(self.truth(view, one) for one in part.items("terms"))
            case "not_":
                return opposite(self.truth(view, part.parts["inner"]))
            case "known":
                return self.value(view, part.parts["left"]) is not None
            case "is_unknown":
                return self.value(view, part.parts["left"]) is None
            case _:
                return (self.compared if part.has("left") else self.asked)(view, part)

    def compared(self, view: View, node: Node) -> bool | None:
        """Return whether a comparison holds; one with something unknown is unknown."""
        left = self.value(view, node.parts["left"])
        if left is None:
            return None
        if node.shape in AGO:
            right = node.node("right")
            length = length_of(right.node("length"))
            bound = self.back(view, length) if right.shape == "ago" else self.on(view, length)
            way = AGO[node.shape]
            way = TURNED[way] if right.shape == "ago" else way
            return relation(way, values.point(left, self.zone(view.person)), bound)
        if node.shape == "one_of":
            return any(values.fold(left) == values.fold(word.text) for word in node.words("values"))
        if node.shape == "between":
            low = self.against(view, "ge", left, node.parts["low"])
            return every((low, self.against(view, "le", left, node.parts["high"])))
        return self.against(view, node.shape, left, node.parts["right"])

    def against(self, view: View, shape: str, left: Any, part: Any) -> bool | None:
        """Return whether a known value stands in a relation to another expression."""
        right = self.value(view, part)
        if right is None:
            return None
        if shape == "contains":
            if isinstance(left, tuple):
                return values.folded(right) in [values.folded(one) for one in left]
            return values.fold(right) in values.fold(left)
        if shape == "starts_with":
            return values.fold(left).startswith(values.fold(right))
        pair = values.comparable(left, right, self.zone(view.person))
        return None if pair is None else relation(shape, *pair)

    def asked(self, view: View, node: Node) -> bool | None:
        """Return what is asked about segment, label, history, silence or consent."""
        match node.shape:
            case "in_segment":
                return self.inside(view, node.text("segment")) is True
            case "qualified":
                return self.labelled(view, node.text("label"))
            case "had":
                least = int(node.text("number") or 1)
                return len(self.times(view, node)) >= least
            case "had_no":
                return not self.times(view, node)
            case "silent":
                length = length_of(node.node("length"))
                seen = [line for line in self.signs(view) if line.at <= view.now]
                return all(self.since(view, line, length) <= view.now for line in seen)
            case _:
                pass
        assert node.shape in ("agrees", "not_agrees"), node
        channel = CHANNELS[node.word("channel").kind] if node.has("channel") else ""
        agrees = self.consents.agrees(view, node.text("purpose"), node.text("topic"), channel)
        return agrees if node.shape == "agrees" else not agrees

    def inside(self, view: View, segment: str) -> bool | None:
        """Return whether the person fits a segment now, whatever visit asks."""
        clause = self.book.of("segment", segment).of("people_where")[0]
        return self.holds(View(view.person, view.now, None, None, view.until), clause)

    def labelled(self, view: View, label: str) -> bool:
        """Return whether a label holds now."""
        line = view.latest("label", label=label)
        return line is not None and line["holds"]

    def times(self, view: View, node: Node) -> list[Line]:
        """Return the moments that ``had`` and ``had no`` count."""
        moment = self.book.moment(node.text("moment"))
        found = [line for line in view.lines("moment") if line["moment"] == moment]
        if not node.has("length"):
            return found
        length = length_of(node.node("length"))
        return [line for line in found if line.at <= view.now <= self.since(view, line, length)]

    def signs(self, view: View) -> list[Line]:
        """Return the signs of life: the moments that say so, or all where none does."""
        moments = dict(self.book.each("moment"))
        chosen = {name for name, sentence in moments.items() if sentence.first("sign_of_life")}
        return [one for one in view.lines("moment") if not chosen or one["moment"] in chosen]
