"""What a condition rests on beside fields. Rule: each thing that a sentence asks about is looked up as it was known then.

Fields are noted while the journeys run. Agreement is in the ledger, what happened among the events, labels in the trace; a
segment says in its own lines whom it holds.
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from verbline.interpreter.nodes import Sentence
    from verbline.runtime.explain.evidence import Evidence
    from verbline.runtime.explain.rows import Row

    Item: TypeAlias = "dict[str, Any]"

# So many of the latest events of a kind are named.
NAMED = 3


def asked(evidence: Evidence, row: Row) -> Iterator[Item]:
    """Yield what the condition of a branch, or of a label, rests on."""
    sentence = evidence.case.texts.sentence(row.line, row.journey, row.version)
    if sentence is None:
        return
    for node in conditions(sentence):
        match node.shape:
            case "agrees" | "not_agrees":
                yield from agreement(evidence, row, node)
            case "had" | "had_no":
                yield from happened(evidence, row, node.text("moment"))
            case "qualified":
                yield from labelled(evidence, row, node.text("label"))
            case "in_segment":
                yield from segment(evidence, node.text("segment"))
            case _:
                pass  # fields are noted when they are looked at


def conditions(sentence: Sentence) -> Iterator[Node]:
    """Yield every part of a sentence, and of the conditions listed under it."""
    for one in (sentence, *sentence.of("condition")):
        if one.node is not None:
            yield from (part for part in one.node.walk() if isinstance(part, Node))


def agreement(evidence: Evidence, row: Row, node: Node) -> Iterator[Item]:
    """Yield the entries of the ledger that say whether the person agreed, or that there were none."""
    purpose = evidence.case.program.purposes.get(node.text("purpose"))
    if purpose is None:
        return
    channel = node.text("channel").casefold() if node.has("channel") else ""
    channels = [one for one in purpose.channels if channel in ("", one)] or list(purpose.channels)
    topic = node.text("topic") if node.has("topic") else ""
    entries = {one.consent.seq: one for one in evidence.case.words()}
    found: dict[int, None] = {}
    for one in channels:
        standing = evidence.stood(row, purpose, one, topic)
        found.update(dict.fromkeys(seq for seq in standing.evidence if seq in entries))
    for seq in sorted(found):
        yield evidence.entry(entries[seq])
    if not found:
        yield evidence.no_entry(purpose.name, channel, topic)


def happened(evidence: Evidence, row: Row, moment: str) -> Iterator[Item]:
    """Yield the latest events of a kind that were known then."""
    then = [one for one in evidence.case.seen if moment in one.moments and one.known <= row.at]
    for one in then[-NAMED:]:
        words = evidence.words
        said = words.word("happened", what=f'"{moment}"', event=words.cause(*one.cause))
        yield {"what": "event", **one.told(), "said": f"{said}, {words.word('said-at', at=words.at(one.happened))}"}  # fmt: skip


def labelled(evidence: Evidence, row: Row, label: str) -> Iterator[Item]:
    """Yield the record by which the person got a label, or lost it."""
    rows = [one for one in evidence.case.rows if one.kind == "label" and one.more.get("label") == label and one.at <= row.at]  # fmt: skip
    for one in rows[-1:]:
        place = evidence.case.texts.place(one.line, one.journey, one.version)
        said = evidence.words.word("rests-on-line", **place._asdict())
        said += f", {evidence.words.word('said-at', at=evidence.words.at(one.at))}"
        yield {"what": "label", "label": label, "verdict": one.verdict, "at": one.told["at"], "said": said}  # fmt: skip


def segment(evidence: Evidence, name: str) -> Iterator[Item]:
    """Yield what a segment says of whom it holds, as it is declared today."""
    found = evidence.case.texts.declared("segment", name, "people_where")
    if found:
        sentence = ": ".join(one.sentence for one in found)
        said = evidence.words.word("rests-on-line", line=found[0].line, sentence=sentence)
        yield {"what": "segment", "line": found[0].line, "sentence": sentence, "said": said}
