"""The work of `verbline reply`. Rule: a link that proves nothing says nothing; what it says is appended to the runtime's own log."""

from __future__ import annotations

import json
import os
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.links import Claim, Links

WRONG = {
    "broken": "That is no link of a message.",
    "forged": "The link bears no proof of ours.",
    "expired": "The link is over.",
}
SAYS = {
    "leave": 'nothing more for "{purpose}" by {channel}',
    "confirm": 'yes to "{purpose}" by {channel}',
    "answer": '"{answer}" to {kind} "{message}"',
}


class Asked:
    """What the command line asks for; see `verbline.cli.reply`."""

    __slots__ = ("environment", "form", "is_look", "log", "project", "store", "token")

    def __init__(self, link: str, log: str, store: str, form: str) -> None:
        self.token = link.strip().rstrip("/").rpartition("/")[2]
        self.log = Path(log)
        self.store = Path(store)
        self.form = form
        self.project: str | None = None
        self.environment = ""
        self.is_look = False


def take(asked: Asked) -> int:
    """Append what a link says, unless it is only looked at, and write what that is; return 1 where it says nothing."""
    from verbline.runtime.channels.links import LinkError
    from verbline.runtime.clock import now

    at = now()
    try:
        claim = links_of(asked).read(asked.token, at)
    except LinkError as error:
        complain(WRONG[error.reason])
        return 1
    intent = intent_of(asked, claim.key)
    event = said(claim, intent, at) if intent is not None else None
    if intent is None or event is None:
        complain("The link stood in no message of this store.")
        return 1
    is_new = append(asked, event)
    write(asked, claim, intent, event if is_new and not asked.is_look else None, is_new=is_new)
    return 0


def said(claim: Claim, intent: Intent, at: int) -> dict[str, Any] | None:
    """Return the event that the link is."""
    from verbline.runtime.leaving.replies import reply_of

    return reply_of(claim, intent, at)


def intent_of(asked: Asked, key: str) -> Intent | None:
    """Return the message or the task in which the link stood; None where the store has none of this key."""
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError
    from verbline.runtime.store.rows import found_in

    try:
        with looking(asked.store) as looked:
            row = found_in(looked.connection, key)
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    return None if row is None else row.intent


def links_of(asked: Asked) -> Links:
    """Return what reads links: with the key of the settings, else with the one that the runtime made for itself."""
    from verbline.cli.paths import readings
    from verbline.runtime.channels.making import AdapterError
    from verbline.runtime.channels.making import links_of as made
    from verbline.runtime.settings.read import UnknownEnvironmentError, runtime_of
    from verbline.runtime.settings.secret import SecretError

    found = readings((asked.project,) if asked.project else ())
    if len(found) != 1 or found[0].settings is None:
        raise WrongUsageError("Name one project: a folder with a verbline.toml.")
    folder, content = Path(found[0].folder), found[0].settings
    kept = asked.store.with_name(f"{asked.store.name}.links")
    try:
        settings, problems = runtime_of("verbline.toml", content, asked.environment)
        key = kept.read_text("ascii").strip() if kept.exists() else ""
        links = made(settings.links, folder, os.environ, key)
    except (AdapterError, OSError, SecretError, UnknownEnvironmentError) as error:
        raise WrongUsageError(str(error)) from error
    if problems:
        raise WrongUsageError("The settings have errors; `verbline doctor` tells them.")
    if links is None:
        raise WrongUsageError(
            "The settings say no base of links, or there is no key: [links] in verbline.toml."
        )
    return links


def append(asked: Asked, event: dict[str, Any]) -> bool:
    """Append an event to the runtime's own log, unless it is only looked at; return no where it was said before."""
    from verbline.runtime.leaving.own_lines import ids_at_end
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append as appended
    from verbline.runtime.own import own_log

    own = own_log(asked.log)
    try:
        if event["id"] in ids_at_end(own):
            return False
        if not asked.is_look:
            appended(own, [event])
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    return True


def write(
    asked: Asked, claim: Claim, intent: Intent, event: dict[str, Any] | None, *, is_new: bool
) -> None:
    """Write what the link says: nothing about the person, since whoever has the link may see it."""
    about = intent.task.because if intent.task is not None else intent.message
    if intent.kind == "question":  # as it was asked
        about = intent.words.subject or about
    told = {
        "kind": claim.kind, "answer": claim.answer, "purpose": intent.purpose, "channel": intent.channel, "message": about,
    }  # fmt: skip
    if asked.form == "json":
        known = {"format": 1, **told, "appended": event is not None, "said_before": not is_new}
        write_utf8(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
        return
    sentence = SAYS[claim.kind].format_map({**told, "kind": intent.kind})
    end = "" if is_new else ", as it was said before"
    write_document(f"{'Would be written' if asked.is_look else 'Written'} down: {sentence}{end}.\n")
