"""What a scenario says about journeys. Rule: an outcome, an arm or a person that nothing can give is a mistake, not a failure."""

from __future__ import annotations

from verbline.interpreter.examples import spelled
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Word
from verbline.interpreter.resolve import lacks_file, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View

# Outcomes that nobody writes: the engine gives them.
GIVEN = (
    "gave up", "stopped", "continued", "finished", "withdrawn", "merged", "identity split",
)  # fmt: skip
# Why the guard or the engine holds a message back, or a journey waits. These are codes: the same in every language.
REASONS = (
    "no consent", "opted out", "objected", "expired", "pending confirmation", "no evidence", "grant not from subject",
    "soft opt in not applicable", "frequency cap", "paused", "quiet hours", "no contact point", "contact not owned",
    "identity uncertain", "suppressed complaint", "suppressed bounce", "soft bounces", "stale", "entry brake", "segment left",
    "missing field", "channel failed", "journey stopped", "already past", "unknown value", "outside window", "already sent",
    "person erased", "suppressed invalid", "suppressed erased", "no desk",
    # Why a journey did not take the person in.
    "closed", "too old", "no correlation value", "already running", "ran before", "too soon", "not in segment", "excepted",
    "not verified",
)  # fmt: skip
REASONED = ("t_not", "t_no_offer", "t_nothing", "t_no_more", "t_waiting")
# Parts that name one of several people of a scenario.
PEOPLE = {
    "w_event": ("to",),
    "w_merge_named": ("first", "second"),
    "w_split_named": ("first", "second"),
}
ENDINGS = ("finish", "stops_when", "stops_segment", "stops_withdrawn")


def check_scenarios(view: View) -> Iterator[Problem]:
    """Yield outcomes, arms, reasons and people of scenarios that are nowhere to be found."""
    finished = [sentence for sentence in view.of("t_finish") if sentence.node is not None]
    named = journeys(view) if finished else {}
    known: dict[str, dict[str, None] | None] = {}
    for sentence in finished:
        journey = sentence.node.text("journey") if sentence.node else ""
        if journey not in known:
            known[journey] = outcomes(named.get(journey, []))
        yield from check_among(view, sentence, "outcome", known[journey])
    for sentence in view.of("g_exp"):
        if sentence.node is not None:
            yield from check_among(
                view, sentence, "arm", arms(view, sentence.node.text("experiment"))
            )
    for sentence in view.of(*REASONED):
        yield from check_reason(view, sentence)
    for scenario in view.of("scenario"):
        people = [
            inner.node.text("name") for inner in scenario.of("g_person") if inner.node is not None
        ]
        broken = any(inner.may_be("g_person") for inner in scenario.block if inner.node is None)
        for inner in scenario.block if not broken else ():
            yield from check_people(view, inner, [name for name in people if name])


def journeys(view: View) -> dict[str, list[Sentence]]:
    """Return the journeys that a scenario of this file can speak about, by name; all of them under no name.

    They are its own and those of the files it uses; none where a line that was not understood may be another one.
    """
    tops = (sentence for part in view.scope.parts for sentence in part.file.sentences)
    if any(sentence.node is None and sentence.may_be("journey") for sentence in tops):
        return {}
    found: dict[str, list[Sentence]] = {"": []}
    for part in view.scope.parts:
        for journey in part.of("journey"):
            if not journey.misplaced and journey.node is not None:
                found[""].append(journey)
                found.setdefault(journey.node.text("name"), []).append(journey)
    return found


def outcomes(several: list[Sentence]) -> dict[str, None] | None:
    """Return the outcomes of ``several`` journeys, in the order of the text; None where a broken line may give one."""
    found: list[str] = []
    for journey in several:
        for sentence in journey.walk():
            if sentence.node is None and sentence.may_be(*ENDINGS):
                return None
            if sentence.node is not None and sentence.shape in ENDINGS:
                found.append(sentence.node.text("outcome"))
    return dict.fromkeys([*filter(None, found), *GIVEN]) if found else None


def arms(view: View, experiment: str) -> list[str] | None:
    """Return the arms of an experiment, or None where it is unknown or one of them is not understood."""
    for part in view.scope.parts:
        step = part.experiments.get(experiment)
        if step is not None:
            if any(inner.node is None for inner in step.block):
                return None
            return [inner.node.text("name") for inner in step.of("arm") if inner.node is not None]
    return None


def check_among(
    view: View, sentence: Sentence, part: str, known: Collection[str] | None
) -> Iterator[Problem]:
    """Yield what stands at ``part`` and is not among ``known``."""
    if known is None or sentence.node is None or lacks_file(view):
        return
    for named in sentence.node.items(part):
        for word, span in spelled(sentence, named):
            if isinstance(word, Word) and word.kind == "STRING" and word.text not in known:
                if view.project.index.in_broken_line(word.text):
                    continue
                near = nearest(word.text, known)
                yield view.problem(
                    "N107",
                    sentence,
                    span,
                    variant=f"{part}_near" if near else part,
                    name=word.text,
                    near=near,
                    known=listed([one for one in known if one not in GIVEN] or list(known)),
                )


def check_reason(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield a reason that neither the guard nor the engine gives."""
    for named in sentence.node.items("reason") if sentence.node else ():
        for word, span in spelled(sentence, named):
            if isinstance(word, Word) and word.kind == "STRING" and word.text not in REASONS:
                near = nearest(word.text, REASONS)
                yield view.problem(
                    "N107",
                    sentence,
                    span,
                    variant="reason_near" if near else "reason",
                    name=word.text,
                    near=near,
                    known=", ".join(REASONS),
                )


def check_people(view: View, sentence: Sentence, people: list[str]) -> Iterator[Problem]:
    """Yield the names of people that the scenario does not have."""
    node = sentence.node
    if node is None:
        return
    parts = PEOPLE.get(
        node.shape, ("name",) if node.has("who") and node.shape != "g_person" else ()
    )
    if node.shape == "t_fact" and node.parts.get("condition") is not None:
        condition = node.node("condition")
        node, parts = condition, ("name",) if condition.has("who") else ()
    for part in parts:
        word = node.parts.get(part)
        if isinstance(word, Word) and word.text not in people:
            if view.project.index.in_broken_line(word.text):
                continue
            near = nearest(word.text, people)
            variant = "person_near" if near else "person" if people else "nobody"
            yield view.problem(
                "N107",
                sentence,
                word,
                variant=variant,
                name=word.text,
                near=near,
                known=listed(people),
            )
