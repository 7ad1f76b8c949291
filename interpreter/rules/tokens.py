"""Rules about the fields in messages and on desks. Rule: a field is looked for in the whole project, and a journey with a
line that was not understood is not blamed for what that line may have brought.
"""

from __future__ import annotations

from verbline.interpreter.known import known_at
from verbline.interpreter.names import BUILT_IN, MESSAGE_TOKENS
from verbline.interpreter.nearness import nearest
from verbline.interpreter.rules.sending import in_text, sendings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.overview import Overview
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.sendings import Sending
    from verbline.interpreter.texts import Text, Token
    from verbline.interpreter.view import View

# The link of a double opt-in, which only the request itself can hold.
CONFIRMING = "confirm-link"


def no_fallback(view: View) -> Iterator[Problem]:
    """Yield fields that may be unknown and have nothing to stand in for them."""
    overview = view.project.overview
    for text in overview.texts(view.name):
        for token in text.tokens:
            if token.fallback is None and may_be_unknown(view, text, token, overview):
                word = view.language.forms["OR"][0]
                suggestion = f"{{{token.written} {word} …}}"
                yield in_text(
                    view, text, "M402", token.span, suggestion=suggestion, field=token.written
                )


def may_be_unknown(view: View, text: Text, token: Token, overview: Overview) -> bool:
    """Return whether a message may go out while the field is unknown."""
    name = token.field
    field = overview.person_fields.get(name)
    if is_built_in(name, overview) or (field is not None and field.known):
        return False
    sendings = sendings_of(view, text)
    if not any(sending.how != "link" for sending in sendings):
        return field is not None and not overview.is_carried(name)
    return any(unknown_at(sending, name, overview) for sending in sendings)


def unknown_at(sending: Sending, name: str, overview: Overview) -> bool:
    """Return whether the field may be unknown where ``sending`` stands."""
    if sending.how == "link":
        return False
    reach = overview.reach(sending.journey)
    if name in reach.certain or not reach.whole:
        return False
    if not reach.sees(name) and name not in overview.person_fields:
        return False  # it is out of reach, which M403 tells
    if name in known_at(sending.step, overview):
        return False
    return not all(name in overview.suited(offer) for offer in sending.offers or ("",))


def is_built_in(name: str, overview: Overview) -> bool:
    """Return whether a name is known without being declared as a field."""
    return (
        name in BUILT_IN
        or name in MESSAGE_TOKENS
        or name == CONFIRMING
        or name in overview.always_known
    )


def field_out_of_reach(view: View) -> Iterator[Problem]:
    """Yield fields that a message names and its journey cannot see, and those that a desk is to be shown."""
    overview = view.project.overview
    for text in overview.texts(view.name):
        for token in text.tokens:
            yield from out_of_reach(view, text, token, overview)
    for line in view.of("show"):
        if line.node is None:
            continue
        for word in line.node.words("fields"):
            journey = top_of(line)
            if overview.is_carried(word.text) and is_hidden(word.text, journey, overview):
                yield view.problem(
                    "M403",
                    line,
                    word,
                    field=line.raw[word.start : word.end],
                    journey=name_of(journey),
                    moments=listed(overview.all_carried[word.text]),
                    moment=overview.all_carried[word.text][0],
                )


def out_of_reach(view: View, text: Text, token: Token, overview: Overview) -> Iterator[Problem]:
    """Yield the finding for one token, if there is one."""
    name, sendings = token.field, sendings_of(view, text)
    if name == CONFIRMING:
        others = [sending for sending in sendings if sending.how != "link"]
        if others:
            yield in_text(
                view, text, "M403", token.span, variant="link", related=(others[0].place,),
                field=token.written,
            )  # fmt: skip
        return
    if is_built_in(name, overview) or name in overview.person_fields:
        return
    if not overview.is_carried(name):
        if any(asks_for(sending, name) for sending in sendings):
            return
        if not overview.may_hide_fields:
            yield nowhere(view, text, token, overview)
        return
    for sending in sendings:
        if sending.how == "link" or is_hidden(name, sending.journey, overview):
            yield in_text(
                view,
                text,
                "M403",
                token.span,
                variant="link_field" if sending.how == "link" else "",
                related=(sending.place,),
                field=token.written,
                journey=name_of(sending.journey),
                moments=listed(overview.all_carried[name]),
                moment=overview.all_carried[name][0],
            )
            return


def asks_for(sending: Sending, name: str) -> bool:
    """Return whether the step asks the person for this field."""
    node = sending.step.node
    return node is not None and any(word.text == name for word in node.words("fields"))


def is_hidden(name: str, journey: Sentence, overview: Overview) -> bool:
    """Return whether ``journey`` cannot see the field ``name``, which some moment carries."""
    if name in overview.person_fields or is_built_in(name, overview):
        return False
    if overview.may_hide_fields:
        return False
    reach = overview.reach(journey)
    return reach.whole and not reach.sees(name)


def nowhere(view: View, text: Text, token: Token, overview: Overview) -> Problem:
    """Return the finding for a field that nobody has declared."""
    known = [*overview.person_fields, *overview.all_carried, *overview.always_known]
    near = nearest(token.written, [*known, *BUILT_IN, *MESSAGE_TOKENS])
    return in_text(
        view,
        text,
        "M403",
        token.span,
        variant="near" if near else "nowhere",
        field=token.written,
        near=near,
    )


def top_of(sentence: Sentence) -> Sentence:
    """Return the declaration that ``sentence`` stands in."""
    while sentence.parent is not None:
        sentence = sentence.parent
    return sentence


def name_of(journey: Sentence) -> str:
    """Return the journey's name."""
    return journey.node.text("name") if journey.node else ""


def listed(names: Iterable[str]) -> str:
    """Return at most three names in quotes."""
    shown = [f'"{name}"' for name in names]
    return ", ".join(shown[:3]) + (" …" if len(shown) > 3 else "")


def broken_token(view: View) -> Iterator[Problem]:
    """Yield braces that hold no field."""
    for text in view.project.overview.texts(view.name):
        for flaw in text.flaws:
            variant = "" if flaw.kind == "words" else flaw.kind
            yield in_text(
                view, text, "M409", flaw.span, variant=variant, suggestion=flaw.suggestion,
                written=flaw.written,
            )  # fmt: skip


RULES: Mapping[str, Rule] = {
    "M402": no_fallback,
    "M403": field_out_of_reach,
    "M409": broken_token,
}
