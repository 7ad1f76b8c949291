"""Findings as SARIF 2.1.0. Rule: every place counts columns in code points, and the file says so (``columnKind``)."""

from __future__ import annotations

import os

from verbline.cli.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.formats import Report
    from verbline.interpreter.problems import Edit, Problem
    from verbline.interpreter.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "hint": "note"}


def in_sarif(report: Report) -> str:
    """Return one run of the tool with every finding, and every rule that is named."""
    import json

    codes = sorted({problem.code for problem in report.problems})
    run = {
        "tool": {
            "driver": {
                "name": "Verbline",
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": [rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [result(problem, codes.index(problem.code)) for problem in report.problems],
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def rule(code: str) -> dict[str, object]:
    """Return what is said about a rule once: its name, why it is there, its own level."""
    from verbline.interpreter.problems import page

    found = page(code)
    why = found["body"].partition("\n## ")[0].strip()
    return {
        "id": code,
        "name": found["name"],
        "shortDescription": {"text": why.split("\n\n")[0].replace("\n", " ")},
        "help": {"text": why, "markdown": found["body"]},
        "defaultConfiguration": {"level": LEVELS[found["level"]]},
    }


def result(problem: Problem, index: int) -> dict[str, object]:
    """Return one finding; ``index`` is the place of its rule in the list of rules."""
    found: dict[str, object] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": LEVELS[problem.level],
        "message": {"text": message(problem)},
        "locations": [location(problem.path, region(problem.span))],
    }
    if problem.related:
        found["relatedLocations"] = [
            location(path, {"startLine": line}) for path, line in problem.related
        ]
    if problem.edits:
        found["fixes"] = [{"artifactChanges": [change(problem)]}]
    return found


def message(problem: Problem) -> str:
    """Return the message with the sentence to copy below it."""
    suggestion = problem.suggestion
    return f"{problem.message}\n  {suggestion}" if suggestion else problem.message


def change(problem: Problem) -> dict[str, object]:
    """Return the edits of a finding."""
    return {
        "artifactLocation": {"uri": uri(problem.path)},
        "replacements": [replacement(edit) for edit in problem.edits],
    }


def replacement(edit: Edit) -> dict[str, object]:
    """Return one edit."""
    return {"deletedRegion": region(edit.span), "insertedContent": {"text": edit.text}}


def location(path: str, place: dict[str, int]) -> dict[str, object]:
    """Return a place in a file."""
    return {"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": place}}


def region(span: Span) -> dict[str, int]:
    """Return a place; the end is the first column after it, as in SARIF."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def uri(path: str) -> str:
    """Return a path as a reference: relative to where the command ran, or whole for a file elsewhere."""
    from urllib.parse import quote

    quoted = quote(path.replace(os.sep, "/"))
    if not os.path.isabs(path):
        return quoted
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}"
