"""The code that raises findings and the pages that word them agree."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.pages import CODE, PARTS, placeholders, wordings
from tests.tree import python_files, short
from verbline.interpreter.problems import codes

FOLDERS = ("interpreter/", "cli/", "runtime/settings/")


def sources() -> list[Path]:
    """Return the Python files that may raise findings."""
    return [path for path in python_files() if short(path).startswith(FOLDERS)]


def raised() -> dict[str, list[str]]:
    """Return every code that stands in our own Python files, with the files."""
    found: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CODE.fullmatch(text):
                found.setdefault(text, []).append(short(path))
    return found


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    """A problem nobody can look up, or a page nobody can reach, does not ship."""
    found = raised()
    assert {code: where for code, where in found.items() if code not in codes()} == {}
    assert sorted(set(codes()) - set(found)) == []


class Call:
    """A place in our code that raises a finding: its code, the variants it may pick, the values it fills in."""

    def __init__(self, where: str, code: str, variants: set[str], values: set[str]) -> None:
        self.where = where
        self.code = code
        self.variants = variants
        self.values = values


def constants(node: ast.expr | None) -> set[str] | None:
    """Return the texts that an expression can be, None where that cannot be seen."""
    if node is None:
        return {""}
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        first, second = constants(node.body), constants(node.orelse)
        return first | second if first is not None and second is not None else None
    return None


# Arguments of `View.problem` and `File.report` that are no values of a message.
OWN = {"variant", "suggestion", "edits", "related", "span", "part"}


def calls() -> Iterator[Call]:
    """Yield the calls whose code and values can be read from the text."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from call_of(node, short(path))


def call_of(node: ast.Call, where: str) -> Iterator[Call]:
    """Yield what one call raises, if it does."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name not in ("problem", "report") or not node.args:
        return
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    spread = None in keywords or any(isinstance(one, ast.Starred) for one in node.args)
    found = constants(node.args[0])
    variant = keywords.get("variant")
    if name == "report" and len(node.args) > 2:
        variant = node.args[2]
    variants = constants(variant)
    if found is None or variants is None or spread:
        return
    for code in found:
        if CODE.fullmatch(code):
            values = {str(key) for key in keywords} - OWN
            yield Call(f"{where}:{node.lineno}", code, variants, values)


def test_messages_and_code_agree_on_their_values() -> None:
    """Each wording shows only what the code that picks it fills in, and nothing is filled in that no wording shows."""
    seen = list(calls())
    assert len(seen) > 20, "the places that raise findings were not found"
    wrong = []
    for call in seen:
        shown: set[str] = set()
        for part in PARTS:
            found = wordings(call.code, part)
            for variant in call.variants:
                if variant not in found and part == "message":
                    wrong.append(f"{call.where}: {call.code} has no wording {variant!r}")
                for text in found.get(variant, {}).values():
                    shown |= placeholders(text)
        if not shown <= call.values:
            wrong.append(f"{call.where}: {call.code} shows {sorted(shown - call.values)}")
        every = {
            name
            for part in PARTS
            for wording in wordings(call.code, part).values()
            for text in wording.values()
            for name in placeholders(text)
        }
        if not call.values <= every:
            wrong.append(f"{call.where}: {call.code} fills in {sorted(call.values - every)}")
    assert wrong == []
