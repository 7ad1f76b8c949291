"""Files and names across a project: N102, N104, N105, N106, N109. Rule: a name and a field mean one thing in all files."""

from __future__ import annotations

from verbline.interpreter.index import STANDARD, Place
from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.meanings import written
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.nearness import nearest
from verbline.interpreter.problems import Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.names import Declaration, Field
    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View


def check_uses(view: View) -> Iterator[Problem]:
    """Yield files that are used and not there, used by themselves, or used in a circle, and texts that are not there."""
    project = view.project
    for use in view.of("use"):
        name = use.node.text("file") if use.node else ""
        word = use.node.word("file") if use.node else None
        if name == view.name:
            yield view.problem("N109", use, word, variant="own")
        elif project.used(name) is None:
            near = nearest(name, [*project.files, *STANDARD])
            variant = "near" if near else "none"
            if name.endswith(".journey") and project.used(name[:-8]) is not None:
                variant, near = "ending", name[:-8]
            yield view.problem("N104", use, word, variant=variant, name=name, near=near)
    yield from check_circle(view)
    for sentence in view.of("text_from"):
        name = sentence.node.text("file") if sentence.node else ""
        if project.text(name) is None:
            word = sentence.node.word("file") if sentence.node else None
            yield view.problem("N105", sentence, word, name=name)


def check_circle(view: View) -> Iterator[Problem]:
    """Yield the line with which the last file of a circle, by name, leads back to the first."""
    names = view.project.names
    for use in view.of("use"):
        start = use.node.text("file") if use.node else ""
        if start == view.name or start not in names:
            continue
        way = way_back(view, start)
        if way and view.name == max(way):
            shown = " → ".join([view.name, *way])
            yield view.problem("N109", use, use.node and use.node.word("file"), way=shown)


def way_back(view: View, start: str) -> list[str]:
    """Return the files from ``start`` to this one, each using the next; nothing where there is no such way."""
    names = view.project.names
    ways = [[start]]
    seen = {start}
    for way in ways:
        for use in names[way[-1]].uses:
            name = use.node.text("file") if use.node else ""
            if name == view.name:
                return [*way, name]
            if name in names and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def check_repeated(view: View) -> Iterator[Problem]:
    """Yield the names that are declared a second time."""
    for first, again in view.project.index.repeated.get(view.path, ()):
        yield twice(
            view, again.kind, again.name, named(again), Place(first.file, first.sentence), first
        )
    for declaration in (*declared(view, "person"), *declared(view, "moment")):
        yield from check_fields_repeated(view, declaration)


def declared(view: View, kind: str) -> list[Declaration]:
    """Return the file's own declarations of a kind, each once."""
    found = view.names.declared.get(kind, {}).values()
    return list({id(one.sentence): one for one in found}.values())


def named(declaration: Declaration) -> tuple[Sentence, Word | None]:
    """Return the sentence and the word that give a declaration its name."""
    for sentence in (declaration.sentence, *declaration.sentence.of("also_called", "also_written")):
        for word in sentence.words:
            if word.kind in ("STRING", "NAME") and word.text == declaration.name:
                return sentence, word
    return declaration.sentence, None


def twice(
    view: View,
    kind: str,
    name: str,
    here: tuple[Sentence, Word | None],
    there: Place,
    first: Declaration | None = None,
) -> Problem:
    """Return the finding that a name is declared twice: here, and earlier there."""
    values: dict[str, Any] = {"name": name, "kind": Term(kind), "place": str(there)}
    variant = ""
    if kind == "moment" and first is not None:
        one, other = (system(sentence) for sentence in (first.sentence, moment_of(here[0])))
        if one and other and one != other:
            variant = "systems"
            comes = view.language.write("COMES_FROM")
            values |= {"system": f'{comes} "{one}"', "other": f'"{other}"'}
    related = ((there.file.path, there.sentence.number),)
    return view.problem("N102", here[0], here[1], variant=variant, related=related, **values)


def moment_of(sentence: Sentence) -> Sentence:
    """Return the moment that ``sentence`` declares or stands in."""
    return sentence if sentence.shape == "moment" or sentence.parent is None else sentence.parent


def system(moment: Sentence) -> str:
    """Return the system that a moment comes from, or nothing."""
    found = moment.first("comes_from")
    return found.text("system") if found else ""


def check_fields_repeated(view: View, declaration: Declaration) -> Iterator[Problem]:
    """Yield the fields that one person or one moment declares twice."""
    fields = fields_of_person if declaration.kind == "person" else fields_of_moment
    seen: dict[str, Field] = {}
    for field in fields(declaration):
        first = seen.setdefault(field.name, field)
        # A key may have a type of its own: `known by` and `has` do not say the same.
        if first is not field and (field.kind is None) == (first.kind is None):
            place = Place(field.of.file, first.sentence)
            yield twice(view, "field", field.name, (field.sentence, word_of(field)), place)


def word_of(field: Field) -> Word | None:
    """Return the word that names a field."""
    return next(
        (word for word in field.sentence.words if word.kind == "NAME" and word.text == field.name),
        None,
    )


def check_kinds_of_fields(view: View) -> Iterator[Problem]:
    """Yield the fields that have another kind here than where they are declared first."""
    for kind in ("person", "moment"):
        fields = fields_of_person if kind == "person" else fields_of_moment
        for declaration in declared(view, kind):
            for field in fields(declaration):
                if field.kind is not None:
                    yield from check_kind_of_field(view, field)


def check_kind_of_field(view: View, field: Field) -> Iterator[Problem]:
    """Yield the field where its kind is another one than at its first declaration."""
    everywhere = view.project.index.fields.get(field.name, [])
    first = next((one for one in everywhere if one.kind is not None), field)
    if first.sentence is field.sentence:
        return
    one, other = kind_of_type(first.kind), kind_of_type(field.kind)
    if alike(one, other):
        return
    place = Place(first.of.file, first.sentence)
    amounts = one.name == other.name == "money"
    variant = "currency" if amounts else "list" if one.name == other.name == "list" else ""
    yield view.problem(
        "N106",
        field.sentence,
        field.kind,
        variant=variant,
        related=((place.file.path, place.sentence.number),),
        name=written(field.name, view.language),
        place=str(place),
        first=one.currency if amounts else Term(f"kind-{one.name}"),
        here=other.currency if amounts else Term(f"kind-{other.name}"),
    )


def alike(one: Kind, other: Kind) -> bool:
    """Return whether a field can be both: texts from a set are texts, and an amount may leave its currency open."""
    if one.base != other.base:
        return False
    if one.of is not None and other.of is not None:
        return alike(one.of, other.of)
    return not (one.currency and other.currency) or one.currency == other.currency
