"""A journey as a drawing, in the text of Mermaid or of Graphviz. Rule: whatever a name holds, it is only ever shown.

Each step is a box that says its sentence in the words of the file; each way that leads on is an arrow that says why. The
names of boxes are made here, and every sign in a text that could be markup is written as its number.
"""

from __future__ import annotations

import unicodedata

from verbline.interpreter.flow import flow_of
from verbline.interpreter.outcomes import ENDS
from verbline.interpreter.problems import term
from verbline.interpreter.write import sentence_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.ways import Way
    from verbline.interpreter.words import Language

# What a way is called where no line of the journey says it: meanings of the word table.
WORDS = {
    "yes": ("YES",),
    "no": ("NO",),
    "unknown": ("UNKNOWN",),
    "happens": ("IF_HAPPENS",),
    "not_happens": ("IF_NOT_HAPPENS",),
    "past": ("IF_PAST",),
    "somebody": ("IF_SOMEBODY",),
    "nobody": ("IF_NOBODY",),
    "no_desk": ("IF_NO_DESK",),
    "answered": ("IF_ANSWERED",),
    "no_answer": ("IF_NO_ANSWER",),
    "sent": ("IF_SENT",),
    "nothing_sent": ("IF_NOTHING_SENT",),
    "nothing_fits": ("IF_NOTHING_FITS",),
    "other": ("WHEN_IT_IS", "ANYTHING_ELSE"),
}
CONDITIONS = frozenset(("if_", "otherwise_if", "qualify"))
STARTS = ("starts_when", "starts_segment", "starts_also")
STOPS = ("stops_when", "stops_segment", "stops_withdrawn", "gives_up")
BOX, CHOICE, END, UNCLEAR = "box", "choice", "end", "unclear"
KINDS = {
    **dict.fromkeys(
        ("if_", "otherwise_if", "qualify", "depending", "experiment", "repeat"), CHOICE
    ),
    **dict.fromkeys(ENDS, END),
}


class Drawing:
    """What is to be drawn, in no language of drawings: boxes (name, kind, text) and arrows (from, to, text, sure)."""

    def __init__(self, journey: Sentence, language: Language, first: int) -> None:
        self.title = journey.node.text("name") if journey.node else ""
        self.language = language
        self.first = first
        self.boxes: list[tuple[str, str, str]] = []
        # The number of the line that a box says, where it says one.
        self.lines: dict[str, int] = {}
        self.arrows: list[tuple[str, str, str, bool]] = []
        self._names: dict[int, str] = {}
        flow = flow_of(journey)
        starts = [self._box(END, said(line, language), line) for line in journey.of(*STARTS)]
        for step in flow.steps:
            kind = UNCLEAR if step in flow.unclear else KINDS.get(step.shape, BOX)
            self._names[step.number] = self._box(kind, said(step, language), step)
        if flow.first is not None:
            self.arrows += [(start, self._names[flow.first.number], "", True) for start in starts]
        for step in flow.steps:
            self._ways(flow.ways_from(step))
        for line in journey.of(*STOPS):
            self._stop(line)

    def _box(self, kind: str, text: str, line: Sentence | None = None) -> str:
        name = f"s{self.first + len(self.boxes)}"
        self.boxes.append((name, kind, text))
        if line is not None:
            self.lines[name] = line.number
        return name

    def _ways(self, ways: list[Way]) -> None:
        """Draw the ways from one step: one arrow for all that lead to the same place, and no words where all do, in silence."""
        targets: dict[str, list[Way]] = {}
        for way in ways:
            target = self._names[way.target.number] if way.target else self._open_end()
            targets.setdefault(target, []).append(way)
        for target, together in targets.items():
            told = len(targets) > 1 or len(together) == 1 or any(way.line for way in together)
            reasons = [reason(way, self.language) for way in together] if told else []
            text = " / ".join(dict.fromkeys(filter(None, reasons)))
            source = self._names[together[0].source.number]
            self.arrows.append((source, target, text, any(way.sure for way in together)))

    def _open_end(self) -> str:
        if -1 not in self._names:
            self._names[-1] = self._box(UNCLEAR, term("diagram-open", self.language.code))
        return self._names[-1]

    def _stop(self, line: Sentence) -> None:
        """Draw what ends the journey wherever a person is, and the outcome that it counts as."""
        stop = self._box(BOX, said(line, self.language), line)
        outcome = line.node.text("outcome") if line.node else ""
        if outcome:
            end = self._box(END, f'{self.language.write("FINISH_AS")} "{outcome}"')
            self.arrows.append((stop, end, "", True))


