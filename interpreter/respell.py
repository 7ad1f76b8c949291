"""Finds the phrase that was nearly written. Rule: every boundary is asked, from right to left, which phrases can stand there;
a whole sentence is worth more than a near word.
"""

from __future__ import annotations

from functools import partial

from verbline.interpreter.mistake import Mistake
from verbline.interpreter.nearness import PART, distance, plain, turned
from verbline.interpreter.places import DECLARATIONS, HEADERS, STEPS, UNDER, remaining
from verbline.interpreter.standing import begins
from verbline.interpreter.trail import WHOLE, Mark, Trail, own_beginnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What one comparison of two words takes, in words tried.
COMPARING = 3
BEGINNING_MIN = 4
PHRASE_MAX = 12
# How many letters may be wrong in the beginning of a sentence that stands elsewhere.
FOREIGN_MOST = 2
# More letters than any phrase differs in.
FAR = 99


class Guess:
    """A phrase that was meant: in place of the tokens from ``start`` to before ``end``.

    ``known`` is one for which people often write what stands there; else it was nearly written.
    """

    __slots__ = (
        "end",
        "foreign",
        "known",
        "left",
        "letters",
        "longer",
        "phrase",
        "start",
        "terminal",
    )

    def __init__(self, start: int, end: int, terminal: int, phrase: str, letters: int) -> None:
        self.start = start
        self.end = end
        self.terminal = terminal
        self.phrase = phrase
        self.letters = letters
        self.longer = 0
        self.left = 0
        self.foreign = False
        self.known = False

    @property
    def key(self) -> tuple[bool, bool, int, int, int, int]:
        """What guesses are sorted by, the best one first."""
        return self.left != WHOLE, self.foreign, self.letters, self.left, -self.start, self.longer


def respell(trail: Trail) -> Mistake | None:
    """Return the mistake that one phrase is nearly, but not quite, written as the language has it."""
    own = own_beginnings(trail)
    best: Guess | None = None
    for mark in trail.near(PHRASE_MAX):
        for guess in guesses(trail, mark):
            guess.left = trail.try_out(trail.changed(guess.start, guess.end, guess.phrase), mark)
            written = trail.end(guess.end) - trail.start(guess.start)
            guess.longer = abs(len(guess.phrase) - written)
            guess.foreign = mark.at == 0 and own is not None and guess.terminal not in own
            if guess.foreign and guess.left != WHOLE and guess.letters > FOREIGN_MOST:
                continue
            if guess.left < trail.left and (best is None or guess.key < best.key):
                best = guess
    return told(trail, best) if best else None


def guesses(trail: Trail, mark: Mark) -> Iterator[Guess]:
    """Yield the phrases that can stand behind ``mark`` and are near the words that stand there."""
    words = Windows(trail, mark)
    yield from known_mistakes(trail, mark)
    for terminal, phrase in trail.phrases(mark):
        count = phrase.count(" ") + 1 + phrase.count(",") + phrase.count(":")
        aim = plain(phrase)
        for end in range(mark.at + 1, min(mark.at + count + 1, len(trail.tokens)) + 1):
            if trail.tokens[end - 1][0] not in ("WORD", "SIGN") or trail.effort.left <= 0:
                break
            if end < trail.at:
                continue
            letters = apart(trail, words.until(end), aim, count - (end - mark.at))
            if letters is not None:
                yield Guess(mark.at, end, terminal, phrase, letters)


def apart(trail: Trail, text: str, aim: str, lacks: int) -> int | None:
    """Return how far ``text`` is from the phrase ``aim``, of which it ``lacks`` some words; None where they are not near.

    Words may be torn apart or run together; a beginning or an end may be missing.
    """
    trail.effort.left -= 1
    part = aim.startswith(f"{text} ") or aim.endswith(f" {text}")
    if lacks > 0 and len(text) >= BEGINNING_MIN and part:
        return len(aim) - len(text)
    if abs(lacks) > 1:
        return None
    most, spaced = max(len(aim), len(text)) // PART, (text, aim)
    if lacks:
        text, aim = text.replace(" ", ""), aim.replace(" ", "")
        most = len(aim) // (PART * PART)
    if abs(len(aim) - len(text)) > most:
        return None
    trail.effort.left -= COMPARING
    letters = distance(text, aim, most)
    if letters > most or turned(*spaced, trail.hints.negations):
        return None
    return letters


