"""Which fields a name can mean at a place. Rule: the latest moment that carries the name wins, then the person.

A step of a journey reaches the moments that start the journey or were awaited before it, then the person; a condition
behind `where` the moment's own fields; segments, merge rules and `no longer` the person; an offer, a form and what a task
shows the person and every moment in sight.
"""

from __future__ import annotations

from verbline.interpreter.awaited import WAITS, awaited_before, moments_of
from verbline.interpreter.meanings import Meaning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.meanings import Carried, Fields
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.view import View

# Sentences whose names mean the fields of the moments named in this part.
OF_MOMENT = {
    "starts_when": "moment", "stops_when": "moment", "adds": "moment", "takes": "moment", "wait_for": "moments",
    "wait_absent": "moment", "sums": "moment",
}  # fmt: skip
# Sentences whose names mean fields of the person alone.
OF_PERSON = frozenset(
    [
        "merge_when",
        "merge_ask",
        "merge_never",
        "people_where",
        "no_longer",
        "zone_from",
        "country_from",
        "trust",
        "g_person",
        "g_other_person",
        "t_fact",
    ]
)
# Sentences whose names mean fields of the person or of any moment in sight.
OF_ANY = frozenset(("suits", "ranked_by", "asks", "ask", "show", "t_task"))


# What was done last: known of everybody who has done anything.
LAST_ACTION = "last-action"


class Reach:
    """What names can mean at one place.

    ``groups`` are the moments in reach: each group holds moments of which one happened, and whether it surely did; with
    ``every``, a name must mean something in each of them. With ``acted``, the person has surely done something. ``person`` says whether the person's fields are in reach too,
    ``any_moment`` whether those of all moments in sight are. ``open`` is true where a moment that nobody declares, or a
    missing start, keeps us from knowing all of it.
    """

    __slots__ = ("acted", "any_moment", "every", "fields", "groups", "open", "person")

    def __init__(self, fields: Fields, *, person: bool = True, any_moment: bool = False) -> None:
        self.fields = fields
        self.groups: list[tuple[list[Carried], bool]] = []
        self.acted = False
        self.every = False
        self.open = False
        self.person = person
        self.any_moment = any_moment

    def add(self, moments: list[str], *, sure: bool) -> None:
        """Put moments in reach, of which one happened, or perhaps none."""
        found = [self.fields.moment(name) for name in moments]
        self.take(found, sure=sure)

    def take(self, found: list[Carried | None], *, sure: bool) -> None:
        """Put in reach what came with one of several happenings; None stands for one that nobody declares."""
        known = [one for one in found if one is not None]
        self.open = self.open or len(known) < len(found)
        self.groups.append((known, sure and len(known) == len(found)))

    def find(self, name: str) -> Meaning | None:
        """Return what ``name`` means here, or None where it means nothing."""
        found: Meaning | None = None
        sure = False
        for group, happened in self.groups:
            held = [one[name] for one in group if name in one]
            if self.every and not held:
                return None
            sure = sure or (happened and bool(group) and len(held) == len(group))
            for meaning in held:
                found = found.joined(meaning, sure=False) if found else meaning
        if self.person and name in self.fields.person:
            meaning = self.fields.person[name]
            sure = sure or meaning.sure or (self.acted and name.startswith(LAST_ACTION))
            found = found.joined(meaning, sure=False) if found else meaning
        if found is None and self.any_moment:
            found = self.fields.any_moment.get(name)
        if found is None or found.sure == sure:
            return found
        return Meaning(found.kind, sure=sure, fields=found.fields, score=found.score)

    def kind(self, name: str) -> Kind | None:
        """Return the kind of ``name`` here, or None where it means nothing."""
        found = self.find(name)
        return found.kind if found else None

    def names(self) -> Iterator[str]:
        """Yield the names in reach."""
        for group, _sure in self.groups:
            for one in group:
                yield from one
        if self.any_moment:
            yield from self.fields.any_moment
        if self.person:
            yield from self.fields.person


def reach_of(view: View, sentence: Sentence) -> Reach:
    """Return what the names in the conditions, values and lists of ``sentence`` can mean."""
    while sentence.shape == "condition" and sentence.parent is not None:
        sentence = sentence.parent
    found = view.fields.reached.get(id(sentence))
    if found is None:
        found = view.fields.reached[id(sentence)] = find_reach(view, sentence)
    return found


def find_reach(view: View, sentence: Sentence) -> Reach:
    """Return what `reach_of` keeps."""
    shape, node, fields = sentence.shape, sentence.node, view.fields
    if shape in OF_PERSON or node is None:
        return Reach(fields)
    if shape in OF_ANY:
        return Reach(fields, any_moment=True)
    if shape in OF_MOMENT:
        reach = Reach(fields, person=False)
        reach.every = True
        for word in node.words(OF_MOMENT[shape]):
            reach.add([word.text], sure=True)
        return reach
    if shape == "w_event":
        reach = Reach(fields)
        happens = node.text("moment")
        brought = fields.moment(happens)
        reach.take([fields.form(happens) if brought is None else brought], sure=True)
        return reach
    return reach_of_step(view, sentence)


def reach_of_target(view: View, sentence: Sentence) -> Reach:
    """Return what the fields that ``sentence`` gives values to can mean: those of a moment it raises, or the person's."""
    if sentence.node is None or sentence.shape not in ("signal", "w_event", "t_task"):
        return Reach(view.fields)
    if sentence.shape != "signal":
        return reach_of(view, sentence)
    reach = Reach(view.fields, person=False)
    reach.add([sentence.node.text("moment")], sure=True)
    return reach


def reach_of_step(view: View, sentence: Sentence) -> Reach:
    """Return what names can mean in a step of a journey, or in a clause that speaks about its visits."""
    fields = view.fields
    journey = sentence
    while journey.parent is not None:
        journey = journey.parent
    if id(journey) not in fields.begun:
        fields.begun[id(journey)] = reach_at_start(view, journey)
    begun = fields.begun[id(journey)]
    reach = Reach(fields)
    reach.groups = list(begun.groups)
    reach.acted, reach.open = begun.acted, begun.open
    for moments, sure in awaited_before(sentence, fields.passed):
        reach.add(moments, sure=sure)
    return reach


def reach_at_start(view: View, journey: Sentence) -> Reach:
    """Return what names can mean when a visit to ``journey`` begins."""
    reach = Reach(view.fields)
    starts = [start.node.text("moment") for start in journey.of("starts_when") if start.node]
    elsewhere = bool(journey.of("starts_segment", "starts_also"))
    name = journey.node.text("name") if journey.node else ""
    for earlier in view.project.index.continuing.get(name, ()) if name else ():
        elsewhere = True
        for one in earlier.walk():
            if one.shape in WAITS or one.shape == "starts_when":
                reach.add(moments_of(one), sure=False)
    if starts:
        reach.add(starts, sure=not elsewhere)
        reach.acted = not elsewhere
    elif not elsewhere:
        reach.open = True
    return reach
