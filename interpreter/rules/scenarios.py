"""Rules about scenarios. Rule: a scenario that may do what a rule asks for is believed; only a sure gap is told."""

from __future__ import annotations

from itertools import chain, islice

from verbline.interpreter.journeys import journeys_of
from verbline.interpreter.lengths import length_in
from verbline.interpreter.places import SCENARIO
from verbline.interpreter.rehearsal import UNDECIDED, Rehearsal
from verbline.interpreter.rules.agreement import marketing
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.trials import Scenario
    from verbline.interpreter.view import View

# With more scenarios than these a journey is believed: to play them all would take too long.
MANY = 100
REFUSALS = ("t_nothing", "t_no_more", "t_not", "t_no_offer", "g_disagrees", "w_withdraws")
YES = ("g_agrees", "w_agrees")
THEN = tuple(sorted(shape for shape in SCENARIO if shape.startswith("t_")))


def may_be_tried(journey: Journey) -> bool:
    """Return whether what was not understood may be what connects a scenario with it: a line, or the moment that starts it."""
    known = journey.all.first_names
    return journey.names in journey.all.unclear or any(
        moment not in known for _line, moment in journey.starts
    )


def no_scenario(view: View) -> Iterator[Problem]:
    """T701: nobody has written down what the journey promises."""
    for journey in journeys_of(view):
        trials = journey.all.trials
        if may_be_tried(journey) or journey.names in trials.unclear:
            continue
        if journey not in trials.tried:
            yield view.problem("T701", journey.sentence)


def no_refusal(view: View) -> Iterator[Problem]:
    """T702: every scenario of a marketing journey has a yes in it, and none shows what a no does."""
    for journey in journeys_of(view):
        purposes = marketing(view, journey)
        if not purposes or may_be_tried(journey):
            continue
        scenarios = scenarios_of(journey)
        if scenarios and all(says_yes(one.sentence, purposes) for one in scenarios):
            yield view.problem("T702", journey.sentence, purpose=next(iter(purposes)))


def scenarios_of(journey: Journey) -> list[Scenario]:
    """Return the scenarios that try ``journey``; none where they, or the journeys that lead to it, are too many to play."""
    trials = journey.all.trials
    before = list(islice(trials.leading(journey), MANY + 1))
    tries = chain.from_iterable(map(trials.directly, before))
    found = list(islice(tries, MANY + 1))
    return found if len(before) <= MANY >= len(found) else []


def says_yes(scenario: Sentence, purposes: Mapping[str, object]) -> bool:
    """Return whether a scenario gives a yes to one of ``purposes`` and proves nothing about a no."""
    if not scenario.lacks(*REFUSALS):
        return False
    return any(line.node.text("purpose") in purposes for line in scenario.of(*YES) if line.node)


def silence_untested(view: View) -> Iterator[Problem]:
    """T703: no scenario lets a wait run out."""
    for journey in journeys_of(view):
        waits = [
            step
            for step in journey.flow.steps
            if step.shape in ("wait_for", "wait_absent") and journey.flow.surely(step)
        ]
        # What starts it in the middle of another journey cannot be told from the text.
        trials = journey.all.trials
        direct = len(list(islice(trials.leading(journey), 2))) == 1 and journey.starts
        if not waits or not direct or may_be_tried(journey):
            continue
        least = min(journey.flow.soonest(step) + limit(step) for step in waits)
        started = (trials.by_moment.get(moment, ()) for _line, moment in journey.starts)
        near = (one for one in chain(*started) if journey.names in one.scope.parts)
        among = chain(near, trials.open.get(journey.names, ()))
        scenarios = list(islice(dict.fromkeys(one.sentence for one in among), MANY + 1))
        if len(scenarios) > MANY:
            continue
        rehearsed = [Rehearsal(scenario, journey) for scenario in scenarios]
        begun = [one for one in rehearsed if one.begun or one.ended == UNDECIDED]
        if begun and not any(lets_run_out(one, least) for one in begun):
            yield view.problem("T703", waits[0])


def limit(step: Sentence) -> int:
    """Return the minutes after which a wait is over at the earliest."""
    length = length_in(step.node, "limit") if step.node else None
    return length.low if length else 0


def lets_run_out(rehearsal: Rehearsal, least: int) -> bool:
    """Return whether a scenario lets a wait run out, or may; the first does so after ``least`` minutes."""
    if any(way.reason == "not_happens" for way in rehearsal.path):
        return True
    return rehearsal.ended == UNDECIDED and passes(rehearsal.scenario) >= least


def passes(scenario: Sentence) -> int:
    """Return the minutes that pass in a scenario at the most."""
    lengths = [
        length_in(line.node, "length") for line in scenario.of("w_pass") if line.node is not None
    ]
    if any(map(unclear, scenario.block)) or None in lengths:
        return 10**9
    return sum(length.high for length in lengths if length)


def proves_nothing(view: View) -> Iterator[Problem]:
    """T704: a scenario without an expectation."""
    for scenario in view.of("scenario"):
        if scenario.lacks(*THEN):
            yield view.problem("T704", scenario)


def lottery(view: View) -> Iterator[Problem]:
    """T705: a scenario that reaches an experiment without saying which arm is drawn."""
    all_journeys = view.project.journeys
    by_moment: dict[str, list[Journey]] = {}
    for part in view.scope.parts:
        for journey in all_journeys.of(part) if part.experiments else ():
            if has_experiment(journey):
                for moment in dict.fromkeys(moment for _line, moment in journey.starts):
                    by_moment.setdefault(moment, []).append(journey)
    for scenario in view.of("scenario") if by_moment else ():
        happening = {
            all_journeys.happening(line.node.text("moment"))
            for line in scenario.of("w_event")
            if line.node
        }
        begun = chain.from_iterable(by_moment.get(moment, ()) for moment in happening)
        for journey in sorted(set(begun), key=lambda one: one.place):
            met = Rehearsal(scenario, journey).lottery
            if met is not None:
                yield pinned(view, scenario, journey, met)


def has_experiment(journey: Journey) -> bool:
    """Return whether ``journey`` has an experiment."""
    return any(step.shape == "experiment" for step in journey.flow.steps)


def pinned(view: View, scenario: Sentence, journey: Journey, experiment: Sentence) -> Problem:
    """Return T705 with the line that pins the experiment."""
    words = view.language
    name = experiment.node.text("name") if experiment.node else ""
    arms = [arm.node.text("name") for arm in experiment.of("arm") if arm.node]
    line = (
        f'  {words.write("GIVEN_EXP")} "{name}" {words.write("PICKS")} "{arms[0] if arms else "…"}"'
    )
    return view.problem(
        "T705",
        scenario,
        suggestion=line,
        related=((journey.place[0], experiment.number),),
        experiment=name,
    )


RULES: Mapping[str, Rule] = {
    "T701": no_scenario,
    "T702": no_refusal,
    "T703": silence_untested,
    "T704": proves_nothing,
    "T705": lottery,
}
