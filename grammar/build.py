"""Builds the saved parse table from the grammar and the word tables. Run it with `make table` after a change to either.

Rule of this file: it is the only one that imports lark; everything else works from the saved table.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import Lexer, LexerState
from lark.parsers.lalr_analysis import Shift

from verbline.grammar.table import GRAMMAR, SAVED, checksum, word_files

LITERALS = ("STRING", "DATE", "TIME", "PERCENT", "NUMBER", "CURRENCY", "NAME", "PLACEHOLDER")
SIGNS = {
    "COMMA": ",",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "LPAR": "(",
    "RPAR": ")",
}
OPERATORS = ("PLUS", "MINUS", "STAR", "SLASH")
STARTS = ("line", "condition")
CHOICES = ("agrees", "inflected", "cases", "plural")
HINTS = ("instead", "fillers", "negations", "examples")

ALTERNATIVE = re.compile(
    r"^(?:(?P<rule>\w+):|\s*\|)\s*(?P<body>.*?)(?:\s*->\s*(?P<alias>\w+))?\s*//\s*(?P<parts>.*)$"
)


class NoLexer(Lexer):
    """Stands where lark wants a lexer: our own finds the meanings, with the parser's state in hand."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: LexerState, parser_state: object) -> Any:
        """Never called."""
        raise AssertionError("the table is built, never run, by lark")


def terminals_of(grammar: str) -> list[str]:
    """Return the terminals of ``grammar`` in the order of their first use."""
    plain = re.sub(r"//.*", "", grammar)
    return list(dict.fromkeys(re.findall(r"\b[A-Z][A-Z_]+\b", plain)))


def lark_of(grammar: str, *, strict: bool = True) -> Lark:
    """Return lark's LALR parser for ``grammar``; with ``strict``, a conflict raises GrammarError."""
    declared = f"{grammar}\n%declare {' '.join(terminals_of(grammar))}\n"
    return Lark(declared, parser="lalr", start=list(STARTS), lexer=NoLexer, strict=strict)


def parts_by_alternative(
    grammar: str,
) -> dict[tuple[str, str | None, int], tuple[list[str], list[str]]]:
    """Return (rule, alias, number) -> (symbols in order, names of the parts) as the grammar's comments give them."""
    found: dict[tuple[str, str | None, int], tuple[list[str], list[str]]] = {}
    rule = ""
    for line in grammar.splitlines():
        match = ALTERNATIVE.match(line) if not line.startswith("//") else None
        if match is None:
            continue
        rule = match["rule"] or rule
        symbols = re.findall(r"\w+", match["body"])
        number = sum(1 for known in found if known[:2] == (rule, match["alias"]))
        found[rule, match["alias"], number] = symbols, match["parts"].split()
    return found


def plan_of(rule: Rule, grammar_parts: dict[Any, tuple[list[str], list[str]]]) -> dict[str, Any]:
    """Return how the parser builds the value of ``rule``: its kind, its shape and a slot for each symbol."""
    origin, alias = str(rule.origin.name), rule.alias
    symbols = [symbol.name for symbol in rule.expansion]
    if origin.startswith("__"):
        return {
            "kind": "splice",
            "slots": ["*" if carries(name) or name in OPERATORS else None for name in symbols],
        }
    for (of, called, _number), (body, parts) in grammar_parts.items():
        if (of, called) == (origin, alias):
            slots = slots_of(symbols, body, parts)
            if slots is not None:
                kind = {"^": "pass", "*": "list"}.get(parts[0] if parts else "", "node")
                if kind == "node" and origin.startswith("_"):
                    kind = "merge"
                return {"kind": kind, "shape": alias or origin, "slots": slots}
    raise ValueError(f"no parts are named for {rule}")


def carries(symbol: str) -> bool:
    """Return whether ``symbol`` carries a value without being asked to."""
    return symbol in LITERALS or not symbol.isupper()


def slots_of(symbols: list[str], body: list[str], parts: list[str]) -> list[str | None] | None:
    """Return a slot for each symbol of one expansion, or None when it is no expansion of ``body``.

    A slot is a part's name, ``name*`` for a list, ``*`` for the splice of a loop, ``+`` for parts that are merged,
    ``^`` for the value itself, None for a keyword whose meaning the shape already holds.
    """
    named = name_symbols(body, parts)
    slots: list[str | None] = []
    place = 0
    for symbol in symbols:
        if symbol.startswith("__"):
            slots.append("*")
            continue
        here = next((at for at in range(place, len(named)) if named[at][0] == symbol), None)
        if here is None:
            return None
        slots.append(named[here][1])
        place = here + 1
    return slots


def name_symbols(body: list[str], parts: list[str]) -> list[tuple[str, str | None]]:
    """Return each symbol of ``body`` with its slot."""
    if parts in (["^"], ["*"]):
        mark = parts[0]
        return [(symbol, mark if mark == "^" or carries(symbol) else None) for symbol in body]
    waiting = list(parts)
    named = [(symbol, slot_for(symbol, waiting)) for symbol in body]
    assert not [part for part in waiting if not part.endswith("*") and "*:" not in part], (
        body,
        parts,
    )
    return named


def slot_for(symbol: str, waiting: list[str]) -> str | None:
    """Return the slot of ``symbol`` and take it from ``waiting``."""
    if symbol in ("_due", "_upto", "_purpose", "_topic", "_who", "_given_who"):
        return "+"
    if not waiting:
        return None
    name, _, words = waiting[0].partition(":")
    keywords = words.split("|") if words else []
    if name.endswith("*"):
        return name if carries(symbol) or symbol in keywords else None
    if keywords:
        if symbol not in keywords:
            return None
        if symbol == keywords[-1]:
            waiting.pop(0)
        return name
    if not carries(symbol):
        return None
    waiting.pop(0)
    return name


