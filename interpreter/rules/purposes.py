"""Rules about purposes: what we may write for, and who keeps the answers. Rule: only what is written is judged; what a
purpose leaves out because its line was not understood is not told a second time.
"""

from __future__ import annotations

from verbline.interpreter.listeners import one_system
from verbline.interpreter.problems import Edit, Term
from verbline.interpreter.sendings import CLASSES, Purpose
from verbline.interpreter.source import Span, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# What each class may rest on, where not everything will do.
MAY_REST_ON = {
    "marketing": ("consent", "interest"),
    "tracking": ("consent",),
    "recognition": ("consent",),
}
# Purposes that no step names: the runtime asks for their yes where it measures and recognises.
WITHOUT_STEPS = ("tracking", "recognition")


def marketing_not_on_consent(view: View) -> Iterator[Problem]:
    """Yield purposes that would sell, track or recognise without a yes."""
    for sentence in view.of("purpose"):
        purpose = declared(view, sentence)
        allowed = MAY_REST_ON.get(purpose.kind)
        if allowed is None:
            continue
        line = next(iter(sentence.of("rests_on")), None)
        if line is not None and line.node is not None and purpose.basis not in allowed:
            yield view.problem(
                "C202",
                line,
                line.node.word("basis"),
                variant="" if purpose.kind == "marketing" else "watching",
                purpose=purpose.name,
                kind=Term(f"class-{purpose.kind}"),
                basis=Term(f"basis-{purpose.basis}"),
            )
        elif sentence.lacks("rests_on") and sentence.node is not None:
            yield view.problem(
                "C202",
                sentence,
                sentence.node.word("name"),
                variant="nothing",
                purpose=purpose.name,
                kind=Term(f"class-{purpose.kind}"),
            )


def declared(view: View, sentence: Sentence) -> Purpose:
    """Return the purpose that ``sentence`` declares."""
    assert sentence.node is not None, "only understood lines are asked for"
    name = sentence.node.text("name")
    found = view.project.overview.purposes.get(name)
    if found is not None and found.sentence is sentence:
        return found
    # The name is declared twice: each of the two is judged by its own lines.
    return Purpose(name, view.file, sentence)


def consent_never_lapses(view: View) -> Iterator[Problem]:
    """Yield purposes whose yes lives for ever."""
    for sentence in view.of("purpose"):
        purpose = declared(view, sentence)
        if purpose.basis == "consent" and sentence.lacks("lapses") and sentence.node is not None:
            name = sentence.node.word("name")
            yield view.problem("C206", sentence, name, purpose=purpose.name)


def all_or_nothing(view: View) -> Iterator[Problem]:
    """Yield purposes with one tick for several channels."""
    for line in view.of("covers"):
        if line.node is None or line.parent is None or line.node.has("separately"):
            continue
        if len(line.node.words("channels")) < 2 or line.parent.shape != "purpose":
            continue
        purpose = declared(view, line.parent)
        if purpose.basis != "consent":
            continue
        end = span_of(line, line.node)
        words = view.language.write("ASKED_SEPARATELY")
        place = Span(end.end_line, end.end_column, end.end_line, end.end_column)
        yield view.problem(
            "C207",
            line,
            line.node,
            suggestion=f"{line.raw} {words}",
            edits=(Edit(place, f" {words}"),),
            purpose=purpose.name,
        )


def two_keepers(view: View) -> Iterator[Problem]:
    """Yield purposes whose answers are kept in two systems."""
    for sentence in view.of("purpose"):
        if sentence.node is None:
            continue
        name = sentence.node.text("name")
        first, path = first_keeper(view, name)
        for line in sentence.of("kept_in"):
            if first is None or line.node is None or line is first or first.node is None:
                continue
            system, other = line.node.word("system"), first.node.text("system")
            if one_system(system.text) == one_system(other):
                continue
            yield view.problem(
                "C209",
                line,
                system,
                related=((path, first.number),),
                purpose=name,
                system=system.text,
                other=other,
                place=f"{path}:{first.number}",
            )


def first_keeper(view: View, name: str) -> tuple[Sentence | None, str]:
    """Return the first line of the project that says where the answers of purpose ``name`` are kept, and its file."""
    for names in view.project.overview.own:
        one = names.declared.get("purpose", {}).get(name)
        lines = one.sentence.of("kept_in") if one else []
        if lines:
            return lines[0], names.file.path
    return None, ""


def wish_goes_nowhere(view: View) -> Iterator[Problem]:
    """Yield wishes that a form asks for and nobody looks at."""
    overview = view.project.overview
    if overview.unclear:
        return
    for line in view.of("asks_agreement"):
        if line.node is None:
            continue
        word = line.node.word("purpose")
        purpose = overview.purposes.get(word.text)
        if purpose is None or purpose.kind in WITHOUT_STEPS:
            continue
        if word.text not in overview.listeners.purposes:
            yield view.problem("C210", line, word, purpose=word.text)


def class_missing(view: View) -> Iterator[Problem]:
    """Yield purposes that do not say what class they are of."""
    for sentence in view.of("purpose"):
        if sentence.node is not None and sentence.lacks(*CLASSES):
            yield view.problem(
                "C217",
                sentence,
                sentence.node.word("name"),
                suggestion=view.language.write("IS_SERVICE"),
                purpose=sentence.node.text("name"),
            )


RULES: Mapping[str, Rule] = {
    "C202": marketing_not_on_consent,
    "C206": consent_never_lapses,
    "C207": all_or_nothing,
    "C209": two_keepers,
    "C210": wish_goes_nowhere,
    "C217": class_missing,
}
