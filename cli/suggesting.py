"""The work of `verbline people suggest`. Rule: proposals name people by their ids; nobody is joined here, and nothing is written
but the answer.

A table of pairs, for other tools and from them, has the columns one, other, score, slip, shares, against; of one that is read
only the first two count.
"""

from __future__ import annotations

import csv
import io
import json

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import write_document, write_utf8
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.cli.knowing import Knowledge, Place
    from verbline.runtime.identity.suggest import Proposal, Proposals

COLUMNS = ("one", "other", "score", "slip", "shares", "against")
SLIPS = {
    "nothing": "the same name and birth",
    "first-name": "a slip in the first name",
    "last-name": "a slip in the surname",
    "birth-date": "a slip in the date of birth",
}
LEFT_OUT = {
    "unlikely": "whose score is lower",
    "not_same": "whom somebody has called not the same",
}
AGAINST = {
    "already_one": "they are one already",
    "different_key": "they have two keys of one kind",
    "limit": "together they hold more than one person may",
    "not_same": "somebody has called them not the same",
}


def suggest_people(place: Place, least: int, pairs: str | None, form: str) -> int:
    """Write who may be one person, or what stands against the ``pairs`` of another tool, and return the exit code."""
    from verbline.cli.knowing import knowledge
    from verbline.runtime.identity.suggest import suggested

    # Before the log is read, which may take long.
    stated = None if pairs is None else pairs_in(pairs)
    found = knowledge(place)
    if found is None:
        return 1
    proposals = suggested(found.known.identity, 0 if stated is not None else least)
    if stated is not None:
        write_pairs(list(judged(found, stated, proposals)), form)
    else:
        write(proposals, form)
    return 0


def write(proposals: Proposals, form: str) -> None:
    """Write proposals in the form asked for."""
    if form == "csv":
        write_utf8(table([row(one) for one in proposals.found]))
    elif form == "json":
        told = {
            "format": 1,
            "people": proposals.people,
            "compared": proposals.compared,
            "left_out": dict(sorted(proposals.left_out.items())),
            "proposals": [row(one) for one in proposals.found],
        }
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        write_document("\n".join(lines(proposals)) + "\n")


def row(one: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON and tables have it."""
    return {
        "one": f"P{one.one}",
        "other": f"P{one.other}",
        "score": one.score,
        "slip": one.slip,
        "shares": list(one.shares),
        "against": one.against,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([" ".join(one[name]) if name == "shares" else one[name] for name in COLUMNS] for one in rows)  # fmt: skip
    return text.getvalue()


def lines(proposals: Proposals) -> Iterator[str]:
    """Yield proposals for people."""
    among = f"{counted(proposals.compared, 'person', 'people')} of {proposals.people:,} whose name and birth are known"
    yield f"{counted(len(proposals.found), 'pair')} among {among}"
    for one in proposals.found:
        shares = f", and both have one {' and one '.join(one.shares)}" if one.shares else ""
        against = f"; but {AGAINST[one.against]}" if one.against else ""
        yield f"  {one.score:>2}  P{one.one} P{one.other}  {SLIPS[one.slip]}{shares}{against}"
    for reason, number in sorted(proposals.left_out.items()):
        yield f"{counted(number, 'pair')} left out {LEFT_OUT.get(reason, reason)}"
    if proposals.found:
        yield "Look at both with `verbline people show`, and join them with `verbline people merge`."


# ---------- pairs of another tool ----------


def pairs_in(path: str) -> list[tuple[str, str]]:
    """Return the pairs that a table at ``path`` names; wrong usage where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is no table in UTF-8"
        raise WrongUsageError(f"{readable(path)}: {reason}.") from error
    if rows and [one.strip().casefold() for one in rows[0][:2]] == [*COLUMNS[:2]]:
        rows = rows[1:]
    if any(len(row) < 2 for row in rows):
        raise WrongUsageError(f"{readable(path)}: a row of pairs names two people.")
    return [(row[0].strip(), row[1].strip()) for row in rows]


def judged(
    found: Knowledge, stated: list[tuple[str, str]], proposals: Proposals
) -> Iterator[dict[str, Any]]:
    """Yield what stands against each pair, and what we would say of it ourselves."""
    from verbline.runtime.identity.suggest import obstacle

    own = {(one.one, one.other): one for one in proposals.found}
    for names in stated:
        one, other = (found.number(name) for name in names)
        pair = own.get((min(one, other), max(one, other)))
        against = "already_one" if one == other else obstacle(found.known.identity, one, other)
        yield {
            "one": names[0],
            "other": names[1],
            "score": pair.score if pair is not None else None,
            "slip": pair.slip if pair is not None else "",
            "shares": list(pair.shares) if pair is not None else [],
            "against": against,
        }


def write_pairs(rows: list[dict[str, Any]], form: str) -> None:
    """Write what stands against pairs in the form asked for."""
    if form == "csv":
        write_utf8(table([{**one, "score": "" if one["score"] is None else one["score"]} for one in rows]))  # fmt: skip
        return
    if form == "json":
        write_utf8(json.dumps({"format": 1, "pairs": rows}, ensure_ascii=False, indent=1) + "\n")
        return
    told = [counted(len(rows), "pair")]
    for one in rows:
        ours = f", {SLIPS[one['slip']]} ({one['score']})" if one["slip"] else ""
        told.append(f"  {one['one']} {one['other']}  {AGAINST.get(one['against'], 'nothing against it')}{ours}")  # fmt: skip
    write_document("\n".join(told) + "\n")
