"""Whether every field means something where it stands. Rule: what depends on an unknown moment or file is not blamed on the field."""

from __future__ import annotations

from verbline.interpreter.index import Place
from verbline.interpreter.kinds import BY_TYPE, kind_of
from verbline.interpreter.meanings import written
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.reach import OF_MOMENT, Reach, reach_of, reach_of_target
from verbline.interpreter.resolve import EXPRESSIONS, lacks_file, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.names import Field
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View

# Sentences that name fields, and the part they stand in.
NAMES_FIELDS = {
    "once_per": "field", "stops_when": "same", "wait_for": "same", "wait_absent": "same", "zone_from": "fields",
    "country_from": "fields", "trust": "fields", "sums": "field", "asks": "fields", "ask": "fields", "show": "fields",
    "escalate_named": "field", "depending": "field",
}  # fmt: skip
# Sentences that give values to fields of the person, or of a moment they raise.
GIVES_VALUES = {
    "learn": "field", "learn_list": "field", "signal": "values", "g_person": "values", "g_other_person": "values",
    "w_event": "values", "t_task": "values",
}  # fmt: skip
# Sentences that declare a field.
DECLARES_FIELDS = (
    *("person", "moment", "score", "carries", "has_field", "known_by", "also_known_by"),
    "recognised_by",
)
# Wordings that say a field is found, but not here.
ELSEWHERE = ("reach", "moment", "person")
# `runs once per person` names the person, no field.
WHOLE_PERSON = "person"
# The parts of a comparison that say of which kind its field is.
BESIDE = ("right", "low", "value")


def check_fields(view: View) -> Iterator[Problem]:
    """Yield the fields that mean nothing where they stand: N103, or V006 where a hyphen stands for a minus."""
    for shape, part in EXPRESSIONS.items():
        for sentence in view.of(shape):
            found = sentence.node.parts.get(part) if sentence.node else None
            if found is not None and not isinstance(found, tuple):
                words = [word for word in inner_words(found) if word.kind == "NAME"]
                yield from check_words(view, sentence, words) if words else ()
    for shape, part in NAMES_FIELDS.items():
        for sentence in view.of(shape):
            words = sentence.node.words(part) if sentence.node else []
            if words and not (shape == "once_per" and words[0].text == WHOLE_PERSON):
                yield from check_words(view, sentence, words)
    for shape, part in GIVES_VALUES.items():
        for sentence in view.of(shape):
            yield from check_given(view, sentence, part)


def inner_words(part: Node | Word) -> Iterator[Word]:
    """Yield the words of an expression that may name a field; the person a condition speaks about is none."""
    if isinstance(part, Word):
        yield part
        return
    for name, inner in part.parts.items():
        if name == "who":
            continue
        for one in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(one, Word):
                yield one
            else:
                yield from inner_words(one)


def check_words(view: View, sentence: Sentence, words: list[Word]) -> Iterator[Problem]:
    """Yield those of ``words`` that mean nothing in ``sentence``, each once."""
    reach = reach_of(view, sentence)
    told: set[str] = set()
    for word in words:
        if word.text not in told and reach.find(word.text) is None:
            told.add(word.text)
            yield from unknown_field(view, sentence, word, reach)


def check_given(view: View, sentence: Sentence, part: str) -> Iterator[Problem]:
    """Yield the unknown fields among those that ``sentence`` gives values to, and among those values."""
    if sentence.node is None:
        return
    values: list[Word] = []
    reach = (
        reach_of(view, sentence) if sentence.shape == "t_task" else reach_of_target(view, sentence)
    )
    for given in sentence.node.items(part):
        word = given if isinstance(given, Word) else given.word("field")
        if word.kind == "NAME" and reach.find(word.text) is None:
            yield from unknown_field(view, sentence, word, reach)
        if isinstance(given, Node):
            values += [one for one in inner_words(given.parts["value"]) if one.kind == "NAME"]  # type: ignore[arg-type]
    yield from check_words(view, sentence, values) if values else ()


def unknown_field(view: View, sentence: Sentence, word: Word, reach: Reach) -> Iterator[Problem]:
    """Yield the finding about a field that means nothing here, unless a line that was not understood may declare it."""
    index = view.project.index
    raw = sentence.raw[word.start : word.end]
    forms = (form for form, name in view.language.data.items() if name == word.text)
    if reach.open or lacks_file(view) or index.in_broken_line(word.text, raw, *forms):
        return
    if not index.begun.isdisjoint(DECLARES_FIELDS):
        return
    minus = around_minus(word.text, reach)
    if minus:
        left, right = minus
        variant = "number" if right.isdigit() else ""
        yield view.problem(
            "V006", sentence, word, variant=variant, name=raw, left=left, right=right
        )
        return
    variant, values, suggestion = told(view, sentence, word, reach)
    if variant == "unused" and index.in_broken_line(str(values["file"])):
        return
    if variant == "reach" and any(one.node is None for one in top(sentence).walk()):
        return
    # A line at the left margin that nobody understood may use the file that has the field.
    lost = (one for one in view.file.sentences if one.node is None)
    if variant in ELSEWHERE and any(one.may_be("use") for one in lost):
        return
    values |= {"name": raw}
    yield view.problem("N103", sentence, word, variant=variant, suggestion=suggestion, **values)


