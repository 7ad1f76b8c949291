"""`verbline rules`. Rule: everything shown stands in the pages of the codes; nothing is said twice."""

from __future__ import annotations

import click

from verbline.cli.output import write, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FAMILIES = {
    "O": "Ownership and goals",
    "C": "Purpose and consent",
    "F": "Flow and time",
    "M": "Messages and words",
    "I": "Identity, capture, data",
    "X": "Experiments and offers",
    "T7": "Scenarios",
    "S8": "Style and structure",
    "S0": "Sentences",
    "N": "Names",
    "V": "Values",
    "P": "Files and settings",
    "T9": "Results of scenarios",
}
FIXES = {"safe": "--fix mends it", "offer": "offers a sentence", "none": ""}


@click.command(short_help="Show what a rule asks for, and why.")
@click.argument("code", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("pretty", "json", "markdown")),
    default="pretty",
    show_default=True,
    help="How the rules are written.",
)
def rules(code: str | None, form: str) -> None:
    """Show what a rule asks for, and why.

    CODE is a rule's code or name, such as F304 or wait-without-limit; without it all rules are listed.
    """
    from verbline.interpreter.problems import codes, page

    if code is None:
        pages = [page(one) for one in codes()]
        pages.sort(key=lambda one: (list(FAMILIES).index(family(one["code"])), one["code"]))
        write_list(pages, form)
        return
    found = page(known_code(code))
    if form == "json":
        write_json({"format": 1, "rule": rule(found, whole=True)})
    elif form == "markdown":
        write_utf8(f"# {found['code']} {found['name']}\n\n{found['body']}\n")
    else:
        write(page_text(found))


def family(code: str) -> str:
    """Return the beginning of ``code`` that names its family."""
    return code[:2] if code[:2] in FAMILIES else code[0]


def known_code(wanted: str) -> str:
    """Return the code that ``wanted`` is or names; wrong usage where there is none."""
    from verbline.interpreter.nearness import nearest
    from verbline.interpreter.problems import codes, page

    by_name = {str(page(code)["name"]): code for code in codes()}
    if wanted.upper() in codes():
        return wanted.upper()
    if wanted.lower() in by_name:
        return by_name[wanted.lower()]
    near = nearest(wanted, (*codes(), *by_name))
    hint = f' Did you mean "{near}"?' if near else ""
    raise click.UsageError(f'There is no rule "{wanted}".{hint} All rules: verbline rules')


def write_list(pages: list[Mapping[str, Any]], form: str) -> None:
    """Write every rule, family by family."""
    if form == "json":
        write_json({"format": 1, "rules": [rule(one, whole=False) for one in pages]})
        return
    lines: list[str] = []
    last = ""
    for one in pages:
        if family(one["code"]) != last:
            last = family(one["code"])
            lines += [*([""] if lines else []), *title(FAMILIES[last], form)]
        lines.append(row(one, form))
    (write_utf8 if form == "markdown" else write)("\n".join(lines) + "\n")


def title(name: str, form: str) -> list[str]:
    """Return the lines above a family."""
    if form == "markdown":
        return [f"## {name}", "", "| Code | Name | Level | Fix |", "| --- | --- | --- | --- |"]
    return [name]


def row(one: Mapping[str, Any], form: str) -> str:
    """Return the line of one rule."""
    fix = FIXES[one["fix"]]
    level = f"{one['level']}{', locked' if one.get('locked') else ''}"
    if form == "markdown":
        return f"| {one['code']} | {one['name']} | {level} | {fix} |"
    return f"  {one['code']}  {one['name']:<32} {level:<16} {fix}".rstrip()


def rule(one: Mapping[str, Any], *, whole: bool) -> dict[str, object]:
    """Return a rule for programs; ``whole`` adds its page and its messages."""
    why = one["body"].partition("\n## ")[0].strip()
    told: dict[str, object] = {key: one[key] for key in ("code", "name", "level", "fix", "since")}
    told |= {
        "locked": bool(one.get("locked")),
        "family": FAMILIES[family(one["code"])],
        "why": " ".join(why.split()),
    }
    if whole:
        told |= {"message": one["message"], "page": one["body"]}
    return told


def write_json(whole: dict[str, object]) -> None:
    """Write one JSON object."""
    import json

    write_utf8(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def page_text(one: Mapping[str, Any]) -> str:
    """Return a page for a reader at a terminal: the examples indented, without the signs of Markdown."""
    lines = [f"{one['code']}  {one['name']}", about(one), ""]
    inside = False
    for line in one["body"].split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        else:
            lines += [""] if line.startswith("## ") and lines[-1] else []
            lines.append(line.removeprefix("## "))
    return "\n".join(lines).rstrip() + "\n"


def about(one: Mapping[str, Any]) -> str:
    """Return what can be said about a rule in a line: its level, and whether it can be lowered or mended."""
    parts = [one["level"]]
    if one.get("locked"):
        parts.append("locked: a project may raise it, never lower it")
    if one["fix"] != "none":
        parts.append(FIXES[one["fix"]])
    return "; ".join(parts)
