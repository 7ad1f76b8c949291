"""Rules about what is captured and who listens. Rule: one meaning has one way in, and what comes in is used."""

from __future__ import annotations

from verbline.interpreter.listeners import one_system
from verbline.interpreter.rules import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.overview import Overview
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View


def two_capture_paths(view: View) -> Iterator[Problem]:
    """Yield second doors: of one form, to one moment, or beside the system that a moment comes from."""
    overview = view.project.overview
    for form in view.of("form"):
        if form.node is None:
            continue
        systems = form.of("captured_by")
        for line in systems[1:]:
            if line.node is not None and systems[0].node is not None:
                yield view.problem(
                    "I501",
                    line,
                    line.node.word("system"),
                    related=((view.path, systems[0].number),),
                    form=form.node.text("name"),
                    system=line.node.text("system"),
                    other=systems[0].node.text("system"),
                )
        for line in form.of("form_signals"):
            if line.node is not None:
                yield from second_door(view, form, line, line.node, overview)


def second_door(
    view: View, form: Sentence, line: Sentence, node: Node, overview: Overview
) -> Iterator[Problem]:
    """Yield the other door to the moment that ``line`` of ``form`` signals."""
    moment = node.word("moment")
    declared = overview.find("moment", moment.text)
    if declared is None or form.node is None:
        return
    first = overview.doors[id(declared.sentence)]
    name = form.node.text("name")
    if first[1] is not form:
        other = first[1].node.text("name") if first[1].node else ""
        yield view.problem(
            "I501", line, moment, variant="forms",
            related=((first[0].path, first[1].number),), other=other, form=name,
            moment=moment.text,
        )  # fmt: skip
        return
    source, captured = declared.sentence.first("comes_from"), form.first("captured_by")
    if source is None or captured is None:
        return
    system, other = source.text("system"), captured.text("system")
    if one_system(system) != one_system(other):
        yield view.problem(
            "I501", line, moment, variant="system",
            related=((declared.file.path, declared.sentence.number),),
            system=system, other=other, form=name, moment=moment.text,
        )  # fmt: skip


def two_wordings(view: View) -> Iterator[Problem]:
    """Yield agreements that another form of this language asks for by the same channel in other words."""
    first: dict[tuple[str, str, str], tuple[Sentence, Sentence, str]] = {}
    for form in forms_in(view):
        for line in form.sentence.of("asks_agreement"):
            node = line.node
            if node is None or not node.has("wording"):
                continue
            topic = node.text("topic") if node.has("topic") else ""
            place = node.text("purpose"), topic, node.text("channel") if node.has("channel") else ""
            other, of, path = first.setdefault(place, (line, form.sentence, form.file.path))
            if form.file.path != view.path or of is form.sentence or other.node is None:
                continue
            if other.node.text("wording").split() != node.text("wording").split():
                yield view.problem(
                    "C218", line, node.word("wording"), related=((path, other.number),), purpose=place[0],
                    form=door(form.sentence), other=door(of), place=f"{path}:{other.number}",
                )  # fmt: skip


def forms_in(view: View) -> list[Declaration]:
    """Return the forms of the project that are written in the language of ``view``, in the order of their files."""
    code = view.language.code
    found = view.project.overview.declarations("form")
    return [one for one in found if one.file.language.code == code]


def door(form: Sentence) -> str:
    """Return a form and the system that captures it, as people call them."""
    name = form.node.text("name") if form.node is not None else ""
    captured = form.first("captured_by")
    return f'"{name}" ({captured.text("system")})' if captured is not None else f'"{name}"'


def deaf_form(view: View) -> Iterator[Problem]:
    """Yield forms whose submission nobody hears of."""
    for form in view.of("form"):
        perhaps = any(inner.misplaced for inner in form.block)
        heard = (
            perhaps or not form.lacks("form_signals", "asks_agreement") or is_awaited(view, form)
        )
        if form.node is not None and not heard:
            name = form.node.word("name")
            moment = own.moment(view, form)
            yield view.problem("I502", form, name, form=name.text, moment=moment)