def top(sentence: Sentence) -> Sentence:
    """Return the declaration that ``sentence`` stands in."""
    while sentence.parent is not None:
        sentence = sentence.parent
    return sentence


def around_minus(name: str, reach: Reach) -> tuple[str, str] | None:
    """Return what stands on both sides of a hyphen that was meant as a minus, or None where none was."""
    for at, letter in enumerate(name):
        if letter == "-":
            left, right = name[:at], name[at + 1 :]
            if reach.find(left) and (reach.find(right) or right.isdigit()):
                return left, right
    return None


def told(
    view: View, sentence: Sentence, word: Word, reach: Reach
) -> tuple[str, dict[str, Any], str]:
    """Return what to say about an unknown field: the wording, its values, and a sentence to copy."""
    values: dict[str, Any] = {}
    name, index, language = word.text, view.project.index, view.language
    moments = moments_meant(sentence)
    carried = view.fields.any_moment.get(name)
    of_person = view.fields.person.get(name)
    if moments and of_person:
        return "person", {"moment": moments}, ""
    if carried and not moments:
        field = min(carried.fields, key=lambda one: (one.of.file.path, one.sentence.number))
        values = {"moment": field.of.name, "place": place_of(field)}
        return "reach" if reach.groups else "moment", values, ""
    elsewhere = index.field(name) if not (carried or of_person) else None
    if elsewhere is not None:
        file, place = elsewhere
        return "unused", {"file": file, "place": str(place)}, f'{language.write("USE")} "{file}"'
    asked = name, tuple(dict.fromkeys(reach.names()))
    near = view.fields.near.get(asked)
    if near is None:
        near = view.fields.near[asked] = nearest(*asked)
    if near:
        meaning = reach.find(near)
        there = f" ({place_of(meaning.fields[0])})" if meaning and meaning.fields else ""
        of_person_only = not reach.groups and not reach.any_moment
        return (
            "near_person" if of_person_only else "near",
            {"near": written(near, language), "place": there},
            "",
        )
    if moments:
        return told_of_event(view, sentence, word, reach, moments)
    has = f"{language.write('HAS')} {name} {typed(view, sentence, word, reach)}"
    return "none", values, has


def told_of_event(
    view: View, sentence: Sentence, word: Word, reach: Reach, event: str
) -> tuple[str, dict[str, Any], str]:
    """Return what to say about a field that the moment or the form ``event`` does not bring."""
    language = view.language
    form = view.fields.form(event) if sentence.shape == "w_event" else None
    held = view.fields.moment(event)
    if form is not None and held is None:
        known = listed([written(one, language) for one in form], quoted=False)
        return "form" if form else "form_bare", {"form": event, "known": known}, ""
    known = listed([written(one, language) for one in held or ()], quoted=False)
    carries = f"{language.write('CARRIES')} {word.text} {typed(view, sentence, word, reach)}"
    return "carries" if held else "bare", {"moment": event, "known": known}, carries


def moments_meant(sentence: Sentence) -> str:
    """Return the moment whose fields alone a name can mean in ``sentence``, or nothing."""
    own = sentence.shape in ("signal", "w_event")
    part = "moment" if own else OF_MOMENT.get(sentence.shape, "")
    words = sentence.node.words(part) if sentence.node and part else []
    return words[0].text if words else ""


def place_of(field: Field) -> str:
    """Return where a field is declared."""
    return str(Place(field.of.file, field.sentence))


def typed(view: View, sentence: Sentence, word: Word, reach: Reach) -> str:
    """Return the words that give a field its kind: that of the value beside it, else a text."""
    beside = view.fields.beside.get(id(sentence))
    if beside is None:
        beside = view.fields.beside[id(sentence)] = sides(sentence)
    other = beside.get(id(word))
    kind = kind_of(other, reach.kind) if other is not None else None
    language = view.language
    word_for = {one.name: terminal for terminal, one in BY_TYPE.items()} | {"money": "T_MONEY"}
    meaning = word_for.get(kind.name, "T_TEXT") if kind else "T_TEXT"
    return f"{language.write('AS_TYPE')} {language.write(meaning)}"


def sides(sentence: Sentence) -> dict[int, Part]:
    """Return what stands beside each field of the comparisons in ``sentence``."""
    found: dict[int, Part] = {}
    for node in sentence.node.walk() if sentence.node else ():
        if isinstance(node, Node):
            beside = next((node.parts[side] for side in BESIDE if node.has(side)), None)
            for part in ("left", "field"):
                if beside is not None and part in node.parts:
                    found[id(node.parts[part])] = beside
    return found
