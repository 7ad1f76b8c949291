"""That somebody is erased. Rule: shown is what the ledger's chain still says, what is gone, and that nobody wrote the chain anew.

The chain keeps that something was said, when and in which order; what was said, by whom and where, was deleted. Which numbers
were a person's nobody can tell any more, so the erasure is found by the instant at which the identity graph forgot them.
"""

from __future__ import annotations

from verbline.interpreter.step.records import instant_text
from verbline.runtime.consent.chain import ERASE
from verbline.runtime.consent.verify import verify
from verbline.runtime.traces.forgetting import PERSONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.consent.verify import Verified
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.words import Words

ERASES = "select seq, at, known, contact, person, hash from entry where act = ? and known >= ? order by seq"  # fmt: skip
# Entries of one person or address, with whether what they said is there still.
LEFT = "select count(*), count(said) from entry where {column} > 0 and {column} = ? and act <> ?"


def proof(case: Case, words: Words) -> dict[str, Any]:
    """Return what shows that the person of a case was erased."""
    numbers = {int(one[1:]) for one in case.ids}
    noted = [one for one in case.identity.store.notes("forget") if one.a in numbers]
    since = min((one.at for one in noted), default=0)
    entries = entries_of(case, since)
    counted = [counts(case, one) for one in entries]
    said, left = sum(one[0] for one in counted), sum(one[1] for one in counted)
    checked = verify(case.ledger)
    named = sorted(names_left(case))
    found: dict[str, Any] = {
        "at": instant_text(since) if noted else None,
        "identifiers": len(case.told["identifiers"]),
        "entries": entries,
        "said": said,
        "still_said": left,
        "chain": {
            "entries": checked.entries,
            "first_bad": checked.bad,
            "why": checked.why or None,
            "last": str(case.ledger.last()),
        },
        "trace": {"records": len(case.rows), "named": named},
    }
    holds = checked.bad is None and not named and not case.told["identifiers"]
    key = "proof-holds" if holds else "proof-fails"
    sentences = [
        words.word(key, who=case.id, at=words.at(since if noted else None)),
        words.word("proof-ledger", said=said, left=left, entries=len(entries)),
        chain_said(case, checked, words),
        words.word("proof-trace", records=len(case.rows), named=len(named)),
    ]
    if found["identifiers"]:
        sentences.append(words.word("proof-held", held=found["identifiers"]))
    return found | {"holds": holds, "sentences": sentences}


def chain_said(case: Case, checked: Verified, words: Words) -> str:
    """Return the sentence on the ledger's chain: that it holds, or where it does not."""
    if checked.bad is not None:
        return words.word("proof-chain-broken", bad=checked.bad)
    return words.word("proof-chain", entries=checked.entries, last=case.ledger.last())


def entries_of(case: Case, since: int) -> list[dict[str, Any]]:
    """Return the entries by which the ledger says that a person and their addresses were erased: those of one instant."""
    rows = case.ledger.connection.execute(ERASES, (ERASE, since)).fetchall()
    first = rows[0][2] if rows else None
    marks = {row[0] for row in case.ledger.connection.execute("select seq from mark")}
    return [
        {
            "seq": seq,
            "at": instant_text(at),
            "recorded": instant_text(known),
            "contact": contact or None,
            "person": person or None,
            "is_known_again": seq in marks,
            "hash": hash_ if isinstance(hash_, str) else bytes(hash_).hex(),
        }
        for seq, at, known, contact, person, hash_ in rows
        if known == first
    ]


def counts(case: Case, entry: dict[str, Any]) -> tuple[int, int]:
    """Return how much was said by the person, or at the address, of an erasure, and how much of it is there still."""
    column = "contact" if entry["contact"] else "person"
    query = LEFT.format(column=column)
    row = case.ledger.connection.execute(query, (entry[column], ERASE)).fetchone()
    return int(row[0]), int(row[1])


def names_left(case: Case) -> set[str]:
    """Return the fields of trace records that still name the person or tell what they said."""
    return {name for row in case.rows for name in row.more if name in PERSONAL}
