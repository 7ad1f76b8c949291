"""The prose of a file. A case is a project with the prose of its files."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import CASES, project_of
from tests.sentences import is_readable, sentence, walk, worded
from tests.test_format import FILES, SAMPLES, SECTION, name
from verbline.interpreter.nodes import KEEP_TEXT, Node, Sentence, Word
from verbline.interpreter.procedure import Procedure
from verbline.interpreter.prose import KEYWORDS, UNITS, told
from verbline.interpreter.read import read
from verbline.interpreter.reading import Parsed
from verbline.interpreter.sentence import grammar
from verbline.interpreter.tellings import BRANCHES, DECLARATIONS, PARTS, SENTENCES

READ = sorted((CASES / "read").glob("*.case"))
BY_HAND = {"journey", "scenario", "language", "use", "duration", *DECLARATIONS}
# Literals that stand only once in a sentence, so that each can be looked for in the prose.
LITERALS = {
    "STRING": '"text {}"',
    "NAME": "word-{}",
    "NUMBER": "{}",
    "PERCENT": "{}%",
    "CURRENCY": "C{}",
    "PLACEHOLDER": "<place {}>",
}


def prose(text: str) -> str:
    """Return the prose of a project of one file."""
    return read(project_of({"a.journey": text}), "a")


@pytest.mark.parametrize("path", READ, ids=name)
def test_a_file_is_told_as_its_case_says(path: Path) -> None:
    """The prose of a file is what its case shows, word by word."""
    _comment, *parts = SECTION.split(path.read_text("utf-8"))
    sections = list(zip(parts[::2], parts[1::2], strict=True))
    files = {title: text for title, text in sections if not title.startswith("read ")}
    for title, text in sections:
        if title.startswith("read "):
            assert read(project_of(files), title.removeprefix("read ")) == text


def test_every_shape_has_its_row() -> None:
    """Each sentence and each inner part has a row in the table, and no row is for a shape that there is not."""
    rows = {*SENTENCES, *BRANCHES, *PARTS}
    assert {row.split(" under ")[0] for row in rows} | BY_HAND == grammar().shapes
    assert {row.split(" under ")[1] for row in rows if " under " in row} <= grammar().shapes


def unique(words: list[str]) -> str:
    """Return a row of meanings as an English sentence in which every literal is another one."""
    english, pieces = grammar().language("en"), []
    for at, kind in enumerate(words, 100):
        if kind == "DATE":
            pieces.append(f"2026-01-{at % 28 + 1:02}")
        elif kind == "TIME":
            pieces.append(f"{at % 24:02}:{at % 60:02}")
        elif kind in LITERALS:
            pieces.append(LITERALS[kind].format(at if kind != "CURRENCY" else "AB"))
        else:
            pieces.append(worded([kind], english, Random(0)))  # noqa: S311 - any form will do
    return " ".join(pieces)


def is_told(part: Node | Word, text: str) -> bool:
    """Return whether ``text`` shows a part of a sentence."""
    if isinstance(part, Node):
        return True
    if part.kind in KEEP_TEXT:
        return part.text in text
    return UNITS.get(part.kind, KEYWORDS.get(part.kind, "nowhere")) in text


def test_every_part_of_a_sentence_is_told() -> None:
    """Whatever the grammar lets a sentence hold stands in its prose: names, numbers, and words that change the meaning."""
    english, seen = grammar().language("en"), 0
    for number in range(len(walk().alternatives)):
        for seed in range(4):
            found = walk().with_alternative(number, Random(seed))  # noqa: S311 - the same each time
            assert found is not None
            start, words = found
            parsed = grammar().sentence(unique(words), english, start)
            if not is_readable(words) or not isinstance(parsed, Parsed):
                continue
            line = Sentence(1, 1, unique(words))
            line.understand(parsed.node)
            row = BRANCHES.get(line.shape)
            if row is None and line.shape not in SENTENCES:
                continue
            text = told(row, parsed.node) if row else Procedure().sentence(line)
            missing = [part for part in parsed.node.walk() if not is_told(part, text.lower())]
            assert [part for part in missing if not is_told(part, text)] == [], text
            seen += 1
    assert seen > 1000


def without(text: str, line: Sentence) -> str:
    """Return ``text`` without one sentence and what is nested under it."""
    last = max(
        [one.number for one in line.walk()]
        + [row.number for one in line.walk() for row in one.rows]
    )
    lines = text.split("\n")
    blocks = [one.text for one in line.walk() if one.text]
    last = max([last, *(block.first + block.text.count("\n") + 1 for block in blocks)])
    return "\n".join([*lines[: line.number - 1], *lines[last:]])


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_every_sentence_leaves_a_trace(path: Path) -> None:
    """Whichever sentence is taken out of a file, its prose changes."""
    text = path.read_text("utf-8")
    whole = prose(text)
    for line in project_of({"a.journey": text}).files["a"].walk():
        assert prose(without(text, line)) != whole, line


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(grammar().languages()), st.randoms(use_true_random=True))
def test_even_a_sentence_in_a_wrong_place_is_told(code: str, random: Random) -> None:
    """No line of a file is passed over, wherever it stands and whether or not it is understood."""
    spoken = grammar().language(code)
    lines = [worded(sentence("line", random), spoken, random) for _ in range(6)]
    lines.insert(random.randrange(6), "not a sentence")
    lines = ["  " * random.randint(0, at) + line for at, line in enumerate(lines)]
    text = "\n".join(lines)
    dropped = random.randrange(len(lines))
    rest = "\n".join(line for at, line in enumerate(lines) if at != dropped)
    assert prose(text) != prose(rest)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_our_own_files_are_told_whole(path: Path) -> None:
    """In a file without mistakes every line is understood and finds its place, in lines that fit a screen."""
    text = prose(path.read_text("utf-8"))
    assert not re.search(r"was not understood|stands where it cannot|found no place", text)
    assert not re.search(
        r"[{}\[\]]|\.\.|  \S", re.sub(r"“[^”]*”|^[ >].*$", "x", text, flags=re.MULTILINE)
    )
    assert all(
        len(line) <= 96 or " " not in line.strip() for line in text.split("\n") if line[:1] != ">"
    )


def test_once_per_and_again_after_are_told_together() -> None:
    """The two clauses say one thing together; a number of one message is a message."""
    clauses = (
        "  runs once per plate\n  runs again after 60 days\n  sends at most 1 message in 7 days\n"
    )
    text = prose(
        f'moment "m"\n  comes from "x" as "y"\n  carries plate as text\njourney "j"\n  starts when "m"\n{clauses}\n'
        '  finish as "done"\n'
    )
    told = " ".join(text.split())
    assert (
        "Nobody is in it twice at a time for one and the same plate; it may run again for that plate 60 days after it "
        "has ended."
    ) in told
    assert "Nobody goes through it twice" not in told
    assert "more than 1 message from it" in told
    assert "Line 7" not in told
