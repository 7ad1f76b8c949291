"""Whether every name means something. Rule: a name that may stand in a line nobody understood is never called unknown."""

from __future__ import annotations

from verbline.interpreter.examples import spelled
from verbline.interpreter.index import folded
from verbline.interpreter.names import COUNTED_FROM, REFERS
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.problems import Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span
    from verbline.interpreter.view import View
    from verbline.interpreter.words import Language

# The part of a sentence that holds a condition or a value, in which names may stand.
EXPRESSIONS = {
    "starts_when": "condition", "stops_when": "condition", "no_longer": "condition", "merge_when": "condition",
    "merge_ask": "condition", "merge_never": "condition", "people_where": "condition", "adds": "condition",
    "takes": "condition", "suits": "condition", "ranked_by": "rank", "wait_until": "until", "wait_until_workday": "until",
    "wait_before": "until", "wait_after": "until", "wait_for": "condition", "wait_absent": "condition", "escalate": "before",
    "escalate_routed": "before", "escalate_named": "before", "pass_up": "before", "qualify": "condition", "learn": "value",
    "repeat": "condition", "if_": "condition", "otherwise_if": "condition", "condition": "condition", "t_fact": "condition",
}  # fmt: skip
# The code of an unknown name, where it is not N101.
CODES = {"purpose": "C201", "message": "M401"}
# What to write to declare a name: the word of each line, and what stands behind it.
DECLARING = {
    "moment": (("MOMENT", "{name}"), ("COMES_FROM", '"…" {AS_CODE} "…"')),
    "purpose": (("PURPOSE", "{name}"), ("IS_SERVICE", ""), ("RESTS_ON", "{B_CONTRACT}"), ("COVERS", "{C_EMAIL}")),
    "person": (("PERSON", "{name}"), ("KNOWN_BY", "…")),
    "segment": (("SEGMENT", "{name}"), ("PEOPLE_WHERE", "…")),
    "metric": (("METRIC", "{name}"), ("OWNED_BY", '"…"'), ("COUNTS_PEOPLE", '"…" {AFTER_MOMENT} "…"')),
    "message": (("MESSAGE", "{name}"), ("SUBJECT", '"…"'), ("TEXT", '"…"')),
    "desk": (("DESK", "{name}"), ("LED_BY", '"…"')),
    "offer": (("OFFER_DECL", "{name}"), ("SUITS", "…"), ("SHOWS", '"…"')),
    "journey": (("JOURNEY", "{name}"), ("OWNED_BY", '"…"')),
    "label": (("QUALIFY_AS", "{name} {IF} …"),),
    "experiment": (("EXPERIMENT", '{name} {JUDGED_BY} "…" {AFTER_TIME} …'),),
    "question": (("CONFIRM", "{name} {BY} {C_EMAIL} {WITHIN} … {FOR_PURPOSE} …"),),
}  # fmt: skip
# The sentences that declare a kind of name, where they are not called like it.
DECLARED_BY = {
    "offer": ("offer_decl",),
    "label": ("qualify",),
    "question": ("confirm", "ask"),
    "person": ("person", "also_written"),
    "moment": ("moment", "also_called"),
}
LISTED_MAX = 6


def check_names(view: View) -> Iterator[Problem]:
    """Yield the names that nothing declares: N101, C201 for a purpose, M401 for a message."""
    for shape, parts in REFERS.items():
        for sentence in view.of(shape):
            if sentence.node is not None:
                yield from check_node(view, sentence, sentence.node, parts)
    for shape, part in EXPRESSIONS.items():
        for sentence in view.of(shape):
            found = sentence.node.parts.get(part) if sentence.node else None
            if isinstance(found, Node):
                yield from check_condition(view, sentence, found)
    for sentence in view.of("counts"):
        if sentence.node is not None:
            kind = COUNTED_FROM[sentence.node.word("after").kind]
            yield from check_node(view, sentence, sentence.node, {"since": kind})
    for sentence in view.of("no_longer"):
        if sentence.node is not None:
            yield from check_node(view, sentence, sentence.node, {"label": "label"})
    for sentence in view.of("t_asked"):
        yield from check_question(view, sentence)


def check_condition(view: View, sentence: Sentence, condition: Node) -> Iterator[Problem]:
    """Yield the unknown names in a condition, however deep they stand."""
    for node in condition.walk():
        if isinstance(node, Node) and node.shape in REFERS:
            yield from check_node(view, sentence, node, REFERS[node.shape])


