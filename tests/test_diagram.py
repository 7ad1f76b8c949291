"""The drawings of a journey. A case is a file with its Mermaid and its DOT text."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cases import CASES
from tests.test_format import FILES, SECTION, name
from verbline.interpreter.diagram import dot, drawings, mermaid, visible
from verbline.interpreter.flow import flow_of
from verbline.interpreter.parse import File, parse
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

FORMS = {"mermaid": mermaid, "dot": dot}
# The only lines there are; what stands for LABEL has nothing in it that could be read as markup.
LABEL = r'"((?:[^\W_]|[ .,\'?!\-–—…„“”«»]|#\d+;|[^\x00-\x7f])*)"'
MERMAID = [
    r"flowchart TD",
    rf"  subgraph j\d+\[{LABEL}\]",
    rf"    s\d+(?:\[{LABEL}\]|\(\[{LABEL}\]\)|\{{\{{{LABEL}\}}\}}|\[/{LABEL}/\])",
    rf"    s\d+ (?:-->|-\.->)(?:\|{LABEL}\|)? s\d+",
    r"  end",
]
TEXT = r'"((?:[^"\\\n]|\\["\\n])*)"'
DOT = [
    r"digraph journeys \{|\}|  \}",
    r"  (?:node|edge) \[fontname=sans\]",
    r"  subgraph cluster_j\d+ \{",
    rf"    label={TEXT}",
    rf"    s\d+ \[shape=\w+, label={TEXT}\]",
    rf"    s\d+ -> s\d+ \[label={TEXT}(?:, style=dashed)?\]",
]


def read(text: str) -> File:
    """Return the parsed file."""
    return parse(Source.of_text("a.journey", text), grammar())


@pytest.mark.parametrize("path", sorted((CASES / "diagram").glob("*.case")), ids=name)
def test_a_journey_is_drawn_as_its_case_says(path: Path) -> None:
    """The text of both drawings is what the case shows."""
    _comment, *parts = SECTION.split(path.read_text("utf-8"))
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    file = read(sections.pop("a.journey"))
    assert {form: FORMS[form](file) for form in sections} == sections


def labels(text: str, lines: list[str]) -> list[str]:
    """Return the texts in a drawing, each line of which must be one of ``lines``."""
    found = []
    for line in text.removesuffix("\n").split("\n"):
        match = next((match for one in lines if (match := re.fullmatch(one, line))), None)
        assert match is not None, line
        found += [label for label in match.groups() if label is not None]
    return found


def unescaped(label: str) -> str:
    """Return the text that Mermaid shows for a label."""
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label)


def untied(label: str) -> str:
    """Return the text that Graphviz shows for a label, in one line."""
    return re.sub(r"\\(.)", lambda match: {"n": " "}.get(match[1], match[1]), label).replace(
        "&amp;", "&"
    )


def words(text: str) -> str:
    """Return a text without blanks: a drawing may break its lines anywhere between words."""
    return "".join(visible(text).split())


@given(st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=40))
@example("end")
@example("</script><script>alert(1)</script>")
@example("%%{init: {'theme': 'x'}}%%")
@example('\\" ]; x -> y [label=')
@example("a]\nend\nclick s1 href")
@example("`**bold**` 1. one")
@example("#quot; &quot; #34; style a:#1;")
@example("---")
@example("\\N \\G \\l &#60;b&#62;")
@example("\u202eabc\u200b")
def test_no_name_becomes_markup(title: str) -> None:
    """Whatever a name holds, every line of a drawing keeps its form, and the name is shown as it is."""
    shown = " ".join(title.split())
    file = read(f'journey "{shown}"\n  starts when "x"\n\n  finish as "{shown}"\n')
    for text, lines, reverse in ((mermaid(file), MERMAID, unescaped), (dot(file), DOT, untied)):
        found = [reverse(label) for label in labels(text, lines)]
        if file.sentences[0].shape == "journey" and not file.broken:
            assert words(found[0]) == words(shown)
            assert words(f'finish as "{shown}"') in map(words, found)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_way_of_our_own_journeys_is_drawn(path: Path) -> None:
    """Each step is a box, and each pair of steps with a way between them has its arrow."""
    file = parse(Source.of_bytes("a.journey", path.read_bytes()), grammar())
    journeys = [one for one in file.sentences if one.shape == "journey"]
    for journey, drawing in zip(journeys, drawings(file), strict=True):
        flow = flow_of(journey)
        pairs = {(way.source, way.target) for way in flow.ways()}
        starts = len(journey.of("starts_when", "starts_segment", "starts_also"))
        outcomes = [
            line
            for line in journey.block
            if line.node and line.shape[:5] == "stops" and line.node.has("outcome")
        ]
        assert len(drawing.arrows) == len(pairs) + starts + len(outcomes)
        assert len(drawing.boxes) >= len(flow.steps) + starts
    boxes = [box for drawing in drawings(file) for box, _kind, _text in drawing.boxes]
    assert len(set(boxes)) == len(boxes)
    shown = [unescaped(label) for label in labels(mermaid(file), MERMAID)]
    drawn = [untied(label) for label in labels(dot(file), DOT) if label]
    assert list(map(words, shown)) == list(map(words, drawn))
