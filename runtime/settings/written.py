"""How values are written in the settings, and what they mean. Rule: a text that says nothing clear is refused, not guessed at."""

from __future__ import annotations

import re
from ipaddress import ip_network
from urllib.parse import urlsplit

from verbline.runtime.channels.addresses import AddressError, mailbox_of
from verbline.runtime.channels.guarding import TargetError, target_of
from verbline.runtime.settings.faults import fault

ADAPTERS = ("smtp", "webhook", "file", "console")
OWN = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
UNITS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
LENGTH = re.compile(r"(\d{1,6}) (second|minute|hour|day)s?", re.ASCII)
RATE = re.compile(r"(\d{1,6}) (?:messages? )?in (\d{1,6}) (second|minute|hour|day)s?", re.ASCII)


def one_line(text: str) -> str:
    """Return a text without signs that command; refuse another."""
    if not text.isprintable():
        raise fault("line")
    return text


def adapter(name: str) -> str:
    """Return the name of an adapter: one of ours, or the place of one's own, such as ``club.sms:Provider``."""
    if name not in ADAPTERS and not OWN.fullmatch(name):
        raise fault("adapter", value=name, known=", ".join(ADAPTERS))
    return name


def length(text: object) -> int:
    """Return the milliseconds that "20 seconds" says, at least one second."""
    read = LENGTH.fullmatch(" ".join(text.split())) if isinstance(text, str) else None
    if read is None or int(read[1]) == 0:
        raise fault("length", value=str(text))
    return int(read[1]) * UNITS[read[2]]


def rate(text: object) -> tuple[int, int]:
    """Return how many in how many milliseconds "20 in 1 second" says."""
    read = RATE.fullmatch(" ".join(text.split())) if isinstance(text, str) else None
    if read is None or 0 in (int(read[1]), int(read[2])):
        raise fault("rate", value=str(text))
    return int(read[1]), int(read[2]) * UNITS[read[3]]


def mailbox(text: str) -> str:
    """Return a mailbox such as ``Club <club@club.example>``; refuse what is none."""
    try:
        mailbox_of(text)
    except AddressError:
        raise fault("address", value=text) from None
    return text


def web_url(text: str) -> str:
    """Return the address of a web server as it stands; refuse one that could be read in two ways."""
    try:
        target_of(text)
    except TargetError as error:
        raise fault("url", value=text, why=str(error)) from None
    return text


def base_url(text: str) -> str:
    """Return where links lead to, without a slash at its end; refuse what no browser would take to one place."""
    text = web_url(text).rstrip("/")
    parts = urlsplit(text)
    if parts.query or parts.fragment:
        raise fault("url", value=text, why="it has to end with a path")
    return text


def network(text: str) -> str:
    """Return a network such as ``10.1.0.0/16``, or one address; refuse what is neither."""
    try:
        ip_network(text)
    except ValueError:
        raise fault("network", value=text) from None
    return text
