"""Whether a version of a project is taken up. Rule: it checks without errors, its scenarios pass, its certificate matches, and
whoever is inside an earlier version can go on; else the last good one stays, and it is said why.

    project -> errors? -> scenarios? -> program -> certificate? -> earlier versions -> Taken, or NotTaken with what to mend

Whoever runs a project calls `take_up` at its start and after each change of its files, with who is inside and with the words
of the versions that are kept. What comes back is a program that holds every version somebody is in, and the words that have
to be kept with it, in the same transaction. It is pure: the same files, people and words give the same answer.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from verbline.interpreter.program.certificate import certify_steps, differences
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.versions import Kept, OlderVersion, kept, take_older
from verbline.interpreter.scenarios.run import run_scenarios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from verbline.interpreter.guard.policy import Policy
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.uptake.inside import Inside

NO_CERTIFICATE = (
    "The certificate cannot be read: it is none that `verbline prove --output FILE` wrote."
)
OTHER = "The certificate is of another version: {why}. Write it anew with `verbline prove --output FILE`."
NOT_PROVED = "{fault}. `verbline prove` tells more."
NOT_GONE = 'The journey "{name}" is still in the project, so nobody is let out of it.'
NO_WORDS = (
    'The store does not have the words of version {version} of the journey "{name}", which {people} inside.'
    " Put a backup back, or make the store again with `verbline rebuild`."
)
NAMES_GONE = (
    '{people} inside an earlier version of the journey "{name}" ({version}), which names what is not there any more:'
    " {faults}. Leave it in the project until they have finished."
)
STEP_GONE = (
    '{line}: {people} inside the journey "{name}" here, at `{text}`, and the new version has no such step. Leave the step where'
    " it is, or let people inside finish the version they started."
)


class Taken:
    """A ``project`` that is taken up as ``program``; ``words`` are those of each of its newest versions.

    ``older`` are the earlier versions that somebody is still in, ``ends`` the journeys out of which people are let.
    """

    __slots__ = ("ends", "older", "program", "project", "words")

    def __init__(self, project: Project, program: Program, ends: Collection[str]) -> None:
        self.project = project
        self.program = program
        self.ends = ends
        self.older = sorted(program.older)
        self.words = {name: kept(project, program, name) for name in program.journeys}


class NotTaken:
    """Why a project is not taken up: ``problems`` of its files, each with code and line, and ``sentences``."""

    __slots__ = ("problems", "sentences")

    def __init__(self, problems: Sequence[Problem] = (), sentences: Sequence[str] = ()) -> None:
        self.problems = list(problems)
        self.sentences = list(sentences)

    def lines(self) -> Iterator[str]:
        """Yield each reason as one line: place, code and message, or a sentence."""
        for one in self.problems:
            message = " ".join(one.message.split())
            if message.endswith(":"):  # what leads to a sentence to copy
                message = f"{message} {one.suggestion}"
            yield f"{one.path}:{one.span.line}: {one.code} {one.title}: {message}"
        yield from self.sentences


def take_up(
    project: Project,
    errors: Sequence[Problem],
    inside: Inside | Callable[[Program], Inside],
    words: Mapping[tuple[str, str], bytes],
    *,
    certificate: object = None,
    ends: Collection[str] = (),
    policy: Policy | None = None,
) -> Taken | NotTaken:
    """Return the ``project`` taken up, or why it is not.

    ``errors`` are those that its check found; ``inside`` says who is there, or is asked for it with the new program, and ``words``
    are those of earlier versions.
    ``certificate`` is what its file holds as JSON, None where there is no such file. ``ends`` are journeys that are gone
    and whose people do not finish.
    """
    if errors:
        return NotTaken(errors)
    missed = [one for result in run_scenarios(project) for one in result.problems]
    if missed:
        return NotTaken(sorted(missed, key=lambda one: one.key))
    program = compile_project(project, policy)
    sentences = [*unproved(program, certificate)]
    sentences += (NOT_GONE.format(name=name) for name in ends if name in program.journeys)
    if sentences:
        return NotTaken((), sentences)
    there = inside(program) if callable(inside) else inside
    sentences += with_older(program, project, there, words)
    if not sentences:
        sentences += stranded(program, there)
        sentences += (NOT_PROVED.format(fault=fault) for fault in certify_steps(program))
    return NotTaken((), sentences) if sentences else Taken(project, program, ends)


def unproved(program: Program, certificate: object) -> Iterator[str]:
    """Yield how a program differs from its certificate; nothing where there is none."""
    if certificate is None:
        return
    form: Any = certificate
    try:
        found = differences(form, program)
    except (KeyError, TypeError, AttributeError, ValueError):
        yield NO_CERTIFICATE
        return
    if found:
        yield OTHER.format(why=", ".join(found))


def with_older(
    program: Program, project: Project, inside: Inside, words: Mapping[tuple[str, str], bytes]
) -> Iterator[str]:
    """Let ``program`` hold the earlier versions that somebody is in; yield why it cannot."""
    for name, version in sorted(inside.needed):
        newest = program.journeys.get(name)
        if newest is not None and newest.version == version:
            continue
        told = {"name": name, "version": version, "people": people(inside.of(name, version))}
        own = words.get((name, version))
        if own is None:
            yield NO_WORDS.format(**told)
            continue
        older = OlderVersion(project, Kept.from_bytes(own), program.policy)
        if older.problems:
            yield NAMES_GONE.format(**told, faults="; ".join(faults_of(older.problems)))
        elif older.program is not None:
            take_older(program, project, older)


def faults_of(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what is wrong with the words of an earlier version, each with its line there."""
    for one in problems:
        message = " ".join(one.message.split()).rstrip(".")
        yield f"{one.path}:{one.span.line}: {message} ({one.code})"


def stranded(program: Program, inside: Inside) -> Iterator[str]:
    """Yield where people stand who would move to a version that does not have their step."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (name, version, step), number in sorted(inside.where.items()):
        newest, older = program.journeys.get(name), program.older.get((name, version))
        if newest is None or older is None or not newest.moves:
            continue
        here = older.steps[step]
        there = newest.steps.get(program.targets[name, version].get(step, step))
        if type(there) is not type(here):
            found[name, here.line.removeprefix(program.folder), here.text] += number
    for (name, line, text), number in found.items():
        yield STEP_GONE.format(name=name, line=line, text=text, people=people(number))


def people(number: int) -> str:
    """Return how many people are somewhere, as the beginning of a sentence."""
    return "1 person is" if number == 1 else f"{number} people are"
