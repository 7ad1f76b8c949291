"""Says what is wrong with a line that is no sentence. Rule: one line, one message; it says what was understood, what is missing,
and, where it can, the sentence that was meant.
"""

from __future__ import annotations

from verbline.interpreter.completion import can_follow, completed, days, in_quotes
from verbline.interpreter.foreign import foreign
from verbline.interpreter.leftovers import left_out, rest_left_out
from verbline.interpreter.mistake import Mistake
from verbline.interpreter.nodes import Word
from verbline.interpreter.places import STEPS
from verbline.interpreter.problems import Problem
from verbline.interpreter.quotes import happening
from verbline.interpreter.reading import STACK_MAX
from verbline.interpreter.repairs import (
    both_awaited,
    in_segment,
    joined,
    moved,
    part_put_in,
    put_in,
    quoted,
    replaced,
    subject_put_in,
    unquoted,
)
from verbline.interpreter.respell import respell
from verbline.interpreter.source import span_of
from verbline.interpreter.spellings import misspelt
from verbline.interpreter.trail import Effort, Trail, own_beginnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.repairs import Repair
    from verbline.interpreter.view import View

# In this order: what was surely meant, then what could be meant.
REPAIRS: tuple[Repair, ...] = (
    in_segment,
    happening,
    both_awaited,
    respell,
    unquoted,
    quoted,
    joined,
    left_out,
    put_in,
    replaced,
    subject_put_in,
    part_put_in,
    moved,
    rest_left_out,
)
EXPLAINED_MAX = 500
REPAIRS_MAX = 4
WAITS = ("WAIT_FOR", "WAIT_UNTIL_NO")
BEGINNINGS = ["WAIT", "NOTIFY", "IF", "OTHERWISE", "FINISH_AS"]
BEGINNINGS_SHOWN = 6
PURPOSES_SHOWN = 4


def broken_lines(view: View) -> Iterator[Problem]:
    """Yield one problem for each line of the file that is no sentence and about which nothing was said yet.

    A file with very many of them is hardly one of ours: the rest of them is one problem.
    """
    told = {problem.span.line for problem in view.file.problems}
    broken = [one for one in view.file.broken if one.stuck and one.number not in told]
    effort = Effort()
    for sentence in broken[:EXPLAINED_MAX]:
        yield explain(view, sentence, effort)
    more = len(broken) - EXPLAINED_MAX
    if more > 0:
        yield view.problem("S035", broken[EXPLAINED_MAX], count=more)


def explain(view: View, sentence: Sentence, effort: Effort | None = None) -> Problem:
    """Return what is wrong with ``sentence``, which must be stuck."""
    assert sentence.stuck is not None, "only a line that stopped is explained"
    trail = Trail(
        view.project.grammar,
        view.language,
        sentence,
        sentence.stuck,
        effort or Effort(),
        lambda kind: known_names(view, kind),
    )
    mistake = mistake_in(trail)
    place = Word("", "", mistake.start, max(mistake.end, mistake.start + 1))
    return Problem(
        mistake.code,
        view.path,
        span_of(sentence, place),
        variant=mistake.variant,
        language=view.language.code,
        suggestion=whole_sentence(trail, mistake),
        values=mistake.values,
    )


def known_names(view: View, kind: str) -> list[str]:
    """Return the names of ``kind`` that the file sees, or else those of the whole project."""
    everywhere = view.project.names.values()
    return view.scope.names(kind) or [
        name for names in everywhere for name in names.declared.get(kind, ())
    ]


def mistake_in(trail: Trail) -> Mistake:
    """Return the one mistake that is told about a line."""
    if len(trail.stuck.states) >= STACK_MAX:
        return Mistake("S034", trail.start(trail.at), trail.start(trail.at) + 1, "line")
    found = foreign(trail)
    if found is not None:
        return found
    if trail.at >= len(trail.tokens):
        return stops_early(trail)
    if trail.effort.left <= 0:
        return misspelt(trail) or unit_missing(trail) or does_not_fit(trail)
    return mended(trail) or unit_missing(trail) or does_not_fit(trail)


def mended(trail: Trail) -> Mistake | None:
    """Return the mistake whose repair makes the line a sentence; else the first one that was likely."""
    likely = misspelt(trail)
    if likely is not None:
        return likely
    for repair in REPAIRS:
        found = repair(trail)
        if found is not None and found.whole:
            return found
        likely = likely or found
    return likely


