"""A file told in English prose. Rule: every sentence of the file leaves a trace; names stay as they are.

What is told, in this order: each journey (who and why, who comes in, how it ends, what it holds back, its steps, what may
be sent on what ground), then what its scenarios promise, then the other words that the file declares.
"""

from __future__ import annotations

from verbline.interpreter.grounds import grounds
from verbline.interpreter.places import JOURNEY_CLAUSES
from verbline.interpreter.procedure import Procedure, item, step_numbers
from verbline.interpreter.prose import capital, listed, phrase, quoted
from verbline.interpreter.tellings import DECLARATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.project import Project

TO_DESKS = ("escalate", "pass_up", "route", "notify_desk")
# Which lines of a journey are told together, and under which heading.
CLAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("owned_by", "because", "aims_for")),
    (
        "Who comes in",
        (
            "starts_when", "starts_segment", "starts_also", "start_incomplete", "only_for", "only_verified", "except_for",
            "takes_in_until", "entry_brake", "once_per", "again_after",
        ),
    ),
    ("How it ends", ("stops_when", "stops_segment", "stops_withdrawn", "gives_up", "no_longer")),
    ("What it holds back", ("quiet", "cap", "priority", "reacts", "relaxed", "relaxed_morning")),
    ("How it changes", ("inside_finish", "inside_move", "reviewed")),
)  # fmt: skip


def read(project: Project, name: str) -> str:
    """Return the file ``name`` of ``project`` in English prose."""
    return "\n".join(Telling(project, name).lines()).rstrip("\n") + "\n"