def said(line: Sentence, language: Language) -> str:
    """Return a line in the words of its file, with the conditions listed under it."""
    if line.node is None:
        return line.raw
    listed = "; ".join(said(one, language) for one in line.of("condition"))
    text = sentence_text(line, language)
    return f"{text} ({listed})" if listed else text


def reason(way: Way, language: Language) -> str:
    """Return why a way is taken, in the words of the file; nothing where it is the only one."""
    node = way.source.node
    if (
        node is not None
        and node.shape == "wait_for"
        and way.word
        and len(node.items("moments")) > 1
    ):
        return f'"{way.word}"'
    if way.line is not None and way.source.shape not in CONDITIONS:
        return said(way.line, language)
    if way.reason in WORDS:
        return " ".join(map(language.write, WORDS[way.reason]))
    return term(f"diagram-{way.reason}", language.code) if way.reason != "then" else ""


def drawings(file: File, name: str = "") -> list[Drawing]:
    """Return a drawing for each journey of ``file``, or for those called ``name``; no two boxes have one name."""
    found: list[Drawing] = []
    first = 1
    for journey in file.sentences:
        if journey.node and journey.shape == "journey" and name in ("", journey.node.text("name")):
            found.append(Drawing(journey, file.language, first))
            first += len(found[-1].boxes)
    return found


MERMAID = {BOX: '["{}"]', CHOICE: '{{{{"{}"}}}}', END: '(["{}"])', UNCLEAR: '[/"{}"/]'}
DOT = {BOX: "box", CHOICE: "hexagon", END: "ellipse", UNCLEAR: "parallelogram"}


def mermaid(file: File, name: str = "") -> str:
    """Return the journeys of ``file``, or the one called ``name``, as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for number, drawing in enumerate(drawings(file, name), 1):
        lines.append(f'  subgraph j{number}["{harmless(drawing.title)}"]')
        lines += [
            f"    {box}{MERMAID[kind].format(harmless(text))}" for box, kind, text in drawing.boxes
        ]
        for start, end, text, sure in drawing.arrows:
            label = f'|"{harmless(text)}"|' if text else ""
            lines.append(f"    {start} {'-->' if sure else '-.->'}{label} {end}")
        lines.append("  end")
    return "\n".join(lines) + "\n"


def dot(file: File, name: str = "") -> str:
    """Return the journeys of ``file``, or the one called ``name``, in the language of Graphviz."""
    lines = ["digraph journeys {", "  node [fontname=sans]", "  edge [fontname=sans]"]
    for number, drawing in enumerate(drawings(file, name), 1):
        lines += [f"  subgraph cluster_j{number} {{", f"    label={string(drawing.title)}"]
        lines += [
            f"    {box} [shape={DOT[kind]}, label={string(text)}]"
            for box, kind, text in drawing.boxes
        ]
        for start, end, text, sure in drawing.arrows:
            style = "" if sure else ", style=dashed"
            lines.append(f"    {start} -> {end} [label={string(text)}{style}]")
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def visible(text: str) -> str:
    """Return ``text`` in one line, without signs that nobody sees."""
    shown = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(shown).split())


def harmless(text: str) -> str:
    """Return ``text`` for Mermaid: letters, digits and plain signs as they are, every other one as its number."""
    return "".join(
        letter
        if letter.isalnum() or letter in PLAIN or unicodedata.combining(letter)
        else f"#{ord(letter)};"
        for letter in visible(text)
    )


PLAIN = frozenset(" .,'?!-–—…„“”«»")


def string(text: str) -> str:
    """Return ``text`` as a string of Graphviz, in lines that fit a box."""
    from textwrap import wrap

    shown = visible(text).replace("&", "&amp;")
    lines = (
        line.replace("\\", "\\\\").replace('"', '\\"')
        for line in wrap(shown, 36, break_long_words=False)
    )
    return '"' + "\\n".join(lines) + '"'