def stops_early(trail: Trail) -> Mistake:
    """Return the mistake of a line that ends before its sentence does."""
    here, end = trail.here, len(trail.text)
    found = bracket_open(trail) or unit_missing(trail) or subject_put_in(trail)
    if found is not None:
        return found
    whole = completed(trail)
    if trail.first in WAITS and trail.expects(here, "UP_TO"):
        return Mistake("F304", end, end + 1, "", whole)
    if trail.expects(here, "FOR_PURPOSE"):
        names = trail.known("purpose")
        listed = ", ".join(f'"{name}"' for name in names[:PURPOSES_SHOWN])
        listed += ", …" if len(names) > PURPOSES_SHOWN else ""
        return Mistake("C201", end, end + 1, "missing" if names else "none", whole, listed=listed)
    last = trail.last
    return Mistake(
        "S006", end, end + 1, "", whole, last=in_quotes(last), next=can_follow(trail, here)
    )


def bracket_open(trail: Trail) -> Mistake | None:
    """Return the mistake of a bracket that is not closed, where nothing else is missing."""
    if not trail.expects(trail.here, "RPAR"):
        return None
    open_ones: list[int] = []
    for kind, key, start, _ in trail.tokens:
        if kind == "SIGN" and key == "(":
            open_ones.append(start)
        elif kind == "SIGN" and key == ")" and open_ones:
            open_ones.pop()
    whole = trail.text + ")" * len(open_ones)
    if not open_ones or not trail.is_sentence(whole):
        return None
    return Mistake("S006", open_ones[-1], open_ones[-1] + 1, "bracket", whole, whole=True)


def unit_missing(trail: Trail) -> Mistake | None:
    """Return the mistake of a length of time without its unit."""
    if trail.here.word != "NUMBER" or not trail.expects(trail.here, "U_DAY"):
        return None
    if trail.may_end(trail.here):
        return None
    at = trail.at
    number = trail.slice(at - 1, at)
    whole = trail.changed(at, at, days(trail, number, []))
    return Mistake("V003", trail.start(at - 1), trail.end(at), "", whole, number=number)


def does_not_fit(trail: Trail) -> Mistake:
    """Return that a line stops making sense, and what could stand there."""
    at = trail.at
    start, end = trail.start(at), trail.end(at + 1)
    words = trail.slice(at, at + 1)
    if not at or begins_elsewhere(trail):
        if at:
            start, end, words = 0, trail.end(at), trail.slice(0, at)
        variant = "elsewhere" if at else "none"
        return Mistake("S001", start, end, variant, written=words, listed=beginnings(trail))
    last = trail.last
    follow = can_follow(trail, trail.here)
    return Mistake(
        "S007", start, end, "", written=in_quotes(words), last=in_quotes(last), next=follow
    )


def begins_elsewhere(trail: Trail) -> bool:
    """Return whether only the first words were understood, and as those of a sentence that stands elsewhere."""
    own = own_beginnings(trail)
    if not own or len(trail.marks) != 2:
        return False
    return trail.grammar.number[trail.first] not in own


def beginnings(trail: Trail) -> str:
    """Return some words with which a line may begin where this one stands."""
    parent = trail.sentence.parent
    stepping = parent is not None and parent.first(*STEPS) is not None
    key = (parent.shape if parent else "", stepping)
    if key not in trail.effort.found:
        own = own_beginnings(trail)
        if own and stepping:
            steps = {word for shape in STEPS for word in trail.grammar.first.get(shape, ())}
            own = own & {trail.grammar.number[word] for word in steps}
        words = [trail.grammar.terminals[one] for one in sorted(own)] if own else BEGINNINGS
        language = trail.language
        shown = [f'"{language.write(word)}"' for word in words if word in language.forms]
        more = ", …" if len(shown) > BEGINNINGS_SHOWN else ""
        trail.effort.found[key] = ", ".join(shown[:BEGINNINGS_SHOWN]) + more
    return trail.effort.found[key]


def whole_sentence(trail: Trail, mistake: Mistake) -> str:
    """Return the suggestion of ``mistake`` as a sentence: what else is wrong with it is mended, too, or it is left out."""
    text = mistake.suggestion
    if "\n" in text:
        return text
    for _ in range(REPAIRS_MAX):
        if not text:
            break
        rest = trail.another(text)
        if rest is None:
            return text
        mistake = mistake_in(rest)
        text = mistake.suggestion
    return ""