class Telling:
    """One file on its way into prose; ``told`` are the declarations that a journey has told already."""

    def __init__(self, project: Project, name: str) -> None:
        self.name = name
        self.file = project.files[name]
        self.scope = project.scopes[name]
        self.procedure = Procedure()
        self.told: set[int] = set()

    def lines(self) -> Iterator[str]:
        """Yield the lines of the whole text."""
        journeys = self.of("journey")
        scenarios = self.of("scenario")
        for journey in journeys:
            yield from self.journey(journey)
        if not journeys:
            yield from heading(self.name, 1)
        yield from heading("What is promised", 2) if scenarios else ()
        for scenario in scenarios:
            yield from self.scenario(scenario)
        for shape, title in DECLARATIONS.items():
            declared = [one for one in self.of(shape) if one.number not in self.told]
            yield from heading(title, 2) if declared else ()
            for one in declared:
                yield from self.declaration(one)
        yield from paragraph(self.header())
        yield from self.rest()

    def of(self, shape: str) -> list[Sentence]:
        """Return the lines of a shape at the left margin."""
        return [one for one in self.file.sentences if one.shape == shape]

    def sentences(self, lines: Iterable[Sentence]) -> Iterator[str]:
        """Yield lines of this file as one paragraph."""
        yield from paragraph(map(self.procedure.sentence, lines))

    def journey(self, journey: Sentence) -> Iterator[str]:
        """Yield one journey: its clauses by what they are about, its steps, its grounds."""
        yield from heading(name_of(journey), 1)
        self.procedure.seen.add(journey.number)
        for title, shapes in CLAUSES:
            clauses = [one for one in journey.block if one.shape in shapes]
            yield from heading(title, 2) if title and clauses else ()
            yield from self.sentences(clauses)
            for clause in clauses:
                yield from paragraph(self.metric(clause))
        steps = [one for one in journey.block if one.shape not in JOURNEY_CLAUSES]
        yield from heading("What happens", 2) if steps else ()
        yield from self.procedure.numbered(steps)
        yield from [""] if steps else ()
        yield from self.desks(journey)
        sent = list(grounds(journey, self.scope, step_numbers(steps)))
        yield from heading("What may be sent, and on what ground", 2) if sent else ()
        for declared, text in sent:
            yield from paragraph([text])
            self.tell(declared)

    def desks(self, journey: Sentence) -> Iterator[str]:
        """Yield who acts in a journey: the desks that its steps name, in their order."""
        nodes = [one.node for one in journey.walk() if one.node and one.shape in TO_DESKS]
        found = [
            self.scope.find("desk", name)
            for name in dict.fromkeys(node.text("desk") for node in nodes)
        ]
        desks = [desk for desk in found if desk is not None]
        yield from heading("Who acts", 2) if desks else ()
        for desk in desks:
            lines = [one for one in desk.sentence.block if one.node]
            yield from paragraph([f"{quoted(desk.name)}.", *map(Procedure().sentence, lines)])
            self.tell(desk)

    def tell(self, declared: Declaration | None) -> None:
        """Note that a declaration has been told, line by line, where it stands in this file."""
        if declared is not None and declared.file is self.file:
            self.told.add(declared.sentence.number)
            understood = [one.number for one in declared.sentence.block if one.node]
            self.procedure.seen.update(understood, [declared.sentence.number])

    def metric(self, clause: Sentence) -> Iterator[str]:
        """Yield what the metric is that a journey aims for."""
        name = clause.node.text("metric") if clause.node and clause.shape == "aims_for" else ""
        declared = self.scope.find("metric", name) if name else None
        if declared is not None:
            yield f"About {quoted(name)}:"
            yield from map(
                Procedure().sentence, (one for one in declared.sentence.block if one.node)
            )
            self.tell(declared)

    def scenario(self, scenario: Sentence) -> Iterator[str]:
        """Yield one scenario, with the rows of its examples."""
        self.procedure.seen.add(scenario.number)
        texts = list(map(self.procedure.sentence, scenario.block))
        for at, (one, before) in enumerate(
            zip(scenario.block[1:], scenario.block, strict=False), 1
        ):
            if one.shape[:2] == before.shape[:2] == "t_":
                texts[at] = texts[at].replace("Then ", "And ", 1)
        yield from paragraph([f"{quoted(name_of(scenario))}:", *texts])
        for examples in (one for one in scenario.block if one.rows):
            titles = [cell.text for cell in examples.rows[0].cells]
            for row in examples.rows[1:]:
                cells = zip(titles, map(phrase, row.cells), strict=False)
                values = listed([f"{title} {value}" for title, value in cells], "and")
                yield from item("- ", f"{values}.", 0)
            yield ""

    def declaration(self, declared: Sentence) -> Iterator[str]:
        """Yield one declaration: what it says of itself, and the texts it brings."""
        node = declared.node
        assert node is not None, "only what was understood is a declaration"
        self.procedure.seen.add(declared.number)
        title = name_of(declared)
        shown = quoted(title) if node.word("name").kind == "STRING" else capital(title)
        own = [one for one in declared.block if one.shape != "in_lang"]
        yield from paragraph([f"{shown}.", *map(self.procedure.sentence, own)])
        yield from text_block(declared)
        for variant in declared.of("in_lang"):
            yield from self.sentences([variant])
            yield from text_block(variant)

    def header(self) -> Iterator[str]:
        """Yield what the first lines of the file say: its language, and whose words it uses."""
        headers = [*self.of("language"), *self.of("use")]
        self.procedure.seen.update(one.number for one in headers)
        if self.of("language"):
            yield f"This is written in {self.file.language.name}."
        uses = [phrase(one.node.word("file")) for one in self.of("use") if one.node]
        if uses:
            yield f"It uses the words of {listed(uses, 'and')}."

    def rest(self) -> Iterator[str]:
        """Yield the lines that found no place above: what was not understood, or stands where it cannot be."""
        others = [one for one in self.file.walk() if one.number not in self.procedure.seen]
        yield from heading("What found no place", 2) if others else ()
        for one in others:
            yield from paragraph([f"Line {one.number}: {quoted(one.raw)}."])


def name_of(declared: Sentence) -> str:
    """Return the name that a line at the left margin declares."""
    return declared.node.text("name") if declared.node else ""


def heading(title: str, level: int) -> Iterator[str]:
    """Yield a heading."""
    yield from [f"{'#' * level} {title}", ""]


def paragraph(texts: Iterable[str]) -> Iterator[str]:
    """Yield sentences as one paragraph, or nothing where there are none."""
    text = " ".join(filter(None, texts))
    if text:
        yield from item("", text, 0)
        yield ""


def text_block(host: Sentence) -> Iterator[str]:
    """Yield the block of text under ``host``, as a quotation."""
    if host.text is not None:
        yield from (f"> {line}".rstrip() for line in host.text.text.split("\n"))
        yield ""
