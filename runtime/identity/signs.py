"""What one event says about who it is. Rule: a value that names nobody is left out, and said to be.

What is left out is told by field and reason, never by value.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.identity.normalise import address_key, id_key, text_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.runtime.identity.rules import Rules


class Sign(NamedTuple):
    """An identifier of an event: its field, its kind and its value as a key."""

    field: str
    kind: str
    value: str

    def __repr__(self) -> str:
        return f"<{self.field}>"


# The person has as many of the kind as one may have.
LIMIT = "limit"


class Refusal(NamedTuple):
    """A field that did not count, and the code of the reason: blocked, invalid, held_by_another, another_value or `LIMIT`."""

    field: str
    reason: str


class Signs:
    """The identifiers of one event, each kind in the order of authority.

    ``posts`` are mailboxes of a post (``info@``): somebody may be written to there, but they say nothing about who it is.
    """

    __slots__ = ("confirmed", "contacts", "keys", "posts", "refused", "traits", "weak")

    def __init__(self, confirmed: frozenset[str]) -> None:
        self.keys: list[Sign] = []
        self.contacts: list[Sign] = []
        self.posts: list[Sign] = []
        self.weak: list[Sign] = []
        self.traits: dict[str, object] = {}
        self.refused: list[Refusal] = []
        self.confirmed = confirmed

    def __repr__(self) -> str:
        return f"<{self.keys} {self.contacts} {self.weak}>"


# A key whose field is also a kind of contact point lives in a namespace of its own.
def namespace(field: str, kinds: tuple[str, ...] = ("email", "phone", "push", "post")) -> str:
    """Return the kind under which an exclusive or weak field's values are kept."""
    return f"known by {field}" if field in kinds else field


class Reader:
    """Reads the signs of events by the rules of one project."""

    __slots__ = ("_contacts", "_find", "_keys", "_rules", "_traits", "_weak")

    def __init__(self, rules: Rules, find: Callable[[str, str], int] | None = None) -> None:
        self._rules = rules
        # Tells whether a value is an identifier as it is written: then it is a key, and passed every test when it became one.
        self._find = find
        self._keys = [(field, namespace(field)) for field in rules.keys]
        self._weak = [(field, namespace(field)) for field in rules.weak]
        # Who is known by an address is also reached there.
        reached = {field: field for field in rules.keys if field in ("email", "phone")}
        self._contacts = list({**reached, **rules.contacts}.items())
        self._traits = rules.traits

    def read(self, fields: Mapping[str, object], confirmed: frozenset[str]) -> Signs:
        """Return the signs of an event."""
        signs = Signs(confirmed)
        for field, kind in self._keys:
            value = fields.get(field)
            if value is not None:
                self._key(signs, field, kind, value)
        for field, kind in self._contacts:
            value = fields.get(field)
            if value is not None:
                self._contact(signs, field, kind, value)
        for field, kind in self._weak:
            value = fields.get(field)
            if value is not None:
                self._token(signs, field, kind, value)
        for field in self._traits:
            value = fields.get(field)
            if value is not None:
                self._trait(signs, field, value)
        return signs

    def _key(self, signs: Signs, field: str, kind: str, value: object) -> None:
        text, table = text_of(value), self._rules.table
        if kind != field:  # known by an email or a phone
            key = self._address(field, text)
        else:
            key = id_key(text) if text is not None else None
        if key is None:
            signs.refused.append(Refusal(field, "invalid"))
        elif table.blocks_key(key) or (kind != field and table.blocks_mail(key)):
            signs.refused.append(Refusal(field, "blocked"))
        else:
            signs.keys.append(Sign(field, kind, key))

    def _token(self, signs: Signs, field: str, kind: str, value: object) -> None:
        text = text_of(value)
        key = id_key(text) if text is not None else None
        if key is None or self._rules.table.blocks_key(key):
            signs.refused.append(Refusal(field, "blocked" if key else "invalid"))
        else:
            signs.weak.append(Sign(field, kind, key))

    def _contact(self, signs: Signs, field: str, kind: str, value: object) -> None:
        key = self._address(kind, text_of(value))
        if key is None:
            signs.refused.append(Refusal(field, "invalid"))
        elif kind == "email" and self._rules.table.blocks_mail(key):
            signs.refused.append(Refusal(field, "blocked"))
        elif kind == "email" and self._rules.table.is_shared(key):
            signs.posts.append(Sign(field, kind, key))
        elif all(other.value != key or other.kind != kind for other in signs.contacts):
            signs.contacts.append(Sign(field, kind, key))

    def _address(self, kind: str, text: str | None) -> str | None:
        """Return the key of a contact point."""
        if text is None:
            return None
        is_plain = kind == "phone" and text.startswith("+") and text.isascii()
        if is_plain and self._find is not None and self._find(kind, text):
            return text
        return address_key(kind, text, self._rules.region)

    def _trait(self, signs: Signs, field: str, value: object) -> None:
        if isinstance(value, str):
            value = text_key(value, self._rules.table.letters)
        # A name or a birth is one value: a list or an object says nothing of either.
        if value != "" and not isinstance(value, tuple | list | dict):
            signs.traits[field] = value


def text_of(value: object) -> str | None:
    """Return an identifier as a text, or None where the value can be none."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
