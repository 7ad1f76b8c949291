"""Cases of the identity graph: text files that say, event by event, whose it is and what it changes.

Behind the text that explains a case stand its sections:

    === people                   the declaration of the people, as in a journey file
    === events                   what happens, one a line, and behind -> all that comes of it
    device=d1                                          -> P1 new
    device=d1 member-number=M-1 email!=ana@mail.si     -> P1 adds email        (! - the event proves the address)
    email=ana@mail.si                                  -> ambiguous
    merge P1 P2                                        -> P1 P2                or: refused already_one
    split P1 P2 · split off P1 email=… · same email=… device=… · not same … · release email=… · forget P1
    who email=ana@mail.si                              -> P1 P2                who holds it now
    was email=ana@mail.si at 3                         -> P1                   who held it after the change number 3
    now P2                                             -> P1
    people                                             -> certain 2 shared 0 anonymous 1 ambiguous 0 between 2 and 2
    collisions                                         -> email P1 P2

What comes of an event is written in this order: the person, `new`, `joins P1+P2`, `adds email`, `asks "Desk" P1+P2`,
`refuses field:reason`. A value in quotes may hold blanks.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.cases import CASES, project_of
from verbline.runtime.identity.counting import collisions, people
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.resolution import Resolution
from verbline.runtime.identity.rules import rules_of

SETTINGS = '[project]\nname = "case"\nlanguage = "en"\nzone = "Europe/Ljubljana"\ncountry = "SI"\n'


def case_files() -> list[Path]:
    """Return the cases, in the order of their names."""
    return sorted((CASES / "identity").glob("*.case"))


def sections(path: Path) -> dict[str, str]:
    """Return the sections of a case by their names."""
    parts = path.read_text("utf-8").split("\n=== ")[1:]
    return {title: body for title, _, body in (part.partition("\n") for part in parts)}


def identity_of(declaration: str) -> Identity:
    """Return an empty graph with the rules of people who are declared so."""
    return Identity(rules_of(project_of({"verbline.toml": SETTINGS, "a.journey": declaration})))


def played(path: Path) -> tuple[list[str], list[str]]:
    """Return the lines of a case's events, and the same with what came of them."""
    parts = sections(path)
    identity = identity_of(f"language: en\n\n{parts['people']}")
    wanted = [line for line in parts["events"].splitlines() if line and not line.startswith("#")]
    came = []
    for line in wanted:
        said = line.partition("->")[0].strip()
        came.append(f"{said} -> {outcome(identity, said)}")
    return [" -> ".join(part.strip() for part in line.split("->")) for line in wanted], came


def outcome(identity: Identity, line: str) -> str:
    """Return what comes of one line."""
    words = shlex.split(line)
    if "=" in words[0]:
        return event(identity, words)
    verb = " ".join(word for word in words if "=" not in word and not is_person(word))
    values = [key(identity, word) for word in words if "=" in word]
    named = [int(word[1:]) for word in words if is_person(word)]
    return told(answer(identity, verb, named, values))


def answer(
    identity: Identity, verb: str, named: list[int], values: list[tuple[str, str]]
) -> object:
    """Return what the graph answers to one sentence of a case."""
    if verb.startswith("was"):
        return identity.as_of(*values[0], int(verb.rsplit(maxsplit=1)[-1]))
    match verb:
        case "merge":
            return identity.merge(named[0], named[1], 0)
        case "split":
            return identity.split(named[0], named[1], 0)
        case "split off":
            return identity.split_off(named[0], values, 0)
        case "same":
            return identity.same(values[0], values[1], 0)
        case "not same":
            return identity.not_same(values[0], values[1], 0)
        case "release":
            return identity.release(*values[0], 0)
        case "forget":
            return f"{identity.forget(named[0], 0)} identifiers"
        case "who":
            return identity.holders(*values[0])
        case "now":
            return identity.now(named[0])
        case "people":
            counted = people(identity)._asdict()
            low, high = counted.pop("low"), counted.pop("high")
            named_counts = " ".join(f"{name} {count}" for name, count in counted.items())
            return f": {named_counts} between {low} and {high}"
        case "collisions":
            return ": " + ", ".join(
                f"{one.kind} {told(one.people)}" for one in collisions(identity)
            )
        case _:
            raise AssertionError(f"no such sentence: {verb}")


def is_person(word: str) -> bool:
    """Return whether ``word`` names a person by number."""
    return word[0] == "P" and word[1:].isdigit()


def key(identity: Identity, word: str) -> tuple[str, str]:
    """Return the kind and the key of what ``field=value`` says."""
    field, _, value = word.partition("=")
    signs = identity._reader.read({field: value}, frozenset())
    found = [*signs.keys, *signs.contacts, *signs.posts, *signs.weak]
    return found[0].kind, found[0].value


def event(identity: Identity, words: list[str]) -> str:
    """Return what comes of an event."""
    pairs = [word.partition("=")[::2] for word in words]
    confirmed = frozenset(field[:-1] for field, _value in pairs if field.endswith("!"))
    fields = {field.removesuffix("!"): value for field, value in pairs}
    return resolved(identity.resolve(fields, 0, confirmed=confirmed))


def resolved(found: Resolution) -> str:
    """Return a resolution in the words of a case."""
    words = [f"P{found.person}" if found.person else "ambiguous" if found.ambiguous else "nobody"]
    words += ["new"] * found.new
    words += [f"joins P{one}+P{other}" for one, other in found.merged]
    words += [f"adds {kind}" for kind, _value in found.added]
    words += [f'asks "{desk}" P{one}+P{other}' for desk, one, other in found.asked]
    words += [f"refuses {field}:{reason}" for field, reason in found.refused]
    return " ".join(words)


def told(value: object) -> str:
    """Return an answer of the graph in the words of a case."""
    if isinstance(value, tuple):
        return " ".join(f"P{person}" for person in value) or "nobody"
    if isinstance(value, int):
        return f"P{value}"
    text = str(value)
    return text[2:] if text.startswith(": ") else text if text[0].isdigit() else f"refused {text}"
