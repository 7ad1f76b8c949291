r"""Addresses of mail, looked at before any library sees them. Rule: one address is one address, and nothing in it commands.

A library may cut ``a@x>\r\nRCPT TO:<evil@y`` down to ``a@x`` without a word. Here it is refused. So are forms that the
standard allows and nobody uses: quotes, comments, lists, addresses of machines in brackets.
"""

from __future__ import annotations

import re

import idna

# What stands before the sign @: words of letters, digits and these signs, with single dots between them.
LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII)
MAILBOX = re.compile(r"\s*(?:\"([^\"\\<>]*)\"|([^\"\\<>]*?))\s*<([^<>]*)>\s*")
# How an encoded word begins: a library decodes it wherever it stands in a header, line ends and all.
ENCODED = "=?"
LOCAL_MAX, ADDRESS_MAX, LABEL_MAX = 64, 254, 63


class AddressError(ValueError):
    """An address that no mail may go to. The sentence says why and holds nothing of the address."""


class Address:
    """One address of mail: ``local`` and ``domain``, the domain as computers write it (``xn--…``)."""

    __slots__ = ("domain", "local")

    def __init__(self, local: str, domain: str) -> None:
        self.local = local
        self.domain = domain

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def is_international(self) -> bool:
        """Whether only a server that knows SMTPUTF8 can take it."""
        return not self.local.isascii()


def plain_line(text: str, what: str) -> str:
    """Return ``text`` where it may stand in a header: no signs that command, no line ends of any kind, no half letters."""
    for sign in text:
        code = ord(sign)
        if code < 32 or 127 <= code < 160 or code in (0x2028, 0x2029):
            raise AddressError(f"{what} holds a sign that commands.")
        if 0xD800 <= code < 0xE000:
            raise AddressError(f"{what} holds half a letter.")
    return text


def as_it_is(text: str) -> str:
    """Return a line that looks the same and that nobody reads as encoded words."""
    return text.replace(ENCODED, "=\u2060?")


def address_of(text: str) -> Address:
    """Return the one address that ``text`` is. `AddressError` where it is none, or more than one."""
    plain_line(text, "The address")
    if ENCODED in text:
        raise AddressError("The address holds what a library reads as encoded words.")
    local, at, domain = text.rpartition("@")
    if not at or "@" in local:
        raise AddressError("An address has the sign @ once.")
    if LOCAL.fullmatch(local) is None:
        raise AddressError("What stands before the sign @ is no name of a mailbox.")
    address = Address(local, domain_of(domain))
    if len(local.encode()) > LOCAL_MAX or len(str(address).encode()) > ADDRESS_MAX:
        raise AddressError("The address is too long.")
    return address


def domain_of(text: str) -> str:
    """Return a domain as computers write it. `AddressError` where it is none."""
    try:
        domain = idna.encode(text, uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise AddressError("What stands behind the sign @ is no domain.") from None
    labels = domain.split(".")
    is_name = all(LABEL.fullmatch(label) and len(label) <= LABEL_MAX for label in labels)
    if len(labels) < 2 or not is_name or labels[-1].isdecimal():
        raise AddressError("What stands behind the sign @ is no domain.")
    return domain


def mailbox_of(text: str) -> tuple[str, Address]:
    """Return the name and the address of ``Club <club@club.example>``; no name where the address stands alone."""
    plain_line(text, "The sender")
    read = MAILBOX.fullmatch(text)
    if read is None:
        return "", address_of(text.strip())
    return read[1] or read[2] or "", address_of(read[3].strip())
