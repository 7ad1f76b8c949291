"""The certificate of a project: every message passes the guard, and the guard refuses what it must.

Three things are looked at. Every way of every journey is walked, so that no step that writes is missed. Every step that
writes is tried on people to whom nothing may be sent: whoever is erased, and whoever is in dispute. And the guard itself is
asked about every combination of purpose, country, record and address. What comes of it is bound to the versions of the
journeys, to the country table and to the code of the guard: where one of them changes, the certificate no longer matches.
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib import resources

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.proof import prove as prove_guard
from verbline.interpreter.outcomes import WRITES
from verbline.interpreter.person.record import Contact, Person, Run, Visit, put
from verbline.interpreter.program.dump import guard_form
from verbline.interpreter.step.sending import Sending
from verbline.interpreter.step.stretch import alone
from verbline.interpreter.step.turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step

FORMAT = 1
# The code on which the claim rests, beside the guard's own package.
SENDING_CODE = ("asking.py", "confirming.py", "letters.py", "questions.py", "sending.py", "spelled.py", "spelling.py", "stretch.py")  # fmt: skip
# Nothing but a task or words inside the company leaves without these.
NOT_SENT = frozenset(("refused", "held", "stale", "failed"))


class Certificate:
    """What was looked at and found. ``faults`` say why there is no certificate; none where all is well."""

    __slots__ = ("faults", "form")

    def __init__(self, form: dict[str, Any], faults: list[str]) -> None:
        self.form = form
        self.faults = faults


def certify(program: Program) -> Certificate:
    """Return the certificate of a program."""
    faults: list[str] = []
    journeys = [certified(program, one, faults) for one in program.journeys.values()]
    for older in program.older.values():
        faults += unguarded(program, older, walked(older)[0].values())
    proof = prove_guard(program.policy)
    if proof.counterexample:
        faults.append(f"the guard: {proof.counterexample}")
    form: dict[str, Any] = {
        "format": FORMAT,
        "program": program.version,
        "policy": {"version": program.policy.version, "hash": program.policy.hash},
        "guard": {
            "code": code_hash(),
            "cases": proof.cases,
            "countries": len(program.policy.countries),
        },
        "journeys": journeys,
    }
    form["hash"] = seal(form)
    return Certificate(form, faults)


def certify_steps(program: Program) -> Iterator[str]:
    """Yield which steps of a program, of all versions that it holds, write to a person without the guard.

    What a purpose covers may have become less since an earlier version: the guard says no to the rest.
    """
    for journey in program.versions:
        yield from unguarded(program, journey, walked(journey)[0].values())


def seal(form: dict[str, Any]) -> str:
    """Return the hash of a certificate, without the one that it bears."""
    told = {name: value for name, value in form.items() if name != "hash"}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def code_hash() -> str:
    """Return the hash of the code that decides about messages and sends them."""
    package = resources.files("verbline.interpreter")
    guard = package.joinpath("guard")
    files = sorted(
        (one for one in guard.iterdir() if one.name.endswith((".py", ".toml"))),
        key=lambda one: one.name,
    )
    files += [package.joinpath("step", name) for name in SENDING_CODE]
    digest = sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def certified(program: Program, journey: Journey, faults: list[str]) -> dict[str, Any]:
    """Return what the certificate says about one journey, and add what is wrong with it to ``faults``."""
    met, ways = walked(journey)
    missed = [one for name, one in journey.steps.items() if name not in met]
    sends = [one for one in met.values() if isinstance(one, Sending)]
    faults += unguarded(program, journey, met.values())
    for step in sends:
        faults += (f"{step.line}: {fault}" for fault in uncovered(step))
    return {
        "name": journey.name,
        "version": journey.version,
        "line": journey.line.removeprefix(program.folder),
        "steps": len(met),
        "ways": ways,
        "never_reached": [one.line.removeprefix(program.folder) for one in missed],
        "sends": [
            {
                "step": step.id,
                "line": step.line.removeprefix(program.folder),
                "text": step.text,
                **guard_form(step),
            }
            for step in sorted(sends, key=lambda one: (place(one), one.id))
        ],
    }


def unguarded(program: Program, journey: Journey, steps: Iterable[Step]) -> Iterator[str]:
    """Yield which of ``steps`` write to a person without the guard."""
    for one in steps:
        if isinstance(one, Sending):
            yield from (f"{one.line}: {fault}" for fault in tried(program, journey, one))
        elif one.shape in WRITES:
            yield f"{one.line}: it writes to a person and never asks the guard"


def place(step: Step) -> tuple[str, int]:
    """Return file and line of a step, to put steps in order."""
    file, _, number = step.line.rpartition(":")
    return file, int(number)


def walked(journey: Journey) -> tuple[dict[str, Step], int]:
    """Return the steps that can be reached from the first, by identity, and how many ways lead from one to another."""
    met: dict[str, Step] = {}
    left = [journey.first]
    ways = 0
    while left:
        step = left.pop()
        if step is None or step.id in met:
            continue
        met[step.id] = step
        following = list(step.branches().values())
        ways += len(following)
        left += following
    return met, ways


def uncovered(step: Sending) -> Iterator[str]:
    """Yield what the purpose of a step that writes does not cover."""
    if not step.channels:
        yield "a message without a channel"
    for channel in step.channels:
        if channel not in step.purpose.channels:
            yield f'"{step.purpose.name}" does not cover {channel}'


def tried(program: Program, journey: Journey, step: Sending) -> Iterator[str]:
    """Yield what is wrong with a step that writes, tried on people to whom nothing may be sent."""
    for name, person in forbidden(step):
        told = [
            verdict
            for verdict in verdicts(program, journey, step, person)
            if verdict not in NOT_SENT
        ]
        if told:
            yield f"a message leaves to somebody who is {name}"


def forbidden(step: Sending) -> Iterator[tuple[str, Person]]:
    """Yield people to whom nothing may be sent, though they have an address for every channel of ``step``."""
    for name in ("erased", "disputed"):
        person = Person("P0")
        setattr(person, name, True)
        for kind in sorted({KIND_OF_CHANNEL[channel] for channel in step.channels}):
            person.contacts.append(Contact(kind, "somebody", 0, verified=True))
        yield name, person


def verdicts(program: Program, journey: Journey, step: Sending, person: Person) -> list[str]:
    """Return what becomes of the step's message for ``person``."""
    found: list[str] = []

    def note(_turn: Any, _journey: Any, _visit: Any, _step: Any, kind: str, verdict: str, *_told: Any) -> None:  # fmt: skip
        if kind == "message":
            found.append(verdict)

    turn = Turn(program, note)
    in_one_go = alone(program, journey, step)
    turn.begin(person, 0, ("", ""), 0)
    visit = Visit(person.id, journey.name, journey.version, "", 1, person.next_serial())
    visit.step = step
    person.visits.append(visit)
    turn.visit, turn.fields = visit, visit.fields
    step.attempt(turn, visit, None, "a trial")
    if in_one_go is not None:
        # The same step as one function has it.
        put(person, "runs", (journey.name, ""), Run(1))
        in_one_go(turn, visit)
    return found


def differences(form: dict[str, Any], program: Program) -> list[str]:
    """Return why a certificate does not match a program; nothing where it does, so that `run` may take it up."""
    if form.get("hash") != seal(form):
        return ["the certificate was changed by hand"]
    found = []
    if form["policy"]["hash"] != program.policy.hash:
        found.append("the country table is another one")
    if form["guard"]["code"] != code_hash():
        found.append("the guard is another version")
    before = {one["name"]: one["version"] for one in form["journeys"]}
    now = {one.name: one.version for one in program.journeys.values()}
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            found.append(f'the journey "{name}" is gone')
        elif name not in before:
            found.append(f'the journey "{name}" is new')
        elif before[name] != now[name]:
            found.append(f'the journey "{name}" has changed')
    if not found and form["program"] != program.version:
        found.append("the project is another version")
    return found
