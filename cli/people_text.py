"""Who is who, in text. Rule: the text says nothing that the JSON does not."""

from __future__ import annotations

from verbline.cli.folders import readable
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

COLLISIONS_TOLD = 20
HOW = {
    "given": "given",
    "shared": "given, though somebody else had it",
    "confirmed": "proved",
    "moved": "moved from somebody else",
    "merged": "came with a merge",
    "split": "came with a split",
}
# Why two people turned out to be one.
JOINED = {
    "stated": "somebody said so",
    "confirmed": "one of them proved an address that the other had",
    "stitched": "the device had been nobody's who is known",
    "rule": "a rule of the file",
    "corroborated": "the same address and the same name",
    "backed": "an address and a key or device came together",
}


def text_of(told: Mapping[str, Any]) -> str:
    """Return an answer of a `people` command as text."""
    tell = next(tell for member, tell in TOLD if member in told)
    return "\n".join(map(readable, tell(told))) + "\n"


def of_counts(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many people there are."""
    span = f"{told['low']:,} to {told['high']:,}" if told["low"] < told["high"] else f"{told['high']:,}"  # fmt: skip
    yield f"{span} people"
    yield f"  {told['certain']:,} with a key, or an address of their own"
    yield f"  {told['shared']:,} of whom every address is somebody else's too"
    if told["low"] < told["high"]:
        yield f"  {told['high'] - told['low']:,} fewer if every open proposal is right"
    yield f"  {counted(told['merged'], 'more id', 'more ids')} of people who turned out to be somebody known"
    yield f"{counted(told['anonymous'], 'visitor', 'visitors')} of whom only a device is known"
    yield f"{counted(told['ambiguous_events'], 'event')} of which nobody can tell whose they are"


def of_person(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is known of one person."""
    also = f", also {', '.join(told['also'])}" if told["also"] else ""
    yield f"{told['person']}{also}" + (f", known since {told['since']}" if told["since"] else "")
    yield from (f"  {held(one, told['person'])}" for one in told["identifiers"])
    for one in told["no_longer"]:
        now = f"; now {listed(one['now_of'])}" if one["now_of"] else ""
        yield f"  no longer {one['kind']} {one['value']}, until {one['until']}{now}"
    for field, values in told["names"].items():
        yield f"  {field}: {', '.join(map(str, values))}"
    yield from map(noted, told["history"])
    if told["not_same"]:
        yield f"Not the same as {listed(told['not_same'])}, whatever they share."
    for one in told["proposals"]:
        yield f'Desk "{one["desk"]}" was asked at {one["at"]} whether {one["other"]} is the same person.'


def held(one: Mapping[str, Any], person: str) -> str:
    """Return one identifier, since when and how."""
    told = f"{one['kind']} {one['value']}"
    if one["since"]:
        told += f", since {one['since']}"
    told += f", {HOW[one['how']]}"
    if one["brought_by"] != person:
        told += f", brought by {one['brought_by']}"
    if one["shared_with"]:
        told += f"; {listed(one['shared_with'])} {'have' if len(one['shared_with']) > 1 else 'has'} it too"
    return told


def noted(one: Mapping[str, Any]) -> str:
    """Return what happened to a person, and why."""
    first, *others = one["people"]
    said = f": {one['said']}" if one["said"] else ""
    match one["what"]:
        case "merge":
            return (
                f"{others[0]} turned out to be {first} at {one['at']}: {JOINED[one['how']]}{said}."
            )
        case "split":
            return f"{first} and {others[0]} were taken apart at {one['at']}{said}."
        case "not same":
            return f"{first} and {others[0]} were said to be two at {one['at']}{said}."
        case _:
            return f"{first} was erased at {one['at']}."


def listed(names: Sequence[str]) -> str:
    """Return names in a row."""
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def of_collisions(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what several people share."""
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in told["by_kind"].items())
    yield f"{counted(told['count'], 'identifier')} of several people" + (f": {kinds}" if kinds else "")  # fmt: skip
    for one in told["collisions"]:
        who = "everybody's" if one["is_public"] else listed(one["people"])
        yield f"  {one['kind']} {one['value']}: {who}"
    left = told["count"] - len(told["collisions"])
    if left:
        yield f"  and {left:,} more; --all tells them"


def of_word(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an operator's word changes."""
    for one in told["changes"]:
        match one["what"]:
            case "merge":
                yield f"{one['other']} is {one['person']} from now on."
            case "split":
                yield f"{one['person']} and {one['other']} are two people from now on."
            case _:
                yield f"{one['person']} and {one['other']} are two people already, and stay two."
    for one in told["one_history"]:
        yield f"  {one} belongs to both: what was said there is one history."
    yield from (f"  {line}" for line in answers(told["answers"], "then"))
    if not told["appended"]:
        yield "Nothing was written: this was a trial."


def answers(found: Sequence[Mapping[str, Any]], then: str) -> Iterator[str]:
    """Yield for what somebody may be written to who might not, or the other way round; ``then`` says when."""
    weighty = [one for one in found if verdicts(one["before"]) != verdicts(one["after"])]
    for one in weighty:
        yield f"{one['purpose']} by {one['channel']}{to(one)}: {answered(one['before'])}; {then} {answered(one['after'])}"
    if not weighty:
        yield "who may be written to, and for what, stays as it is"
    if len(found) > len(weighty):
        yield f"{counted(len(found) - len(weighty), 'answer')} for another reason"


def verdicts(answers: Mapping[str, Sequence[str]]) -> set[str]:
    """Return whether people may be written to, without the reasons."""
    return {verdict for verdict, _reason in answers.values()}


def to(one: Mapping[str, Any]) -> str:
    """Return the address and the topic that an answer is about."""
    contact = f" to {one['contact']}" if one["contact"] else ""
    return contact + (f" about {one['topic']}" if one["topic"] else "")


def answered(answers: Mapping[str, Sequence[str]]) -> str:
    """Return the answers about several people."""
    told = [f"{person} {verdict} ({reason})" for person, (verdict, reason) in answers.items()]
    return ", ".join(told) or "nobody's"


# Which answer it is shows in the member that no other has.
TOLD = (
    ("ambiguous_events", of_counts),
    ("identifiers", of_person),
    ("collisions", of_collisions),
    ("changes", of_word),
)
