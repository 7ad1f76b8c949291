"""The flat list of a file's sentences: it is the tree in the order of the text, however the lines are indented."""

from pathlib import Path
from random import Random

import pytest

from tests.tree import files, short
from verbline.interpreter.parse import parse
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

JOURNEYS = [path for path in files("journeys") if path.suffix == ".journey"]


@pytest.mark.parametrize("path", JOURNEYS, ids=short)
def test_every_sentence_stands_in_the_order_of_the_tree(path: Path) -> None:
    """Walking the tree and walking the list meet the same sentences, also where every eighth line is indented by chance."""
    lines = Source.of_bytes("a.journey", path.read_bytes()).lines
    dice = Random(short(path))  # noqa: S311 - the same each time
    for turn in range(5):
        for _time in range(turn * len(lines) // 8):
            at = dice.randrange(len(lines))
            lines[at] = " " * dice.randrange(9) + lines[at].lstrip()
        file = parse(Source.of_text("a.journey", "\n".join(lines)), grammar())
        assert file.walk() == [inner for one in file.sentences for inner in one.walk()]
