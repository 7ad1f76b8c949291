"""Channels made of settings. Rule: what the settings do not name goes into a file of the folder ``outbox/``, and nowhere else.

An adapter of one's own is named by its place, ``club.sms:Provider``. It is called with its `Given` and gives a `Channel`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from verbline.runtime.channels.desk import Desk
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.lines import Console, Lines
from verbline.runtime.channels.links import Links
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.signing import signing_key
from verbline.runtime.channels.talks import Server
from verbline.runtime.channels.webhook import Webhook
from verbline.runtime.settings.secret import SecretError, secret_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.runtime.channels.answers import Channel
    from verbline.runtime.settings import tables
    from verbline.runtime.settings.secret import Secret

OUTBOX = "outbox"


class AdapterError(Exception):
    """An adapter that cannot be made. The sentence names the channel and what is missing."""


class Given:
    """What an adapter of one's own is given: the ``name`` of its channel, the table ``options`` of its settings.

    ``secret`` reads a secret that the options name, such as ``{ env = "TOKEN" }``. ``folder`` is the project's.
    """

    __slots__ = ("_environment", "folder", "name", "options", "settings")

    def __init__(
        self, name: str, settings: tables.Channel, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.settings = settings
        self.options: Mapping[str, Any] = settings.options
        self.folder = folder
        self._environment = environment

    def secret(self, name: str) -> str:
        """Return the secret that the option ``name`` names. `SecretError` where there is none."""
        table = self.options.get(name)
        found = secret_of(table) if isinstance(table, dict) else None
        if found is None:
            raise SecretError(f'The option "{name}" of the channel {self.name} names no secret.')
        return self.read(found)

    def read(self, secret: Secret | None) -> str:
        """Return a secret of the settings, or nothing where none is named."""
        return secret.read(self.folder, self._environment) if secret is not None else ""


def channel_of(
    name: str, settings: tables.Channel, folder: Path, environment: Mapping[str, str]
) -> Channel:
    """Return the channel called ``name``. `SecretError` where a secret is missing, `AdapterError` where an adapter is."""
    given = Given(name, settings, folder, environment)
    match settings.adapter:
        case "smtp":
            return mail_of(given)
        case "webhook":
            return Webhook(
                settings.url or "",
                keys_of(given.read(settings.secret)),
                guard=Guard(settings.allow),
                repeatable=settings.repeatable or "by key",
            )
        case "file":
            return Lines(folder / (settings.file or f"{OUTBOX}/{name}.jsonl"))
        case "console":
            return Console()
        case place:
            return own(place, given)


def keys_of(secret: str) -> list[bytes]:
    """Return the keys that sign: one for each word of the secret, none for none."""
    try:
        return [signing_key(one) for one in secret.split()]
    except ValueError:
        raise AdapterError(
            "The secret of a webhook begins like whsec_ and is not base64."
        ) from None


def mail_of(given: Given) -> Mail:
    """Return the channel of mail."""
    settings = given.settings
    server = Server(
        settings.host,
        settings.port,
        tls=settings.tls,
        user=settings.user,
        password=given.read(settings.password),
        name=settings.sender.rpartition("@")[2].strip(" >"),
    )
    return Mail(server, settings.sender, settings.reply, repeatable=settings.repeatable or "no")


def own(place: str, given: Given) -> Channel:
    """Return a channel by an adapter that is not ours."""
    module, _, name = place.partition(":")
    try:
        made: Callable[[Given], Channel] = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise AdapterError(f"The adapter {place} of [channels.{given.name}]: {error}") from error
    return made(given)


def desk_of(
    settings: tables.Desk | None,
    mail: Channel | None,
    links: Links | None,
    folder: Path,
    environment: Mapping[str, str],
) -> Channel:
    """Return the way to a desk; ``mail`` carries the tasks of one that has an address. None has settings: a file takes them."""
    if settings is None or (settings.email and mail is None):
        address = settings.email if settings else ""
        return Desk(Lines(folder / OUTBOX / "desks.jsonl"), links, address)
    if settings.webhook:
        secret = settings.secret.read(folder, environment) if settings.secret else ""
        hook = Webhook(settings.webhook, keys_of(secret), guard=Guard(settings.allow))
        return Desk(hook, links)
    if settings.file:
        return Desk(Lines(folder / settings.file), links)
    assert mail is not None, "a desk with an address has mail"
    return Desk(mail, links, settings.email)


def links_of(
    settings: tables.Links, folder: Path, environment: Mapping[str, str], kept: str = ""
) -> Links | None:
    """Return what makes links; None where the settings name no base, or neither they nor ``kept`` a key.

    ``kept`` is a key that the runtime made for itself: `kept_key`.
    """
    first = settings.key.read(folder, environment) if settings.key else kept
    if not settings.base or not first:
        return None
    try:
        return Links(
            settings.base, [first, *(one.read(folder, environment) for one in settings.old)]
        )
    except ValueError as error:
        raise AdapterError(f"[links]: {error}") from None
