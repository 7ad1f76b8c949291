"""The work of `verbline consent erase`. Rule: first it is known what there is of somebody, then it is taken out, everywhere."""

from __future__ import annotations

import json

from verbline.cli import WrongUsageError
from verbline.cli.consenting import say, told_by
from verbline.cli.knowing import Knowledge, Place, knowledge, number_of
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.consent.erasure import Erasing
    from verbline.runtime.consent.overwriting import Line


class Wish:
    """How somebody is to be erased: by whom, whether the log is overwritten, and whether it is only told what would be done."""

    __slots__ = ("by", "form", "is_trial", "overwrites")

    def __init__(self, by: str | None, form: str, *, overwrites: bool, is_trial: bool) -> None:
        self.by = by
        self.form = form
        self.overwrites = overwrites
        self.is_trial = is_trial


def erase(place: Place, person: str, wish: Wish) -> int:
    """Erase somebody, write what was done, and return the exit code; 1 where a legal hold keeps everything."""
    from verbline.runtime.consent.erasure import addresses
    from verbline.runtime.consent.keys import mark_of
    from verbline.runtime.consent.notes import is_held
    from verbline.runtime.own import own_event

    found = knowledge(place)
    number = found and number_of(found, person)
    if not found or not number:
        return 1
    ledger = found.known.ledger
    if ledger.key is None:
        raise WrongUsageError(
            "Erasing needs the key by which the addresses are known afterwards: VERBLINE_CONSENT_KEY or VERBLINE_CONSENT_KEY_FILE."
        )
    wanted = erasing(found, number)
    theirs = addresses(ledger, wanted)
    held = any(is_held(ledger, one) for one in wanted.people)
    alone = [one for one, is_shared in theirs.items() if not is_shared and not held]
    lines = [] if held else lines_of(place, wanted.people, words_of(alone))
    told = {
        "format": 1, "person": wanted.people[0], "held": held, "events": len(ledger.said(wanted.people)),
        "addresses": len(alone), "shared": len(theirs) - len(alone), "lines": listed(lines, theirs=True),
        "mentions": listed(lines, theirs=False), "overwritten": wish.overwrites and not wish.is_trial and not held,
        "dry_run": wish.is_trial,
    }  # fmt: skip
    if not wish.is_trial:
        marks = [mark_of(ledger.key, one).hex() for one in alone]
        data = {"person": wanted.people[0], "by": told_by(wish.by), "marks": marks}
        ledger.close()
        gone = [one for one in lines if one.theirs] if wish.overwrites else []
        said(place, own_event("verbline.person.erased", found.now, data), gone, found.now)
        take_out(place)
    write(told, wish.form)
    return 1 if held else 0


def erasing(found: Knowledge, number: int) -> Erasing:
    """Return who is erased, with all ids and addresses."""
    from verbline.runtime.consent.erasure import Erasing

    known = found.known
    contacts = known.contacts(number)
    shared = [":".join(one) for one in contacts if len(known.identity.holders(*one)) > 1]
    return Erasing(known.names(number), [":".join(one) for one in contacts], shared)


def words_of(addresses: Sequence[str]) -> list[str]:
    """Return what a line mentions that mentions one of ``addresses``."""
    return [one.partition(":")[2] for one in addresses]


def lines_of(place: Place, people: Sequence[str], words: Sequence[str]) -> list[Line]:
    """Return the lines of the log that are about ``people``, or mention ``words``."""
    from verbline.runtime.consent.overwriting import Search

    search = Search([int(one[1:]) for one in people], words)
    whole = Place(place.project, str(place.log), None)
    if knowledge(whole, search.met) is None:
        return []
    return list(search.lines(place.log))


def said(place: Place, event: dict[str, Any], gone: Sequence[Line], at: int) -> None:
    """Say that somebody is erased, and overwrite the lines that are ``gone``; first it is said how their files are known then."""
    from verbline.runtime.consent.overwriting import announced, overwrite
    from verbline.runtime.lines import LogError

    try:
        say(place, [event, *announced(gone, at)])
        overwrite(gone)
    except LogError as error:
        raise WrongUsageError(str(error)) from error


def take_out(place: Place) -> None:
    """Let the file that keeps what is known learn of it, and write it anew without what was deleted."""
    from verbline.runtime.consent.erasure import rewrite

    if place.store is None:
        return
    found = knowledge(place)
    assert found is not None, "the project was sound before"
    if not rewrite(found.known.ledger):
        write_document(
            "Somebody reads the file: what was deleted leaves the disk with the next erasure.\n"
        )
    found.known.ledger.close()


def listed(lines: Sequence[Line], *, theirs: bool) -> list[dict[str, Any]]:
    """Return lines as JSON has them."""
    return [
        {"file": one.file.name, "offset": one.offset, "length": one.length}
        for one in lines
        if one.theirs is theirs
    ]


def write(told: dict[str, Any], form: str) -> None:
    """Write what was done, or would be."""
    if form == "json":
        write_utf8(json.dumps(told, indent=1) + "\n")
        return
    name, done = told["person"], "would be erased" if told["dry_run"] else "is erased"
    if told["held"]:
        write_document(
            f"{name} is under a legal hold: what they said is kept, nobody writes to them.\n"
        )
        return
    lines = [
        f"{name} {done}: {told['events']} events of the ledger, {told['addresses']} addresses marked, {told['shared']} kept for others."
    ]
    if told["lines"]:
        what = "overwritten" if told["overwritten"] else "not overwritten; --overwrite does it"
        lines.append(f"Lines of the log about them ({what}):")
        lines += [
            f"  {one['file']} at byte {one['offset']}, {one['length']} bytes"
            for one in told["lines"]
        ]
    if told["mentions"]:
        lines.append("Lines about others that mention an address of theirs, left as they are:")
        lines += [f"  {one['file']} at byte {one['offset']}" for one in told["mentions"]]
    write_document("\n".join(lines) + "\n")
