"""Values that a sentence gives or needs: facts, signals, scenarios, cases, ranks, waits, targets. Rule: each has the kind of its field."""

from __future__ import annotations

from verbline.interpreter.kinds import INSTANTS, TEXT, UNKNOWN
from verbline.interpreter.meanings import written
from verbline.interpreter.misfits import Side
from verbline.interpreter.names import fields_of_moment
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.reach import reach_of, reach_of_target
from verbline.interpreter.values import Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.meanings import Meaning
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.reach import Reach
    from verbline.interpreter.view import View

ASSIGNING = ("signal", "g_person", "g_other_person", "w_event", "t_task")
# What needs a date: shape -> the part it stands in. A bare `wait until` takes a time of day too.
DATES = {
    "wait_until": "until", "wait_before": "until", "wait_after": "until", "escalate": "before",
    "escalate_routed": "before", "escalate_named": "before", "pass_up": "before",
}  # fmt: skip
# What a metric's number is: the sentence that computes it -> what its target may be, and the wording.
TARGETS = {"counts": (("PERCENT",), "share"), "measures": (("duration",), "time")}
# A share of everybody, in percent.
ALL = 100
SUMMED = frozenset(("number", "money", "duration"))


def check_given(view: View) -> Iterator[Problem]:
    """Yield values that do not have the kind that is needed."""
    for sentence in view.of(*ASSIGNING):
        yield from check_assigned(view, sentence)
    for sentence in view.of("learn", "learn_list"):
        yield from check_learned(view, sentence)
    for sentence in view.of("case_"):
        yield from check_case(view, sentence)
    for sentence in view.of(*DATES):
        yield from check_date(view, sentence)
    for sentence in view.of("wait_until_workday", "ranked_by"):
        yield from check_needed(view, sentence)
    yield from check_metrics(view)
    for sentence in view.of("signal"):
        yield from check_signal(view, sentence)


class Given(Values):
    """Values that one sentence gives to fields; ``target`` tells what those fields are."""

    def __init__(self, view: View, sentence: Sentence, reach: Reach, target: Reach) -> None:
        super().__init__(view, sentence, reach)
        self.target = target

    def fits(self, field: Word, value: Node | Word, *, several: bool = False) -> Iterator[Problem]:
        """Yield what is wrong with giving ``value`` to ``field``; ``several`` says that it is one of several."""
        meaning = self.target.find(field.text)
        if meaning is None:
            return
        kind = meaning.kind
        of = Side(field, self.span(field), self.text(field), kind)
        if several and kind.name != "list":
            yield self.told("several", of)
            return
        if kind.name == "list" and kind.of is not None:
            of = Side(field, of.span, of.text, kind.of)
        for side in self.sides(value):
            yield from self.given(of, side, listed=kind.name == "list")

    def given(self, of: Side, side: Side, *, listed: bool) -> Iterator[Problem]:
        """Yield what is wrong with one value for the field ``of``."""
        one, other = of.kind.base, side.kind.base
        if side.kind is UNKNOWN or (one == "datetime" and other == "date"):
            return
        if one != other:
            if not (listed and other == "list"):
                yield from self.misfit_given(of, side)
        elif one == "money":
            yield from self.currencies(of, side)
        elif side.word == "STRING":
            yield from self.in_set(of, side)
        elif of.kind.name == "one_of" and not set(side.kind.values or ("",)) <= set(of.kind.values):
            yield self.told("set", side, of)

    def misfit_given(self, of: Side, side: Side) -> Iterator[Problem]:
        """Yield the finding about a value of another kind than its field."""
        for problem in self.misfit(of, side):
            if problem.variant in ("", "age", "days", "list"):
                yield self.told("given", side, of)
            else:
                yield problem


def given(view: View, sentence: Sentence) -> Given:
    """Return the values of a sentence that gives some."""
    return Given(view, sentence, reach_of(view, sentence), reach_of_target(view, sentence))


