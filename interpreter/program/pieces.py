"""The source of a compiled condition, piece by piece. Rule: no text of an author ever stands in it.

A piece gives an expression of Python over ``turn``. Names, texts and values of the author are objects of the namespace,
bound to names of our own making, so nothing that an author writes can become code.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from verbline.interpreter.step.turn import Turn

# What a piece may use besides its constants, and what it costs to have it; each is looked up once, where it is used.
LOCALS = {
    "person": "turn.person",
    "values": "turn.person.values",
    "fields": "turn.fields",
    "now": "turn.now",
    "zone": "turn.zone",
}
# What is used no oftener than this is looked up where it is used.
SELDOM = 2
# Expressions deeper than this go into a function of their own: Python reads some hundred levels at most.
DEPTH_MAX = 12


class Writer:
    """The source being written: its constants by name, and the functions that deep expressions have become."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.functions: list[str] = []
        self.temporary = 0
        self.used: set[str] = set()

    def constant(self, value: Any) -> str:
        """Return the name under which the source sees ``value``."""
        name = self.names.get(id(value))
        if name is None:
            name = self.names[id(value)] = f"K{len(self.namespace)}"
            self.namespace[name] = value
        return name

    def variable(self) -> str:
        """Return a variable that nothing else uses."""
        self.temporary += 1
        return f"v{self.temporary}"

    def use(self, name: str) -> str:
        """Return the local ``name`` of `LOCALS`, which will be there."""
        self.used.add(name)
        return name

    def apart(self, piece: Piece) -> str:
        """Return a call to a function of its own for ``piece``."""
        outside, self.used = self.used, set()
        call = self.wrapped(piece.code(self))
        self.used = outside
        return call

    def wrapped(self, body: str) -> str:
        """Return a call to a function that gives back ``body``, with the locals used so far, which are forgotten."""
        name = f"part{len(self.functions)}"
        self.functions.append(self.function(name, body))
        self.used = set()
        return f"{name}(turn)"

    def function(self, name: str, body: str) -> str:
        """Return a function that gives back the expression ``body``."""
        lines = []
        for local, found in LOCALS.items():
            if local in self.used:
                word = re.compile(rf"\b{local}\b")
                if len(word.findall(body)) <= SELDOM:
                    # Perhaps an earlier term decides, and then it is not looked up at all.
                    body = word.sub(found, body)
                else:
                    lines.append(f"    {local} = {found}")
        return "\n".join([f"def {name}(turn):", *lines, f"    return {body}", ""])

    def write(self, piece: Piece, name: str) -> Callable[[Turn], Any]:
        """Return ``piece`` as a function of a turn."""
        main = self.function(name, piece.code(self))
        source = "\n".join([*self.functions, main])
        exec(compile(source, f"<{name}>", "exec"), self.namespace)  # noqa: S102 - only names of our own stand in it
        made: Callable[[Turn], Any] = self.namespace[name]
        return made


class Piece:
    """Something that can be worked out in a turn.

    ``timed`` tells whether time alone can change it, ``sure`` that it is never unknown, ``depth`` how deep its expression
    is.
    """

    __slots__ = ("_made", "depth", "sure", "timed")

    def __init__(self, *, timed: bool = False, sure: bool = False, depth: int = 1) -> None:
        self.timed = timed
        self.sure = sure
        self.depth = depth
        self._made: Callable[[Turn], Any] | None = None

    def code(self, writer: Writer) -> str:
        """Return an expression that works it out; it may be put into any other."""
        bound, _again, test = self.split(writer)
        return f"(None if {bound} else {test})" if bound else f"({test})"

    def split(self, writer: Writer) -> tuple[str, str, str]:
        """Return three expressions for a condition: whether it is unknown, the same asked again, and the answer if known.

        The first one binds the variables that the other two read. The first two are empty where it is never unknown. A
        piece has to give its `code` or its `split`.
        """
        if self.sure:
            return "", "", self.code(writer)
        variable = writer.variable()
        return f"({variable} := {self.inside(writer)}) is None", f"{variable} is None", variable

    def inside(self, writer: Writer) -> str:
        """Return its expression, or a call where that would be too deep."""
        return writer.apart(self) if self.depth > DEPTH_MAX else self.code(writer)

    def of(self, turn: Turn) -> Any:
        """Return what it comes to in ``turn``."""
        if self._made is None:
            self._made = Writer().write(self, "of")
        return self._made(turn)

    def at(self, turn: Turn, now: int) -> Any:
        """Return what it would come to in ``turn`` at another instant."""
        before, turn.now = turn.now, now
        try:
            return self.of(turn)
        finally:
            turn.now = before

    def change(self, turn: Turn) -> int | None:
        """Return the earliest instant after now at which time alone may change it; None where it never does."""
        assert not self.timed, f"{type(self).__name__} has to say when it changes"
        return None


def earliest(instants: list[int | None]) -> int | None:
    """Return the first of some instants; None where there is none."""
    return min((at for at in instants if at is not None), default=None)
