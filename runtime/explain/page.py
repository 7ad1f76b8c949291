"""One person explained, as one page. Rule: it holds all that it shows, asks nobody for anything, and no text in it becomes markup.

Its policy lets nothing be loaded and nothing run; the style sheet in it is named by its hash.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib import resources

from verbline.runtime.explain.rows import instant
from verbline.runtime.pictures.svg import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.runtime.explain.path import Path
    from verbline.runtime.explain.words import Words

KEPT = frozenset({"refused", "held", "stale", "withdrawn", "failed", "not admitted", "ignored"})


def page(told: Mapping[str, Any], words: Words, paths: Sequence[Path]) -> str:
    """Return the page of what explains a person, with the paths through their journeys."""
    style = resources.files("verbline.runtime.explain").joinpath("page.css").read_text("utf-8")
    print_of_style = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{print_of_style}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(body_of(told, words, paths))
    return (
        f'<!doctype html>\n<html lang="{shown(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown(told['person'])}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def body_of(told: Mapping[str, Any], words: Words, paths: Sequence[Path]) -> Iterator[str]:
    """Yield what the page shows, from its top."""
    yield from head(told, words)
    yield "<main>"
    for one in told.get("answers", ()):
        yield from answered(one, words)
        yield from beside(one["records"], paths)
    if "visits" in told:
        yield from drawn(told["visits"], words, paths)
        yield f"<h2>{shown(words.word('head-happened'))}</h2>"
        yield from timeline(told["timeline"], words)
    yield "</main>"


def head(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield who it is, and by what that is known."""
    identity = told["identity"]
    yield f"<header>\n<h1>{shown(identity['said'])}</h1>\n<ul>"
    for one in (*identity["identifiers"], *identity["no_longer"]):
        yield f"<li>{shown(one['said'])}</li>"
    yield "</ul>"
    for said in told.get("erasure", {}).get("sentences", ()):
        yield f"<p>{shown(said)}</p>"
    if told["until"]:
        until = words.word("told-until", at=words.at(instant(told["until"])))
        yield f'<p class="soft">{shown(until)}</p>'
    yield "</header>"


def drawn(
    visits: Sequence[Mapping[str, Any]], words: Words, paths: Sequence[Path]
) -> Iterator[str]:
    """Yield where the visits stand or ended, each with its path, the latest open."""
    if not visits:
        return
    pictures = {path.visit: path.svg for path in paths}
    yield f"<h2>{shown(words.word('head-stands'))}</h2>"
    for number, one in enumerate(reversed(visits)):
        said = f"{one['said']} · {words.word('version', version=one['version'])}"
        svg = pictures.get(one["visit"])
        if svg is None:
            yield f"<p>{shown(said)}</p>"
            continue
        is_open = " open" if number == 0 else ""
        yield f"<details{is_open}><summary>{shown(said)}</summary><figure>{svg}</figure></details>"


def beside(records: Sequence[Mapping[str, Any]], paths: Sequence[Path]) -> Iterator[str]:
    """Yield the paths of the visits that some records belong to, each once."""
    visits = {one["record"].get("visit", "") for one in records}
    for path in paths:
        if path.visit in visits:
            yield f"<details open><summary>{shown(path.journey)}</summary><figure>{path.svg}</figure></details>"


def timeline(entries: Sequence[Mapping[str, Any]], words: Words) -> Iterator[str]:
    """Yield what happened, an entry after the other; the time stands where it changes."""
    yield '<ol class="time">'
    at = ""
    for one in entries:
        same = ' class="same"' if one["at"] == at else ""
        when = "" if one["at"] == at else when_of(one["at"], words)
        at = one["at"]
        yield f"<li{same}><div>{when}</div><div>"
        if one["what"] == "record":
            yield from record(one, words)
        else:
            yield shown(one["said"])
        yield "</div></li>"
    yield "</ol>"


def when_of(text: str, words: Words) -> str:
    """Return an instant as the clock on the wall shows it."""
    return f'<time datetime="{shown(text)}">{shown(words.at(instant(text)))}</time>'


def record(one: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield a record: the line, what came of it, why, and what it rests on."""
    row = one["record"]
    is_kept = row["verdict"] in KEPT and row["kind"] != "wait"
    kind = "kept" if is_kept else "sent" if row["verdict"] == "sent" else ""
    yield f'<div class="record {kind}">'
    name = row.get("journey", "")
    yield f'<div class="soft">{shown(" · ".join(part for part in (name, one["line"]) if part))}</div>'
    if one["line"]:
        yield f'<div class="sentence">{shown(one["sentence"] or words.word("text-gone"))}</div>'
    yield f'<p class="said">{shown(one["said"])}</p>'
    yield f'<div class="soft">{shown(one["trigger"]["said"])}</div>'
    items = [item["said"] for item in one["evidence"] if item.get("line") != one["line"]]
    if items:
        yield f"<ul>{''.join(f'<li>{shown(said)}</li>' for said in items)}</ul>"
    if "left" in one:
        yield f'<div class="soft">{shown(one["left"]["said"])}</div>'
    later = [one["differs"]["said"]] if "differs" in one else []
    later += [words.word("came-later", said=item["said"]) for item in one.get("came_later", ())]
    for said in later:
        yield f'<p class="later">{shown(said)}</p>'
    yield "</div>"


def answered(one: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield the answer about one message, with the records that it rests on."""
    key = "why-head" if one["asked"] == "why" else "why-not-head"
    yield f'<section class="answer"><h3>{shown(words.word(key, message=one["message"]))}</h3>'
    for said in one["said"]:
        yield f"<p>{shown(said)}</p>"
    yield "</section>"
    yield from timeline(one["records"], words)