def is_awaited(view: View, form: Sentence) -> bool:
    """Return whether a journey may `ask` for what ``form`` asks, and so waits until somebody sends it in."""
    asked = {word.text for line in form.of("asks") for word in line.words}
    unclear = not form.lacks("asks") and not form.of("asks")
    steps = view.project.overview.steps("ask")
    return any(
        unclear or asked.issuperset(word.text for word in node.words("fields"))
        for _file, _step, node in steps
    )


def field_never_used(view: View) -> Iterator[Problem]:
    """Yield fields of people that no sentence and no message reads."""
    if view.project.overview.unclear:
        return
    used = view.project.overview.listeners.fields
    for line in view.of("has_field"):
        if line.node is None:
            continue
        name = line.node.word("name")
        if name.text not in used:
            yield view.problem("I507", line, name, field=line.raw[name.start : name.end])


def field_never_filled(view: View) -> Iterator[Problem]:
    """Yield fields of people that something reads and nothing brings."""
    overview = view.project.overview
    if overview.unclear:
        return
    for line in view.of("has_field"):
        if line.node is None:
            continue
        name = line.node.word("name")
        if name.text in overview.listeners.fields and name.text not in overview.filled:
            kind = line.raw[name.end :].strip()
            yield view.problem(
                "I513",
                line,
                name,
                field=line.raw[name.start : name.end],
                suggestion=f"{view.language.write('CARRIES')} {name.text} {kind}",
            )


def unheard_moment(view: View) -> Iterator[Problem]:
    """Yield moments that come from a system and that nobody listens to."""
    overview = view.project.overview
    if overview.unclear:
        return
    for moment in view.of("moment"):
        if moment.node is None or moment.lacks("comes_from") or moment.first("sign_of_life"):
            continue
        names = [moment.node.text("name")]
        names += [inner.node.text("name") for inner in moment.of("also_called") if inner.node]
        if not overview.listeners.moments.isdisjoint(names):
            continue
        carried = (inner.node.text("name") for inner in moment.of("carries") if inner.node)
        # What a moment brings for a field of the person is remembered, so somebody hears it after all.
        if not any(field in overview.person_fields for field in carried):
            yield view.problem("I509", moment, moment.node.word("name"), moment=names[0])


def score_without_end(view: View) -> Iterator[Problem]:
    """Yield scores that only grow."""
    for score in view.of("score"):
        if score.lacks("halves", "stays") and score.node is not None:
            name = score.node.word("name")
            yield view.problem("I511", score, name, score=score.raw[name.start : name.end])


def trust_nobody(view: View) -> Iterator[Problem]:
    """Yield fields that two systems bring, without a word on which of them wins."""
    overview = view.project.overview
    for line in view.of("has_field"):
        person = line.parent
        if line.node is None or person is None or any(not inner.node for inner in person.block):
            continue
        name = line.node.word("name")
        trusted = {
            word.text
            for inner in person.of("trust")
            if inner.node is not None
            for word in inner.node.words("fields")
        }
        systems = overview.bringing.get(name.text, ())
        if len(systems) > 1 and name.text not in trusted:
            yield view.problem(
                "I512",
                line,
                name,
                field=line.raw[name.start : name.end],
                systems=", ".join(f'"{system}"' for system in systems[:3]),
                suggestion=f'{view.language.write("TRUST")} "{systems[0]}" '
                f"{view.language.write('TRUST_FOR')} {name.text}",
            )


RULES: Mapping[str, Rule] = {
    "C218": two_wordings,
    "I501": two_capture_paths,
    "I502": deaf_form,
    "I507": field_never_used,
    "I513": field_never_filled,
    "I509": unheard_moment,
    "I511": score_without_end,
    "I512": trust_nobody,
}
