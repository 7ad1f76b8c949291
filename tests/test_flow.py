"""The paths through a journey: cases say each way, and what can be told from them."""

from __future__ import annotations

import pytest

from tests.cases import Case, cases, project_of
from verbline.interpreter.flow import Flow, flow_of
from verbline.interpreter.lengths import length_of
from verbline.interpreter.nodes import Sentence
from verbline.interpreter.outcomes import ANSWERS, HOLDS, WRITES
from verbline.interpreter.places import BRANCHES, STEPS, UNDER
from verbline.interpreter.project import Project
from verbline.interpreter.ways import Way


def flow_in(project: Project, file: str = "a") -> Flow:
    """Return the flow of the first journey of a file."""
    return flow_of(next(iter(project.names[file].of("journey"))))


def journey(*steps: str) -> Flow:
    """Return the flow of a journey of these lines."""
    lines = "".join(f"  {step}\n" for step in steps)
    return flow_in(project_of({"a.journey": f'journey "J"\n{lines}'}))


def shown(way: Way) -> str:
    """Return a way as the cases write it."""
    words = [str(way.source.number), way.reason, *([way.word] if way.word else [])]
    words.append(str(way.target.number) if way.target else "end")
    words += [f"+{way.takes}"] if way.takes else []
    return " ".join([*words, *([] if way.sure else ["?"])])


@pytest.mark.parametrize("case", cases("flow"), ids=str)
def test_every_way_is_known(case: Case) -> None:
    """A journey has exactly the ways that the case writes, and its steps are reached no sooner than it says."""
    flow = flow_in(case.project())
    assert [shown(way) for way in flow.ways()] == case.files["ways"].splitlines()
    soonest = {step.number: flow.soonest(step) for step in flow.steps}
    for line in case.files["soonest"].splitlines():
        number, minutes = line.split()
        assert soonest[int(number)] == int(minutes), line


def test_every_answer_of_the_grammar_has_a_reason() -> None:
    """Each line that may open a block under a step is the answer of some way."""
    for shape, answers in ANSWERS.items():
        blocks = {line for line in UNDER.get(shape, ()) if UNDER.get(line)}
        assert {line for _reason, lines, _part in answers for line in lines} == blocks, shape
    laid_apart = {"wait_for", "qualify", "experiment", "depending", "repeat"}
    holding = {shape for shape in UNDER if shape in STEPS and shape not in BRANCHES}
    assert holding - laid_apart - {"notify_desk"} <= set(ANSWERS)


def test_every_shape_of_the_tables_is_a_step() -> None:
    """A misspelled shape would be a rule that never applies."""
    assert set(ANSWERS) | HOLDS | WRITES <= STEPS | {"pass_up"}


def test_at_once_ends_where_people_stay() -> None:
    """Nothing behind a wait, a question or a task happens in the same instant."""
    flow = journey('signal "a"', "wait 1 day", 'signal "b"')
    assert {step.number for step in flow.at_once()} == {2, 3}


def test_an_empty_journey_has_no_path() -> None:
    """Without steps there is nothing to reach, and no path that could stop."""
    flow = journey()
    assert (flow.first, flow.steps, flow.loose(), flow.endings()) == (None, [], [], [])


def test_endings_are_those_that_can_be_reached() -> None:
    """An end behind an end is none."""
    flow = journey('finish as "a"', 'finish as "b"')
    assert [step.number for step in flow.endings()] == [2]


def test_moments_are_named_where_they_stand() -> None:
    """Starts, stops, waits and signals are given with the word that names their moment."""
    flow = journey(
        'starts when "a"',
        'stops when "b"',
        'wait for "c" or "d" up to 2 days',
        'signal "e"',
    )
    named = [flow.starting(), flow.stopping(), flow.awaited(), flow.signalled()]
    assert [[(line.number, word.text) for line, word in some] for some in named] == [
        [(2, "a")],
        [(3, "b")],
        [(4, "c"), (4, "d")],
        [(5, "e")],
    ]


def test_a_torn_journey_has_no_sure_end() -> None:
    """Where lines may have fallen out of a journey, its last line need not be its last."""
    sentence = journey("wait 1 day").journey
    assert [way.source.number for way in flow_of(sentence).loose()] == [2]
    assert flow_of(sentence, torn=True).loose() == []


def test_a_line_at_column_1_may_belong_to_the_journey_above() -> None:
    """A journey is torn by a line behind it that begins no declaration."""
    text = 'journey "J"\n  wait 1 day\n'
    torn = [
        project_of({"a.journey": text + after}).journeys.all[0].torn
        for after in ("", 'moment "M"\n', 'xyz "told"\n')
    ]
    assert torn == [False, False, True]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("90 minutes", 90, 90),
        ("1.5 hours", 90, 90),
        ("2 days", 2880, 2880),
        ("1 month", 28 * 1440, 31 * 1440),
        ("2 years", 730 * 1440, 732 * 1440),
        ("4 working hours", 240, 48 * 60 + 4 * 1440),
        ("1 working day", 1440, 6 * 1440),
    ],
)
def test_a_length_has_two_bounds(text: str, low: int, high: int) -> None:
    """A duration lasts at least and at most so many minutes; working time stands still over holidays."""
    step = journey(f"wait {text}").first
    assert isinstance(step, Sentence)
    assert step.node is not None
    length = length_of(step.node.node("length"))
    assert length is not None
    assert (length.low, length.high) == (low, high)
