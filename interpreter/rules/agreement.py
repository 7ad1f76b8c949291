"""The rule that a reader sees where a yes is needed. Rule: the runtime asks for it anyway, so only a sure gap is told."""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of, top
from verbline.interpreter.nodes import Node, unbracketed
from verbline.interpreter.outcomes import WRITES
from verbline.interpreter.places import conditions_under, lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View
    from verbline.interpreter.ways import Way

# The moment of the standard library that is itself a yes.
YES = "verbline.consent.grant"


def consent_not_visible(view: View) -> Iterator[Problem]:
    """C203: a marketing message on a path that no condition about its purpose guards."""
    for journey in journeys_of(view):
        for purpose, steps in marketing(view, journey).items():
            if guarded_from_start(journey, purpose):
                continue
            reached = reached_without(journey, purpose)
            bare = [step for step in steps if step in reached]
            if bare and bare[0].node is not None:
                yield view.problem(
                    "C203",
                    bare[0],
                    bare[0].node.word("purpose"),
                    suggestion=question(view, bare[0], purpose),
                    purpose=purpose,
                )


def marketing(view: View, journey: Journey) -> dict[str, list[Sentence]]:
    """Return the steps that write under a marketing purpose that rests on consent alone, by purpose."""
    found: dict[str, list[Sentence]] = {}
    for step in journey.flow.steps:
        name = step.node.text("purpose") if step.node and step.shape in WRITES else ""
        purpose = view.project.overview.purposes.get(name)
        if purpose is None or (purpose.kind, purpose.basis) != ("marketing", "consent"):
            continue
        if purpose.sentence.lacks("also_rests_on"):
            found.setdefault(name, []).append(step)
    return found


def question(view: View, step: Sentence, purpose: str) -> str:
    """Return the condition to copy, with the person's noun as it is declared."""
    words = view.language
    spoken = sorted(top(step).walk(), key=lambda line: abs(line.number - step.number))
    found = next(
        (one for line in spoken if (one := view.scope.find("person", who_in(line)))),
        next(iter(view.project.overview.declarations("person")), None),
    )
    # A further form of the noun is declared by a line under it.
    person = found.sentence.parent or found.sentence if found else None
    noun = person.node.text("name") if person and person.node else "…"
    article = f"{words.write('THE')} " if "THE" in words.forms else ""
    return f'{words.write("IF")} {article}{noun} {words.write("AGREES_TO")} "{purpose}"'


def who_in(line: Sentence) -> str:
    """Return the noun by which ``line`` speaks of the person, nothing where it does not."""
    return line.node.text("who") if line.node else ""


def reached_without(journey: Journey, purpose: str) -> set[Sentence]:
    """Return the steps that a person may surely reach who has not said yes to ``purpose``."""
    return journey.flow.reach(lambda way: open_to(way, purpose))


def open_to(way: Way, purpose: str) -> bool:
    """Return whether ``way`` is sure and may be taken by a person who has not said yes to ``purpose``."""
    step = way.source
    if (
        way.sure
        and step.shape in ("if_", "otherwise_if", "qualify")
        and way.reason in ("yes", "no")
    ):
        return purpose not in agreed(step, yes=way.reason == "yes")
    return way.sure


def agreed(sentence: Sentence, *, yes: bool) -> set[str]:
    """Return the purposes a person has said yes to, if the condition of ``sentence`` came to ``yes``."""
    if sentence.node is None or not sentence.node.has("condition"):
        return set()
    condition = sentence.node.parts["condition"]
    if not lists_conditions(sentence):
        return implied(condition, yes=yes)
    every = sentence.node.word("condition").kind == "ALL_TRUE"
    return joined(
        [implied(one, yes=yes) for one in conditions_under(sentence)], all_hold=every == yes
    )


def implied(condition: Part, *, yes: bool) -> set[str]:
    """Return the purposes agreed to, if ``condition`` is a yes (or, with ``yes`` false, is none)."""
    condition = unbracketed(condition)
    if not isinstance(condition, Node):
        return set()
    shape = condition.shape
    if shape == "condition":
        return implied(condition.parts["condition"], yes=yes)
    if shape in ("agrees", "not_agrees"):
        return {condition.text("purpose")} if (shape == "agrees") == yes else set()
    if shape == "not_":
        return implied(condition.parts["inner"], yes=not yes)
    if shape in ("and_", "or_"):
        terms = [implied(term, yes=yes) for term in condition.items("terms")]
        return joined(terms, all_hold=(shape == "and_") == yes)
    return set()


def joined(terms: list[set[str]], *, all_hold: bool) -> set[str]:
    """Return what several terms imply, of which all hold or only some one does."""
    if not terms:
        return set()
    return set().union(*terms) if all_hold else set.intersection(*terms)


def guarded_from_start(journey: Journey, purpose: str) -> bool:
    """Return whether only people who have said yes to ``purpose`` come in."""
    lines = journey.sentence.block
    only = [line for line in lines if line.shape == "only_for"]
    if any(in_segment(journey, line, purpose) for line in only):
        return True
    starts = [
        line for line in lines if line.shape in ("starts_when", "starts_segment", "starts_also")
    ]
    return bool(starts) and all(
        in_segment(journey, line, purpose)
        if line.shape != "starts_when"
        else purpose in agreed(line, yes=True) or is_yes(journey, line)
        for line in starts
    )


def in_segment(journey: Journey, line: Sentence, purpose: str) -> bool:
    """Return whether the segment that ``line`` names holds only people who have said yes."""
    name = line.node.text("segment") if line.node else ""
    segment = journey.all.declared("segment").get(name)
    where = segment.sentence.of("people_where") if segment else []
    return any(purpose in agreed(one, yes=True) for one in where)


def is_yes(journey: Journey, start: Sentence) -> bool:
    """Return whether the moment of ``start`` is a yes itself."""
    name = journey.all.call(start.node.text("moment")) if start.node else ""
    moment = journey.all.declared("moment").get(name)
    comes = moment.sentence.first("comes_from") if moment else None
    return comes is not None and comes.text("code") == YES


RULES: Mapping[str, Rule] = {"C203": consent_not_visible}
