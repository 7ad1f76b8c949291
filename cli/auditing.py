"""The work of `verbline audit`. Rule: the log is only read, and nothing but the answer goes to standard output."""

from __future__ import annotations

import json

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.zones import Zone
    from verbline.runtime.audit.audit import Wish
    from verbline.runtime.audit.given import Given

OUTER = ("time", "recorded", "type", "source")
ROLES = (
    *("key", "email", "phone", "push", "post", "device", "first-name", "last-name", "name", "birth-date", "agreement"),
    "none",
)  # fmt: skip


class Asked:
    """What the command line asks for; see `verbline.cli.audit`."""

    __slots__ = ("ceiling", "color", "country", "fields", "form", "log", "project", "shows_values", "zone")  # fmt: skip

    def __init__(
        self, log: str, project: str | None, fields: tuple[str, ...], *, form: str, color: str
    ) -> None:
        self.log = log
        self.project = project
        self.fields = fields
        self.form = form
        self.color = color
        self.zone: str | None = None
        self.country: str | None = None
        self.ceiling: str | None = None
        self.shows_values = False


def answer(asked: Asked) -> int:
    """Look at the log, write what it says and return the exit code."""
    from verbline.cli.simulation import share_of

    ceiling = share_of(asked.ceiling) if asked.ceiling is not None else None
    given = None
    if asked.project is not None:
        given = given_of(asked.project)
        if given is None:
            return 1
    found = audited(asked.log, wish_of(asked, given))
    write(found, asked)
    return int(ceiling is not None and found["identity"]["shared_share"] > ceiling)


def given_of(path: str) -> Given | None:
    """Return the project at ``path``; None where it has errors, which are then told."""
    from verbline.cli.programs import compiled
    from verbline.runtime.audit.given import Given
    from verbline.runtime.sources import SourcesError, sources_of

    found = compiled(path)
    if found is None:
        return None
    try:
        return Given(found.project, found.program, sources_of(found.reading.settings))
    except SourcesError as error:
        raise WrongUsageError(str(error)) from error


def wish_of(asked: Asked, given: Given | None) -> Wish:
    """Return how the log is to be looked at."""
    from verbline.runtime.audit.audit import Wish
    from verbline.runtime.clock import now

    country = asked.country or (given.program.country if given is not None else "")
    if asked.country is not None and (len(country) != 2 or not country.isalpha()):
        raise WrongUsageError(f'"{readable(country)}" is no country; write its code, such as SI.')
    wish = Wish(zone_of(asked.zone, given), region=country.upper(), given=given)
    wish.now = now()
    wish.shows_values = asked.shows_values
    for text in asked.fields:
        name, sign, role = text.rpartition("=")
        if not sign or not name or role not in (*OUTER, *ROLES):
            raise WrongUsageError(f'"{readable(text)}" says no role of a field; write NAME=ROLE, with one of {", ".join((*OUTER, *ROLES))}.')  # fmt: skip
        if role in OUTER:
            wish.stated[role] = name
        else:
            wish.roles[name] = role
    return wish


def zone_of(name: str | None, given: Given | None) -> Zone:
    """Return the zone of times that have no offset."""
    from verbline.interpreter.zones import zone

    if name is None and given is not None:
        return given.program.zone
    found = zone(name or "UTC")
    if found is None:
        raise WrongUsageError(f'"{readable(name or "")}" is no time zone; write one such as Europe/Ljubljana.')  # fmt: skip
    return found


def audited(path: str, wish: Wish) -> dict[str, Any]:
    """Return what the log at ``path`` says, and show how far it is read."""
    from pathlib import Path

    from verbline.cli.progress import Progress
    from verbline.runtime.audit.audit import Audit
    from verbline.runtime.lines import LogError

    progress = Progress()
    try:
        return Audit(Path(path), wish).run(
            lambda percent: progress.show(lambda: f"{min(percent, 100)} %")
        )
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    finally:
        progress.clear()


def write(found: dict[str, Any], asked: Asked) -> None:
    """Write the answer in the form asked for."""
    if asked.form == "json":
        write_utf8(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.audited import told
    from verbline.cli.output import wants_color, write_document
    from verbline.cli.pieces import as_markdown, as_text

    pieces = told(found)
    if asked.form == "markdown":
        write_utf8(as_markdown(pieces))
    else:
        write_document(as_text(pieces, color=wants_color(asked.color)))