def check_assigned(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield what is wrong with the values behind `with` or `showing`."""
    values = given(view, sentence)
    items = sentence.node.items("values") if sentence.node else ()
    field: Word | None = None
    for at, item in enumerate(items):
        if isinstance(item, Node):
            field = item.word("field")
            value = item.parts["value"]
            run = at + 1 < len(items) and isinstance(items[at + 1], Word)
            if isinstance(value, Node | Word):
                yield from values.value(value)
                yield from values.fits(field, value, several=run)
        elif field is not None and (values.target.kind(field.text) or TEXT).name == "list":
            yield from values.fits(field, item, several=True)


def check_learned(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield what is wrong with a fact that is learned."""
    node = sentence.node
    if node is None:
        return
    values = given(view, sentence)
    field = node.word("field")
    meaning = values.target.find(field.text)
    if meaning is None:
        return
    if not meaning.fields:
        side = Side(field, values.span(field), values.text(field), meaning.kind)
        yield values.told("computed", side)
        return
    if sentence.shape == "learn_list":
        for item in node.items("values"):
            if values.target.kind(field.text) is not None:
                yield from values.fits(field, item, several=True)
                if meaning.kind.name != "list":
                    return
        return
    value = node.parts["value"]
    if isinstance(value, Word) and value.kind == "UNKNOWN":
        yield values.problem("learn_unknown", values.span(value), left=values.text(field))
    elif isinstance(value, Node | Word):
        yield from values.value(value)
        yield from values.fits(field, value)


def check_case(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield the values of a case that the field cannot have."""
    parent = sentence.parent.node if sentence.parent else None
    if (
        parent is None
        or sentence.parent is None
        or sentence.node is None
        or not parent.has("field")
    ):
        return
    reach = reach_of(view, sentence.parent)
    meaning: Meaning | None = reach.find(parent.text("field"))
    if meaning is None:
        return
    values = Given(view, sentence, reach, reach)
    field = parent.word("field")
    text = sentence.parent.raw[field.start : field.end]
    kind = meaning.kind.of if meaning.kind.of is not None else meaning.kind
    of = Side(field, values.span(sentence.node), text, kind)
    for value in sentence.node.items("values"):
        for side in values.sides(value):
            yield from values.given(of, side, listed=False)


def check_date(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield what is no date where one is needed."""
    part = sentence.node.parts.get(DATES[sentence.shape]) if sentence.node else None
    if part is None or isinstance(part, tuple):
        return
    values = Values(view, sentence, reach_of(view, sentence))
    yield from values.value(part)
    for side in values.sides(part):
        time = sentence.shape == "wait_until" and side.kind.name == "time"
        if not time and side.kind.name not in INSTANTS:
            yield values.told("wait" if sentence.shape == "wait_until" else "date", side)


def check_needed(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield a rank that is no number, and a next working day without a time of day."""
    rank = sentence.shape == "ranked_by"
    part = sentence.node.parts.get("rank" if rank else "until") if sentence.node else None
    if part is None or isinstance(part, tuple):
        return
    values = Values(view, sentence, reach_of(view, sentence))
    yield from values.value(part)
    for side in values.sides(part):
        if side.kind.name != ("number" if rank else "time"):
            yield values.told("rank" if rank else "workday", side)


def check_metrics(view: View) -> Iterator[Problem]:
    """Yield targets that are no number of their metric's kind, and sums of what cannot be summed."""
    for sentence in view.of("should"):
        if sentence.parent is not None:
            yield from check_target(view, sentence, sentence.parent)
    for sentence in view.of("aims_for"):
        found = view.scope.find("metric", sentence.node.text("metric")) if sentence.node else None
        if found is not None:
            yield from check_target(view, sentence, found.sentence)
    for sentence in view.of("sums"):
        values = Values(view, sentence, reach_of(view, sentence))
        for side in values.sides(sentence.node.word("field")) if sentence.node else ():
            if side.kind.name not in SUMMED:
                yield values.told("summed", side)


def check_target(view: View, sentence: Sentence, metric: Sentence) -> Iterator[Problem]:
    """Yield a target of another kind than what its metric computes."""
    target = sentence.node.parts.get("target") if sentence.node else None
    computed = next(
        (one for one in metric.block if one.shape in ("counts", "measures", "sums")), None
    )
    if not isinstance(target, Node) or computed is None or computed.node is None:
        return
    quantity = target.parts["quantity"]
    assert isinstance(quantity, Node | Word)
    written = quantity.kind if isinstance(quantity, Word) else quantity.shape
    name = metric.node.text("name") if metric.node else ""
    if computed.shape in TARGETS:
        needed, variant = TARGETS[computed.shape]
        fits = written in needed
    else:
        carried = view.fields.moment(computed.node.text("moment")) or {}
        summed = carried.get(computed.node.text("field"))
        if summed is None or summed.kind.name not in SUMMED:
            return
        fits = written.lower() == summed.kind.name
        variant = f"sum_{summed.kind.name}"
    if not fits:
        values = Values(view, sentence, reach_of(view, sentence))
        text = values.text(quantity)
        if variant == "share" and written == "NUMBER" and float(text) <= ALL:
            variant = "percent"
        yield values.problem(f"target_{variant}", values.span(quantity), left=text, metric=name)


def check_signal(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield the fields that a signalled moment carries and the signal leaves out."""
    node = sentence.node
    found = view.scope.find("moment", node.text("moment")) if node else None
    if node is None or found is None:
        return
    if found.sentence.of("comes_from"):
        system = found.sentence.first("comes_from")
        shown = system.text("system") if system else ""
        yield view.problem(
            "V007",
            sentence,
            node.word("moment"),
            variant="pretended",
            name=found.name,
            system=shown,
        )
        return
    given_here = {item.text("field") for item in node.items("values") if isinstance(item, Node)}
    missing = [field for field in fields_of_moment(found) if field.name not in given_here]
    if not missing or view.project.index.in_broken_line(found.name):
        return
    names = [written(field.name, view.language) for field in missing]
    shown = ", ".join(names)
    added = ", ".join(f"{name} …" for name in names)
    joined = (
        f"{sentence.raw}, {added}"
        if given_here
        else f"{sentence.raw} {view.language.write('WITH_DATA')} {added}"
    )
    yield view.problem(
        "V007",
        sentence,
        node.word("moment"),
        suggestion=joined,
        name=found.name,
        missing=shown,
    )
