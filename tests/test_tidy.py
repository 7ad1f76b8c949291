"""The habits that STYLE.md asks for and a program can see. Docstrings are left to ruff (D1)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.tree import ROOT, files, python_files, short

LIMITS = {"file": 300, "function": 40, "nesting": 4}
FILE_LINES_MAX = 400
DEEPER = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)
VAGUE = re.compile(r"manager|processor|handler|helper|utils?(?![a-z])", re.IGNORECASE)
NAMED = re.compile(r"^\s*(?:async )?(?:def|class) (\w+)", re.MULTILINE)
NOTES = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b")
TEXTS = {".py", ".md", ".toml", ".lark", ".journey", ".txt", ".yml", ""}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(node: ast.AST, outer: str = "") -> Iterator[tuple[str, Function]]:
    """Yield each function under ``node`` with the names that lead to it."""
    for child in ast.iter_child_nodes(node):
        name = outer
        if isinstance(child, Function | ast.ClassDef):
            name = f"{outer}.{child.name}".lstrip(".")
        if isinstance(child, Function):
            yield name, child
        yield from functions(child, name)


def length(function: Function) -> int:
    """Return the lines of ``function`` from its name to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST) -> int:
    """Return how many blocks stand inside each other under ``node``; an ``elif`` is no deeper."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        own = isinstance(child, DEEPER) and not is_elif(node, child)
        deepest = max(deepest, own + depth(child))
    return deepest


def is_elif(node: ast.AST, child: ast.AST) -> bool:
    """Return whether ``child`` continues the ``if`` that ``node`` is."""
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


def measures(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield (what, where, size) for ``path`` and for each function in it."""
    text = path.read_text("utf-8")
    yield "file", short(path), len(text.splitlines())
    for name, function in functions(ast.parse(text)):
        yield "function", f"{short(path)}:{name}", length(function)
        yield "nesting", f"{short(path)}:{name}", depth(function)


@cache
def too_large() -> dict[tuple[str, str], int]:
    """Return the size of everything that is over its limit."""
    found: dict[tuple[str, str], int] = {}
    for path in python_files():
        for what, where, size in measures(path):
            # Two functions may bear one name (overloads): the larger counts.
            if size > max(LIMITS[what], found.get((what, where), 0)):
                found[what, where] = size
    return found


def exceptions() -> dict[tuple[str, str], int]:
    """Return what tests/tidy.toml allows; each entry says why."""
    table = tomllib.loads((ROOT / "tests" / "tidy.toml").read_text("utf-8"))
    entries = table.get("exception", [])
    assert all(entry["reason"] for entry in entries)
    allowed = {(entry["what"], entry["where"]): entry["allowed"] for entry in entries}
    assert len(allowed) == len(entries), "an exception stands there twice"
    return allowed


def test_nothing_outgrows_its_limit() -> None:
    """Files, functions and nesting stay within their limits or within their exception."""
    allowed = exceptions()
    over = {key: size for key, size in too_large().items() if size > allowed.get(key, 0)}
    assert over == {}


def test_exceptions_only_shrink() -> None:
    """An exception that nothing needs any more has to go."""
    assert set(exceptions()) - set(too_large()) == set()


def test_no_exception_lifts_the_last_limit() -> None:
    """No file is longer than 400 lines, whatever the reason."""
    files_allowed = {where: size for (what, where), size in exceptions().items() if what == "file"}
    assert {where: size for where, size in files_allowed.items() if size > FILE_LINES_MAX} == {}


def test_names_say_what_a_thing_is() -> None:
    """No name of ours is made of a word that fits everything."""
    found = {
        f"{short(path)}: {name}"
        for path in python_files()
        for name in (path.stem, *NAMED.findall(path.read_text("utf-8")))
        if VAGUE.search(name)
    }
    assert found == set()


def test_no_note_to_self_is_left() -> None:
    """What is still to be done stands in an issue, not in a file."""
    texts = [path for path in files(".") if path.suffix in TEXTS]
    assert len(texts) > len(python_files())
    noted = [short(path) for path in texts if NOTES.search(path.read_text("utf-8", "replace"))]
    assert noted == []


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("x = 1", 0),
        ("if a:\n if b:\n  pass", 2),
        ("if a:\n pass\nelif b:\n pass\nelif c:\n for d in e:\n  pass", 2),
        ("match a:\n case 1:\n  if b:\n   pass", 2),
        ("def f():\n if a:\n  pass", 0),
    ],
)
def test_depth_counts_blocks(source: str, levels: int) -> None:
    """Blocks inside blocks count, an ``elif`` and a function of its own do not."""
    assert depth(ast.parse(source)) == levels
