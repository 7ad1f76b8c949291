"""Quotes that lack their partner. Rule: a quote is put where the line becomes a sentence by it, around a known name if there is one."""

from __future__ import annotations

from verbline.interpreter.mistake import Mistake
from verbline.interpreter.trail import WHOLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.trail import Trail

SIGNS = frozenset('"“”„«»')
CLOSES = {"“": "”", "”": "”", "„": "“", "«": "»", "»": "«"}
OPENS = {"”": "“", "“": "„", "»": "«"}
KINDS = ("message", "purpose", "moment", "desk", "segment", "offer", "metric", "form", "score")
WORDS_MAX = 40


def open_quote(trail: Trail) -> Mistake | None:
    """Return the mistake of a quote without its partner, or of quotes inside quotes."""
    inner = inner_quotes(trail)
    if inner is not None:
        return inner
    tokens = trail.tokens
    if tokens[-1][0] != "OPEN_QUOTE":
        return None
    lone, before, behind, opens = lonely(trail.text)
    variant = "" if opens else "opening"
    whole = best(trail, put_in(trail.text, lone, before, behind, opens=opens))
    reached = any(token[0] in ("STRING", "OPEN_QUOTE") for token in tokens[: trail.at + 1])
    if not whole and not reached:
        return None
    return Mistake("S020", lone, lone + 1, variant, whole, whole=bool(whole))


def lonely(text: str) -> tuple[int, int, int, bool]:
    """Return the place of the first quote without a partner, those of its neighbours, and whether it opens a name.

    A quote before a word opens it, and one behind a word closes it; any other is what its turn makes it.
    """
    places = [at for at, sign in enumerate(text) if sign in SIGNS]
    bounds = [-1, *places, len(text)]
    is_open = False
    for number, at in enumerate(places, 1):
        blank_before = at == 0 or text[at - 1] in " ("
        blank_behind = at + 1 == len(text) or text[at + 1] in " ,):"
        if is_open and blank_before and not blank_behind:
            return bounds[number - 1], bounds[number - 2], at, True
        if not is_open and blank_behind and not blank_before:
            return at, bounds[number - 1], bounds[number + 1], False
        is_open = not is_open
    return places[-1], bounds[-3], len(text), True


def put_in(
    text: str, lone: int, before: int, behind: int, *, opens: bool
) -> Iterator[tuple[str, str]]:
    """Yield the names that the quote at ``lone`` may belong to, the shortest first, each with the line that has its partner."""
    sign = text[lone]
    within = text[lone + 1 : behind] if opens else text[before + 1 : lone]
    words = within.split()[:WORDS_MAX] if opens else within.split()[-WORDS_MAX:]
    at = lone + 1 if opens else lone
    for word in words if opens else reversed(words):
        if opens:
            at = text.index(word, at) + len(word)
            yield text[lone + 1 : at], f"{text[:at]}{CLOSES.get(sign, sign)}{text[at:]}".rstrip()
        else:
            at = text.rindex(word, 0, at)
            yield text[at:lone], f"{text[:at]}{OPENS.get(sign, sign)}{text[at:]}"


def best(trail: Trail, candidates: Iterator[tuple[str, str]]) -> str:
    """Return the line that is a sentence, the first one with a known name if there are several; nothing where none is."""
    wholes = [(name, text) for name, text in candidates if trail.is_sentence(text)]
    if len(wholes) > 1:
        known = {name for kind in KINDS for name in trail.known(kind)}
        wholes = [one for one in wholes if one[0] in known] or wholes
    return wholes[0][1] if wholes else ""


def inner_quotes(trail: Trail) -> Mistake | None:
    """Return the mistake of a name with quotes inside."""
    at, tokens, text = trail.at, trail.tokens, trail.text
    if not at or tokens[at - 1][0] != "STRING" or tokens[at][2] != tokens[at - 1][3]:
        return None
    begin = tokens[at - 1][2]
    if text[begin] != '"' or text.count('"', begin) % 2:
        return None
    end = text.rfind('"')
    parts = text[begin + 1 : end].split('"')
    inner = "".join(
        part + ("“”"[place % 2] if place < len(parts) - 1 else "")
        for place, part in enumerate(parts)
    )
    whole = f'{text[:begin]}"{inner}"{text[end + 1 :]}'
    place = tokens[at - 1][3] - 1
    return Mistake("S020", place, place + 1, "inside", whole if trail.is_sentence(whole) else "")


def happening(trail: Trail) -> Mistake | None:
    """Return the mistake that the moment lacks its quotes, or its place, of which a line says that it happens."""
    tokens, parent = trail.tokens, trail.sentence.parent
    under = parent.shape if parent is not None else ""
    if (trail.first, under) not in (("WHEN", "scenario"), ("IF", "wait_for")) or len(tokens) < 3:
        return None
    happens = trail.grammar.number["HAPPENS"]
    for at in range(1, min(len(tokens), WORDS_MAX)):
        for behind, meanings in trail.language.matches(tokens, at):
            if happens in meanings:
                return unquoted_moment(trail, at) if at > 1 else moment_behind(trail, behind)
    return None


def unquoted_moment(trail: Trail, at: int) -> Mistake | None:
    """Return the mistake that the words from the second one to before token ``at`` are a moment without quotes."""
    name = trail.slice(1, at)
    text = trail.changed(1, at, f'"{name}"')
    left = trail.try_out(text)
    # "if it happens" is a sentence of its own, so that a slip in it may look like a name.
    named = trail.first == "WHEN" or is_known(trail, name)
    if not SIGNS.isdisjoint(name) or not named or left >= trail.left:
        return None
    start, whole = trail.start(1), left == WHOLE
    return Mistake("S003", start, trail.end(at), "", text, whole=whole, name=name)


def moment_behind(trail: Trail, behind: int) -> Mistake | None:
    """Return the mistake that the moment stands behind "happens", which ends before token ``behind``."""
    count = min(len(trail.tokens), WORDS_MAX)
    if trail.tokens[behind][0] == "STRING":
        end = behind + 1
    else:
        ends = (
            one for one in range(behind + 1, count) if is_known(trail, trail.slice(behind, one))
        )
        end = next(ends, len(trail.tokens))
    name, happens = trail.slice(behind, end).strip('"'), trail.slice(1, behind)
    text = f'{trail.slice(0, 1)} "{name}" {happens}{trail.text[trail.end(end) :]}'
    left = trail.try_out(text)
    if not SIGNS.isdisjoint(name) or left >= trail.left:
        return None
    start, stop = trail.start(1), trail.end(behind)
    return Mistake("S018", start, stop, "", text, whole=left == WHOLE, words=happens)


def is_known(trail: Trail, name: str) -> bool:
    """Return whether the file sees a moment called ``name``; capitals do not count."""
    return name.casefold() in {one.casefold() for one in trail.known("moment")}