def known_mistakes(trail: Trail, mark: Mark) -> Iterator[Guess]:
    """Yield the phrases that can stand behind ``mark`` and for which people write at first what stands there."""
    rest = trail.text[trail.start(mark.at) :].casefold()
    ends = {token[3] - trail.start(mark.at): at for at, token in enumerate(trail.tokens, 1)}
    terminals, forms = trail.grammar.terminals, trail.language.forms
    for terminal in trail.expected(mark):
        word = terminals[terminal]
        for written in trail.hints.instead.get(word, ()) if word in forms else ():
            end = ends.get(len(written), 0)
            letters = 0 if rest.startswith(written) else None
            if not mark.at and letters is None:
                end, letters = beginning_near(trail, written)
            if letters is None or end <= mark.at or end < trail.at:
                continue
            phrase = in_its_place(trail, word)
            if phrase is None:
                continue
            phrase = phrase or min(forms[word], key=partial(distance, written, most=FAR))
            guess = Guess(mark.at, end, terminal, phrase, letters)
            guess.known = True
            yield guess


def beginning_near(trail: Trail, written: str) -> tuple[int, int | None]:
    """Return where a line ends whose first word is nearly ``written``, one word, and how far it is; None where it is not near."""
    kind, word, _start, _end = trail.tokens[0]
    if kind != "WORD" or not written.isalpha() or trail.effort.left <= 0:
        return 0, None
    trail.effort.left -= COMPARING
    most = len(written) // BEGINNING_MIN
    letters = distance(word, written, most)
    return (1, letters) if 0 < letters <= most else (0, None)


def in_its_place(trail: Trail, word: str) -> str | None:
    """Return the words for "otherwise" under a step that waits for an answer, None where it has none; nothing elsewhere."""
    parent = trail.sentence.parent
    if word not in ("OTHERWISE", "OTHERWISE_IF") or parent is None or parent.node is None:
        return ""
    if word.lower() in UNDER.get(parent.shape, STEPS):
        return ""
    shape = remaining(parent) if word == "OTHERWISE" else ""
    return begins(trail.grammar, trail.language, shape) if shape else None


class Windows:
    """The words behind a mark, as they are compared."""

    __slots__ = ("known", "mark", "trail")

    def __init__(self, trail: Trail, mark: Mark) -> None:
        self.trail = trail
        self.mark = mark
        self.known: dict[int, str] = {}

    def until(self, end: int) -> str:
        """Return the words behind the mark to before token ``end``."""
        if end not in self.known:
            self.known[end] = plain(" ".join(self.trail.slice(self.mark.at, end).split()))
        return self.known[end]


def told(trail: Trail, guess: Guess) -> Mistake:
    """Return the mistake that ``guess`` mends."""
    whole = guess.left == WHOLE
    written, meant = trail.slice(guess.start, guess.end).split(), guess.phrase.split()
    renamed = not guess.known and len(written) == len(meant)
    if guess.start == 0 and renamed and written[0] != meant[0]:
        same = all(one.lower() == other for one, other in zip(written[1:], meant[1:], strict=True))
        if same:
            end = len(written[0])
            variant = beginning_of(trail, guess.terminal)
            values = {"written": written[0], "meant": meant[0]}
            return Mistake("S001", 0, end, variant, whole=whole, **values)
    start, end = trail.start(guess.start), trail.end(guess.end)
    if guess.known:
        text = trail.changed(guess.start, guess.end, guess.phrase)
        said = {"written": " ".join(written), "meant": guess.phrase}
        return Mistake("S002", start, end, "word", text, whole=whole, **said)
    values = {"written": " ".join(written), "meant": guess.phrase}
    parent = trail.sentence.parent
    alone = whole and guess.start == 0 and guess.end == len(trail.tokens)
    if alone and parent is not None and parent.words and not guess.foreign:
        above = parent.words[0].text
        return Mistake("S002", start, end, "under", whole=whole, above=above, **values)
    return Mistake("S002", start, end, whole=whole, **values)


def beginning_of(trail: Trail, terminal: int) -> str:
    """Return what kind of sentence ``terminal`` begins: nothing for a verb, ``declaration`` or ``clause``."""
    shapes = trail.grammar.beginning_with(trail.grammar.terminals[terminal])
    if not shapes.isdisjoint(STEPS):
        return ""
    return "declaration" if shapes & (DECLARATIONS | HEADERS) else "clause"