def check_node(
    view: View, sentence: Sentence, node: Node, parts: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield the unknown names in ``parts`` of ``node``: part -> the kind of name."""
    for part, kind in parts.items():
        for named in node.items(part):
            if isinstance(named, Word) and named.kind != "PLACEHOLDER":
                if not is_known(view, sentence, kind, named.text):
                    yield from unknown(view, sentence, named, kind)
            else:
                yield from check_cells(view, sentence, named, kind)


def check_cells(view: View, sentence: Sentence, named: Word | Node, kind: str) -> Iterator[Problem]:
    """Yield the unknown names among the cells that stand for a placeholder."""
    for cell, span in spelled(sentence, named):
        if (
            isinstance(cell, Word)
            and cell.kind == "STRING"
            and not is_known(view, sentence, kind, cell.text)
        ):
            yield from unknown(view, sentence, cell, kind, span)


def is_known(view: View, sentence: Sentence, kind: str, name: str) -> bool:
    """Return whether the file sees ``name``; in a scenario a form can happen as well as a moment."""
    return view.scope.has(kind, name) or (
        sentence.shape == "w_event" and kind == "moment" and view.scope.has("form", name)
    )


def check_question(view: View, sentence: Sentence) -> Iterator[Problem]:
    """Yield a question that no journey in sight asks."""
    node = sentence.node
    if node is None:
        return
    asked = [
        step.node.text("question" if step.shape == "confirm" else "message")
        for part in view.scope.parts
        for step in part.of("confirm", "ask")
        if step.node is not None
    ]
    for named in node.items("question"):
        for word, span in spelled(sentence, named):
            if isinstance(word, Word) and word.kind == "STRING" and word.text not in asked:
                yield from unknown(view, sentence, word, "question", span, asked)


def unknown(
    view: View,
    sentence: Sentence,
    word: Word,
    kind: str,
    span: Span | None = None,
    known: list[str] | None = None,
) -> Iterator[Problem]:
    """Yield the finding about an unknown name, unless a line that was not understood may declare it."""
    index = view.project.index
    if lacks_file(view) or index.in_broken_line(word.text, sentence.raw[word.start : word.end]):
        return
    if sentence.shape == "w_event" and kind == "moment" and is_rather_form(view, word.text):
        kind = "form"
    if not index.begun.isdisjoint(DECLARED_BY.get(kind, (kind,))):
        return
    variant, values, suggestion = told(view, word.text, kind, known)
    if variant == "unused" and index.in_broken_line(str(values["file"])):
        return
    if sentence.shape in ("signal", "form_signals") and variant == "none":
        suggestion = suggestion.splitlines()[0]
    code = CODES.get(kind, "N101")
    yield view.problem(
        code,
        sentence,
        span or word,
        # The other wordings of C201 are about a purpose that is missing.
        variant=f"unknown_{variant}" if code == "C201" else variant,
        suggestion=suggestion,
        **values,
    )


def is_rather_form(view: View, name: str) -> bool:
    """Return whether ``name``, which is no moment in sight, is a form elsewhere, or near a form and near no moment."""
    if view.project.index.declared("moment", name) is not None:
        return False
    if view.project.index.declared("form", name) is not None:
        return True
    near_form = nearest(name, everywhere(view, "form"))
    return bool(near_form) and not nearest(name, everywhere(view, "moment"))


def lacks_file(view: View) -> bool:
    """Return whether the file uses one that is not there, or nobody knows which, so that nobody knows what it sees."""
    return any("use" in sentence.guess for sentence in view.file.broken) or any(
        view.project.used(use.node.text("file")) is None for use in view.names.uses if use.node
    )


def told(
    view: View, name: str, kind: str, known: list[str] | None
) -> tuple[str, dict[str, Any], str]:
    """Return what to say about an unknown name: the wording, its values, and a sentence to copy."""
    index, language = view.project.index, view.language
    names = view.scope.names(kind) if known is None else known
    values: dict[str, Any] = {
        "name": name,
        "kind": Term(kind),
        "a_kind": Term(f"a-{kind}"),
        "no_kind": Term(f"no-{kind}"),
    }
    found = index.declared(kind, name)
    if found is not None:
        file, place = found
        values |= {"file": file, "place": str(place)}
        return "unused", values, f'{language.write("USE")} "{file}"'
    other = index.other_kind(kind, name)
    same = next((one for one in names if folded(one) == folded(name)), "")
    near = same or ("" if other else nearest(name, names) or nearest(name, everywhere(view, kind)))
    if near:
        there = index.declared(kind, near)
        values |= {"near": near, "place": f" ({there[1]})" if there else ""}
        return "case" if same else "near", values, ""
    if other is not None:
        values |= {"a_other": Term(f"a-{other[0]}"), "place": str(other[1])}
        signals = other[1].sentence.first("form_signals") if kind == "moment" else None
        if signals is not None:
            return "form", {**values, "moment": signals.text("moment")}, ""
        return "other", values, ""
    if kind in ("person", "purpose") and names:
        values["known"] = listed(names, quoted=kind != "person")
        return "among", values, ""
    return "none", values, declaration(kind, name, language)


def everywhere(view: View, kind: str) -> Iterator[str]:
    """Yield the names of a kind in every file of the project and the library files in use."""
    for names in view.project.index.used.values():
        if kind == "label":
            yield from names.labels
        elif kind == "experiment":
            yield from names.experiments
        else:
            yield from names.declared.get(kind, {})


def listed(names: list[str], *, quoted: bool = True) -> str:
    """Return names as a list to read, cut short where there are many."""
    shown = [f'"{name}"' if quoted else name for name in dict.fromkeys(names)]
    return ", ".join(shown[:LISTED_MAX]) + (", …" if len(shown) > LISTED_MAX else "")


def declaration(kind: str, name: str, language: Language) -> str:
    """Return the lines that declare ``name``, in the words of ``language``, to be copied."""
    lines = []
    for number, (meaning, rest) in enumerate(DECLARING[kind]):
        words = {part: language.write(part) for part in language.forms if f"{{{part}}}" in rest}
        shown = rest.format(name=name if kind == "person" else f'"{name}"', **words)
        lines.append(f"{'  ' if number else ''}{language.write(meaning)} {shown}".rstrip())
    return "\n".join(lines)
