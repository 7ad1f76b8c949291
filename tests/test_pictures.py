"""Journeys as pictures: boxes apart, arrows between them, the same every time, and nothing of a text is markup."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import project_of
from tests.tree import ROOT
from verbline.cli.programs import compiled
from verbline.interpreter.diagram import Drawing, drawings
from verbline.runtime.pictures.layers import Size, laid_out
from verbline.runtime.pictures.svg import Marks, picture

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>'\"&--> \u202e\x00 ]]> <img src=x onerror=alert(1)>"
JOURNEY = """
moment "a"
  comes from "s" as "a"

person member
  known by number

journey "x"
  starts when "a"

  wait 1 day
  finish as "x"
"""


def of_examples() -> list[Drawing]:
    """Return the drawings of all journeys of the example projects."""
    found = []
    for path in sorted((ROOT / "journeys").glob("*/verbline.toml")):
        one = compiled(str(path.parent))
        assert one is not None
        for file in one.project.files.values():
            found += drawings(file)
    return found


@pytest.fixture(scope="module")
def examples() -> list[Drawing]:
    """Return them once for all."""
    return of_examples()


def boxes_and_arrows() -> st.SearchStrategy[tuple[dict[str, Size], list[tuple[str, str]]]]:
    """Return some boxes, and arrows between any of them."""
    names = st.lists(st.sampled_from([f"s{n}" for n in range(9)]), unique=True, min_size=1)
    size = st.builds(Size, st.floats(20, 200), st.floats(20, 90))
    return names.flatmap(
        lambda them: st.tuples(
            st.fixed_dictionaries(dict.fromkeys(them, size)),
            st.lists(st.tuples(st.sampled_from(them), st.sampled_from(them)), max_size=20),
        )
    )


@settings(max_examples=200, deadline=None)
@given(boxes_and_arrows())
def test_boxes_stand_apart(given_ones: tuple[dict[str, Size], list[tuple[str, str]]]) -> None:
    """Whatever leads where, rings too: each box is there, none touches another or the rim, and every arrow has its way."""
    sizes, arrows = given_ones
    layout = laid_out(sizes, arrows)
    assert layout.boxes.keys() == sizes.keys()
    assert layout.arrows.keys() == set(arrows)
    for one, other in combinations(layout.boxes.values(), 2):
        beside = abs(one.x - other.x) >= (one.width + other.width) / 2
        above = abs(one.y - other.y) >= (one.height + other.height) / 2
        assert beside or above
    for one in layout.boxes.values():
        assert one.x - one.width / 2 >= 0
        assert one.x + one.width / 2 <= layout.width
        assert one.y - one.height / 2 >= 0
        assert one.y + one.height / 2 <= layout.height
    assert laid_out(sizes, arrows) == layout


def test_every_step_of_the_examples_is_there(examples: list[Drawing]) -> None:
    """Each box stands there with its words, each arrow as a path, and the same drawing gives the same bytes."""
    for drawing in examples:
        made = picture(drawing)
        assert made == picture(drawing)
        root = ET.fromstring(made)  # noqa: S314 - ours
        shapes = [*root.iter(f"{SVG}rect"), *root.iter(f"{SVG}polygon")]
        assert len(shapes) == len(drawing.boxes)
        paths = [one for one in root.iter(f"{SVG}path") if one.get("marker-end")]
        assert len(paths) == len({(one[0], one[1]) for one in drawing.arrows})
        words = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
        assert all(text.split()[0] in words for _name, _kind, text in drawing.boxes)


def test_arrows_lead_down_but_where_they_lead_back(examples: list[Drawing]) -> None:
    """Without rings every arrow ends below where it begins."""
    for drawing in examples:
        sizes = {name: Size(100, 40) for name, _kind, _text in drawing.boxes}
        layout = laid_out(sizes, [(one[0], one[1]) for one in drawing.arrows])
        assert all(points[0][1] < points[-1][1] for points in layout.arrows.values())


def test_what_is_marked_is_seen(examples: list[Drawing]) -> None:
    """A box that somebody went through, an arrow that they took, and where they stand look otherwise than the rest."""
    drawing = next(one for one in examples if one.arrows)
    start, end = drawing.arrows[0][:2]
    plain = picture(drawing)
    marks = Marks({start: "3"}, frozenset([start]), frozenset([(start, end)]), {(start, end): "1,200"}, end)  # fmt: skip
    made = picture(drawing, marks)
    assert ">3</text>" in made
    assert "1,200</text>" in made
    assert made.count("url(#strong)") == 1 > plain.count("url(#strong)")


def test_no_text_becomes_markup() -> None:
    """Signs of markup, of text that runs backwards and those that nobody sees stay what they are, or go."""
    drawing = drawings(next(iter(project_of({"a.journey": JOURNEY}).files.values())))[0]
    drawing.title = HOSTILE
    drawing.boxes = [(name, kind, HOSTILE) for name, kind, _text in drawing.boxes]
    drawing.arrows = [(one, other, HOSTILE, sure) for one, other, _text, sure in drawing.arrows]
    note = {drawing.boxes[0][0]: HOSTILE}
    root = ET.fromstring(picture(drawing, Marks(note)))  # noqa: S314 - ours
    kinds = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert kinds <= {"svg", "title", "defs", "marker", "path", "rect", "polygon", "text"}
    text = "".join(root.itertext())
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "<script>" in text
