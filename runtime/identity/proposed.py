"""Whether two people are one, as a desk is asked. Rule: the key of the question names both, and the answer is an operator's word.

same-P3-P9    "same": they are one    "not same": they are two, and stay two    anything else changes nothing
"""

from __future__ import annotations

import re

import msgspec

from verbline.runtime.identity.stated import MERGE, SPLIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.events import Event

ANSWERED = "verbline.desk.answered"
SAME, NOT_SAME = "same", "not_same"
KEY = re.compile(r"same-P([1-9]\d{0,17})-P([1-9]\d{0,17})")
# How desks say it, in each of the languages that tasks are written in.
WORDS = {
    **dict.fromkeys(("same", "ista", "ta sama", "samme", "yr un"), SAME),
    **dict.fromkeys(("not same", "nista ista", "nie ta sama", "ikke samme", "nid yr un"), NOT_SAME),
}


def key_of(people: tuple[int, int]) -> str:
    """Return the key of the question whether two people, by their numbers, are one."""
    one, other = sorted(people)
    return f"same-P{one}-P{other}"


def people_in(key: object) -> tuple[str, str] | None:
    """Return the two people that the key of such a question names; None where it is the key of something else."""
    found = KEY.fullmatch(key) if isinstance(key, str) else None
    return None if found is None else (f"P{found[1]}", f"P{found[2]}")


def answer_in(words: object) -> str:
    """Return what a desk says, `SAME` or `NOT_SAME`; nothing where it is neither."""
    return WORDS.get(" ".join(words.casefold().split()), "") if isinstance(words, str) else ""


def restated(event: Event) -> Event | None:
    """Return the answer of a desk as the word of an operator that it is; None where it is none about people."""
    if event.type != ANSWERED:
        return None
    people, answer = people_in(event.data.get("key")), answer_in(event.data.get("answer"))
    if people is None or not answer:
        return None
    by, desk = event.data.get("by"), event.data.get("desk")
    who = by if isinstance(by, str) else f"desk:{desk}" if isinstance(desk, str) else ""
    told = {"by": who} if who else {}
    if answer == SAME:
        kind, said = MERGE, {**told, "people": list(people)}
    else:
        kind, said = SPLIT, {**told, "person": people[0], "apart": people[1]}
    return msgspec.structs.replace(event, type=kind, data=said)