def in_order(table: Any, number: dict[str, int]) -> list[int]:
    """Return the states in the order in which they are met from the starts, so that each build is the same."""
    met = [table.start_states[start] for start in STARTS]
    for state in met:
        for symbol in sorted(table.states[state], key=number.__getitem__):
            action, target = table.states[state][symbol]
            if action is Shift and target not in met:
                met.append(target)
    return met


def rows_of(table: Any, order: list[int], number: dict[str, int], rules: list[Rule]) -> list[str]:
    """Return each state as one text of numbers: symbol, action, symbol, action.

    The action of a shift is the next state, that of a reduction -1 - rule. A text is read from JSON at once; it is
    taken apart when a line first comes to its state, and most lines come to few.
    """
    rule_at = {rule: at for at, rule in enumerate(rules)}
    state_at = {state: at for at, state in enumerate(order)}
    rows = []
    for state in order:
        row: list[int] = []
        for symbol in sorted(table.states[state], key=number.__getitem__):
            action, target = table.states[state][symbol]
            row += [number[symbol], state_at[target] if action is Shift else -1 - rule_at[target]]
        rows.append(" ".join(map(str, row)))
    return rows


def maker_of(plan: dict[str, Any]) -> str:
    """Return a plan as one text: kind, shape, and each slot that has a name with its place."""
    slots = [f"{at}:{slot}" for at, slot in enumerate(plan["slots"]) if slot]
    return " ".join([plan["kind"], plan.get("shape", "-"), *slots])


def words_of(path: Path) -> dict[str, Any]:
    """Return what a language is read and formatted with: meaning -> forms, spellings only read, data words."""
    table = tomllib.loads(path.read_text("utf-8"))
    table["words"] = {meaning: listed(forms) for meaning, forms in table["words"].items()}
    table["read"] = {meaning: listed(forms) for meaning, forms in table.get("read", {}).items()}
    for section in CHOICES:
        for meaning, forms in table.pop(section, {}).items():
            if section in ("agrees", "inflected"):
                assert meaning not in table["words"], f"{meaning} has its words twice"
                table["words"][meaning] = forms_of(forms)
    for section in HINTS:
        table.pop(section, None)
    return table


def sections_of(path: Path, sections: tuple[str, ...]) -> dict[str, Any]:
    """Return some sections of one word table, which few runs need."""
    table = tomllib.loads(path.read_text("utf-8"))
    return {section: table.get(section, {}) for section in sections}


def forms_of(forms: dict[str, Any]) -> list[str]:
    """Return every form of a word that changes: first the one that stands where no condition holds, or the first case."""
    found = listed(forms.get("else", []))
    for name, value in forms.items():
        if name not in ("gender", "else"):
            found += value.values() if isinstance(value, dict) else listed(value)
    return list(dict.fromkeys(found))


def listed(forms: str | list[str]) -> list[str]:
    """Return one form or several as a list."""
    return [forms] if isinstance(forms, str) else list(forms)


def packed(value: Any) -> str:
    """Return ``value`` as JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def first_words(rules: list[Rule]) -> dict[str, list[str]]:
    """Return shape -> the terminals its sentences can begin with."""
    opening: dict[str, set[str]] = {}
    grown = True
    while grown:
        before = sum(map(len, opening.values()))
        for rule in rules:
            first = rule.expansion[0].name
            opening.setdefault(str(rule.origin.name), set()).update(
                {first} if first.isupper() else opening.get(first, ())
            )
        grown = sum(map(len, opening.values())) > before
    shapes: dict[str, set[str]] = {}
    for rule in rules:
        if rule.origin.name in ("decl", "clause", "step", "casel", "given") and rule.alias:
            first = rule.expansion[0].name
            shapes.setdefault(rule.alias, set()).update(
                {first} if first.isupper() else opening[first]
            )
    return {shape: sorted(words) for shape, words in sorted(shapes.items())}


def build() -> dict[str, Any]:
    """Return the table: symbols, rules, states, words, and the checksum of the files it was made from."""
    grammar = Path(GRAMMAR).read_text("utf-8")
    lark = lark_of(grammar, strict=False)
    table = lark.parser.parser._parse_table
    rules = sorted(
        lark.rules, key=lambda rule: (str(rule.origin.name), [str(one) for one in rule.expansion])
    )
    terminals = ["$END", *terminals_of(grammar)]
    nonterminals = sorted(
        {str(rule.origin.name) for rule in rules} | {f"$root_{start}" for start in STARTS}
    )
    number = {name: at for at, name in enumerate([*terminals, *nonterminals])}
    order = in_order(table, number)
    parts = parts_by_alternative(grammar)
    tables = [Path(path) for path in word_files()]
    return {
        "checksum": checksum(),
        "terminals": terminals,
        "origins": [number[str(rule.origin.name)] for rule in rules],
        "lengths": [len(rule.expansion) for rule in rules],
        "makers": [maker_of(plan_of(rule, parts)) for rule in rules],
        "states": rows_of(table, order, number, rules),
        "start": {name: order.index(table.start_states[name]) for name in STARTS},
        "end": {name: order.index(table.end_states[name]) for name in STARTS},
        "first": first_words(rules),
        "words": {path.stem: packed(words_of(path)) for path in tables},
        "choices": {path.stem: packed(sections_of(path, CHOICES)) for path in tables},
        "hints": {path.stem: packed(sections_of(path, HINTS)) for path in tables},
    }


def main() -> None:
    """Write the table beside the grammar."""
    lines = packed(build())
    Path(SAVED).write_text(lines + "\n", "utf-8")
    print(f"grammar/table.json: {len(lines) // 1024} KiB")


if __name__ == "__main__":
    main()
