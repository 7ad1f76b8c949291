"""What can follow, and the shortest way to the end of a sentence. Rule: what is shown as a sentence is one."""

from __future__ import annotations

from verbline.interpreter.problems import term
from verbline.interpreter.reading import END
from verbline.interpreter.words import SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from verbline.interpreter.trail import Mark, Trail

SIGN = {name: sign for sign, name in SIGNS.items()}
STEPS_MAX = 250
# What one step of the search takes, in words tried.
STEP = 10
SHOWN_MAX = 5

# Words that are shown as one kind: the first one that fits stands for all of them.
KINDS: Mapping[str, tuple[str, ...]] = {
    "value": ("STRING",),
    "unit": ("U_DAY", "U_HOUR", "U_WDAY", "U_WHOUR", "U_WEEK", "U_MONTH", "U_YEAR", "U_MINUTE"),
    "channel": ("C_EMAIL", "C_SMS", "C_PHONE", "C_POST", "C_PUSH", "C_APP", "C_WHATSAPP"),
    "weekday": ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"),
    "kind": (
        *("T_TEXT", "T_NUMBER", "T_MONEY", "T_DATE", "T_DATETIME", "T_DURATION", "T_YESNO"),
        *("T_LIST", "T_ONE_OF"),
    ),
    "comparison": (
        *("IS", "IS_NOT", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN", "BETWEEN", "ONE_OF"),
        *("CONTAINS", "STARTS_WITH", "IS_BEFORE", "IS_AFTER", "IS_KNOWN", "IS_UNKNOWN"),
        *("IS_SAME", "IS_DIFFERENT"),
    ),
    "": ("PLUS", "MINUS", "STAR", "SLASH", "LPAR", "RPAR", "NOT", "PLACEHOLDER", "TODAY", "NOW"),
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
LITERALS = {
    "STRING": "next-name",
    "NAME": "next-data",
    "NUMBER": "next-number",
    "PERCENT": "next-percent",
    "DATE": "next-date",
    "TIME": "next-time",
    "CURRENCY": "next-currency",
}
VALUES = ("NUMBER", "PERCENT", "DATE", "TIME", "YES", "NO", "UNKNOWN")
SAMPLES = {
    "STRING": '"…"',
    "NUMBER": "3",
    "PERCENT": "50%",
    "DATE": "2027-03-01",
    "TIME": "09:00",
    "CURRENCY": "EUR",
    "PLACEHOLDER": "<…>",
}
# The kind of name that stands after a word.
NAMED_AFTER = {
    "FOR_PURPOSE": "purpose",
    "WITH_MESSAGE": "message",
    "STARTS_WHEN": "moment",
    "STOPS_WHEN": "moment",
    "WAIT_FOR": "moment",
    "SIGNAL": "moment",
    "ESCALATE_TO": "desk",
    "ROUTE_TO": "desk",
    "PASS_UP": "desk",
    "NOTIFY_DESK": "desk",
    "AIMS_FOR": "metric",
    "JUDGED_BY": "metric",
    "NOTIFY": "person",
    "ASK": "person",
    "STOP_WRITING": "person",
    "GIVEN_A": "person",
    "GIVEN_THE": "person",
    "THE": "person",
}
LIMIT_DAYS = "14"
LATER = "17:00"
NIGHT = ("20:00", "08:00")


def way_to_end(trail: Trail, mark: Mark) -> list[str]:
    """Return the fewest words that make the line a sentence from ``mark`` on; none where no short way is found."""
    return way_to(trail, mark, lambda states: trail.grammar.accepts(states, END))


def way_to(trail: Trail, mark: Mark, arrived: Callable[[list[int]], bool]) -> list[str]:
    """Return the fewest words behind ``mark`` after which the stack has ``arrived``; none where no short way is found."""
    grammar = trail.grammar
    begun: list[tuple[list[int], tuple[str, ...]]] = [(mark.states, ())]
    seen = {tuple(mark.states)}
    for states, way in begun:
        if way and arrived(states):
            return list(way)
        if trail.effort.left <= 0:
            break
        trail.effort.left -= STEP
        for terminal in representatives(grammar.terminals, grammar.expected(states)):
            after = grammar.shifted(states, terminal)
            if tuple(after) not in seen and len(begun) < STEPS_MAX:
                seen.add(tuple(after))
                begun.append((after, (*way, grammar.terminals[terminal])))
    return []


def representatives(terminals: list[str], expected: Iterable[int]) -> list[int]:
    """Return the terminals of ``expected`` without those that another one stands for."""
    kept: dict[str, int] = {}
    wordy = {terminals[one]: one for one in expected if one != END}
    for word, terminal in wordy.items():
        kind = KIND_OF.get(word, word)
        if kind and kind not in kept:
            first = next((one for one in KINDS.get(kind, ()) if one in wordy), word)
            kept[kind] = wordy.get(first, terminal)
    values = {"STRING", "value"} & kept.keys()
    if values and "NAME" in kept:
        return [kept[name] for name in kept if name not in VALUES]
    return list(kept.values() or wordy.values())


def written(trail: Trail, way: list[str]) -> str:
    """Return the words of ``way``, names of the project in it where it has them."""
    pieces: list[str] = []
    before = trail.here.word
    for word in way:
        piece = sample(trail, word, before, pieces)
        pieces.append(piece)
        before = word
    return " ".join(pieces).replace(" ,", ",")


def sample(trail: Trail, word: str, before: str, pieces: list[str]) -> str:
    """Return one word for ``word``, which stands behind ``before``."""
    language = trail.language
    kind = NAMED_AFTER.get(before, "")
    if word in ("STRING", "NAME") and kind:
        known = next(iter(trail.known(kind)), "")
        if known:
            return f'"{known}"' if word == "STRING" else known
    if word == "NUMBER" and before == "UP_TO":
        return LIMIT_DAYS
    if word == "TIME":
        early, late = NIGHT if trail.first == "KEEPS_QUIET" else (SAMPLES[word], LATER)
        return late if early in pieces else early
    if word == "U_DAY":
        return days(trail, "".join(pieces[-1:]), pieces)
    if word in language.forms:
        return language.write(word)
    if word == "NAME":
        return trail.hints.name
    return SIGN.get(word) or SAMPLES.get(word, word.lower())


def days(trail: Trail, number: str, pieces: list[str]) -> str:
    """Return the word for days as it stands behind ``number`` and the word before that; ``pieces`` were put in."""
    words = [*trail.slice(0, trail.at).split(), *" ".join(pieces).split()]
    if (number or words[-1]) == "1":
        return trail.language.write("U_DAY")
    governs = words[-2].lower() if len(words) > 1 else ""
    return trail.hints.days_after.get(governs, trail.hints.days)


def completed(trail: Trail) -> str:
    """Return the line with what is missing at its end, or nothing where no short way is found."""
    way = way_to_end(trail, trail.here)
    if not way:
        return ""
    text = f"{trail.text} {written(trail, way)}".replace(" ,", ",").replace("( ", "(")
    return text if trail.is_sentence(text) else ""


def can_follow(trail: Trail, mark: Mark) -> str:
    """Return what can stand behind ``mark``, in the reader's words: what leads to the end soonest comes first."""
    terminals, code = trail.grammar.terminals, trail.language.code
    ended = trail.may_end(mark)
    expected = [terminals[one] for one in trail.expected(mark) if one != END]
    soonest = [] if ended else way_to_end(trail, mark)[:1]
    if mark.word == "NAME":
        # A person may bear a name here; hardly anybody who got stuck meant that.
        expected = [word for word in expected if word != "STRING"]
    compared = [word for word in expected if KIND_OF.get(word) == "comparison"]
    value = "STRING" in expected and "NUMBER" in expected
    shown: dict[str, None] = {}
    for word in [*soonest, *compared, *expected]:
        text = shown_as(trail, word, value=value)
        if text:
            shown.setdefault(text)
    if ended:
        shown.setdefault(term("next-end", code))
    listed = list(shown)
    more = ", …" if len(listed) > SHOWN_MAX else ""
    return ", ".join(listed[:SHOWN_MAX]) + more


def shown_as(trail: Trail, word: str, *, value: bool) -> str:
    """Return how a terminal is called in a message, or nothing where it is not worth a word."""
    language = trail.language
    if value and (word in VALUES or word == "STRING"):
        return term("next-value", language.code)
    kind = KIND_OF.get(word, word)
    if not kind:
        return ""
    if word in LITERALS:
        return term(LITERALS[word], language.code)
    if kind != word:
        first = next((one for one in KINDS[kind] if one in language.forms), word)
        return f'{term(f"next-{kind}", language.code)} "{language.write(first)}"'
    return f'"{language.write(word)}"' if word in language.forms else ""


def in_quotes(words: str) -> str:
    """Return ``words`` in quotes, unless they are a name that has its own."""
    return words if words[:1] in {'"', "“", "”", "„", "«", "»"} else f'"{words}"'
