"""What each field of a log says of people. Rule: what a project declares is taken; the rest is guessed by name and look, and
told as a guess.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.audit.survey import flat
from verbline.runtime.audit.words import plain_name, vocabulary
from verbline.runtime.identity.normalise import email_key, phone_key
from verbline.runtime.identity.rules import Rules
from verbline.runtime.identity.signs import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from verbline.runtime.audit.survey import Field, Survey
    from verbline.runtime.identity.rules import Table

# What a field can be.
KEY, CONTACT, WEAK, TRAIT, PERSON, AGREEMENT = "key", "contact", "weak", "trait", "person", "agreement"  # fmt: skip
# Of the values looked at, so many of ten have to look like what the field is taken for.
LOOK_OF_TEN = 7
LONGEST_KEY = 80


class Role(NamedTuple):
    """What a field says: ``what`` is one of those above, ``name`` what it is called in the rules, ``kind`` of a contact.

    ``guess`` says from what it was concluded, nothing where somebody has stated it.
    """

    field: str
    what: str
    name: str
    kind: str = ""
    guess: str = ""


class Fields:
    """The fields of a log by what they say.

    ``roles`` maps the full name of a field to its role; ``unclear`` are fields that look like an identifier of something
    and are taken for none.
    """

    __slots__ = ("_paths", "_plans", "roles", "unclear")

    def __init__(self, roles: Iterable[Role], unclear: Iterable[str] = ()) -> None:
        self.roles = {role.field: role for role in roles}
        self.unclear = tuple(unclear)
        self._paths = any("." in name for name in self.roles)
        self._plans: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what names somebody in an event, by the names of the rules."""
        if self._paths:
            data = dict(flat(data))
        plan = self._plan(data)
        found: dict[str, Any] = {}
        for field, name in plan:
            value = data[field]
            if value.__class__ is not str:
                value = text_of(value)
            if value and name not in found:
                found[name] = value
        return found

    def _plan(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return which fields of an event with these fields are read, each with its name."""
        names = tuple(data)
        plan = self._plans.get(names)
        if plan is None:
            roles = (self.roles.get(name) for name in names)
            plan = [(one.field, one.name) for one in roles if one and one.what in NAMING]
            if len(self._plans) < 10_000:
                self._plans[names] = plan
        return plan

    def said(self, what: str) -> list[Role]:
        """Return the fields that are ``what``."""
        return [role for role in self.roles.values() if role.what == what]

    def rules(self, region: str, data: Table | None = None) -> Rules:
        """Return the rules by which the people of the log are told apart."""
        nouns = vocabulary().key["nouns"]
        keys = {role.name: None for role in self.said(KEY)}
        order = {noun: place for place, noun in enumerate(nouns)}
        strongest = sorted(keys, key=lambda name: order.get(name.rpartition("-")[0], len(nouns)))
        return Rules(
            strongest,
            {role.name: role.kind for role in self.said(CONTACT)},
            [role.name for role in self.said(WEAK)],
            [role.name for role in self.said(TRAIT)],
            region=region,
            data=data,
        )


def role_told(role: Role) -> str:
    """Return a role in words."""
    words = {KEY: f"the key {role.name}", CONTACT: f"a contact point ({role.kind})", WEAK: f"a device ({role.name})", TRAIT: role.name, AGREEMENT: "an agreement"}  # fmt: skip
    return words.get(role.what, f"asked of people ({role.name})")


NAMING = frozenset((KEY, CONTACT, WEAK, TRAIT))


def declared(rules: Rules, person: Iterable[str]) -> list[Role]:
    """Return the roles that a project gives to its fields; ``person`` are those that it says people have."""
    found = [Role(name, KEY, name) for name in rules.keys]
    found += [Role(name, CONTACT, name, kind) for name, kind in rules.contacts.items()]
    found += [Role(name, WEAK, name) for name in rules.weak]
    found += [Role(name, TRAIT, name) for name in rules.traits]
    taken = {role.field for role in found}
    return found + [Role(name, PERSON, name) for name in person if name not in taken]


def guessed(
    survey: Survey, region: str, stated: Mapping[str, str], taken: Iterable[str] = ()
) -> Fields:
    """Return what the fields of a log say, by what somebody has ``stated`` (field -> role), else by name and look.

    ``taken`` are fields of which a project has said it.
    """
    done = {*taken, *stated}
    roles = [role for name, word in stated.items() if (role := of_word(name, word))]
    unclear = []
    for name, field in survey.fields.items():
        if name in done:
            continue
        role = role_of(name, field, region)
        if role is None and looks_like_key(plain_name(name), field):
            unclear.append(name)
        elif role is not None:
            roles.append(role)
    return Fields(told_apart(roles, survey), unclear)


def of_word(name: str, word: str) -> Role | None:
    """Return the role that somebody has stated of a field, None for ``none``."""
    plain = plain_name(name)
    if word == "key":
        return Role(name, KEY, vocabulary().key_of(plain) or plain)
    if word in ("email", "phone", "push", "post"):
        return Role(name, CONTACT, plain, word)
    if word == "device":
        return Role(name, WEAK, plain)
    return None if word == "none" else Role(name, TRAIT, word)


def role_of(name: str, field: Field, region: str) -> Role | None:
    """Return what a field says by its name and the look of its values; None where that is nothing of a person."""
    words, plain = vocabulary(), plain_name(name)
    if not field.values:
        return None
    agreement = words.agreement_of(plain)
    if agreement is not None and share(field, said) * 10 >= LOOK_OF_TEN:
        return Role(name, AGREEMENT, plain, guess="its name and yes or no in it")
    if share(field, is_email) * 10 >= LOOK_OF_TEN:
        by = "its name" if words.contact_of(plain) == "email" else "addresses in it"
        return Role(name, CONTACT, plain, "email", by)
    if words.is_weak(plain):
        return Role(name, WEAK, plain, guess="its name")
    if (
        words.contact_of(plain) == "phone"
        and share(field, lambda one: is_phone(one, region)) * 2 >= 1
    ):
        return Role(name, CONTACT, plain, "phone", "its name and numbers in it")
    if share(field, lambda one: is_phone(one, "")) * 10 >= LOOK_OF_TEN:
        return Role(name, CONTACT, plain, "phone", "numbers in it")
    return of_person(name, plain, field)


def of_person(name: str, plain: str, field: Field) -> Role | None:
    """Return what a field says that is no address: a key, a trait, or something that people are asked."""
    words = vocabulary()
    trait = words.trait_of(plain)
    if trait and (trait != "name" or share(field, is_full_name) * 10 >= LOOK_OF_TEN):
        return Role(name, TRAIT, trait, guess="its name")
    key = words.key_of(plain)
    if key and share(field, is_code) * 10 >= LOOK_OF_TEN:
        return Role(name, KEY, key, guess="its name")
    return Role(name, PERSON, plain, guess="its name") if plain in words.person else None


def told_apart(roles: Iterable[Role], survey: Survey) -> Iterator[Role]:
    """Yield ``roles`` with names of their own for two fields that stand side by side in one event."""
    kinds = survey.names()
    met: dict[str, list[Role]] = {}
    for role in roles:
        others = met.setdefault(role.name, [])
        beside = any(kinds.get(role.field, set()) & kinds.get(one.field, set()) for one in others)
        others.append(role)
        if beside and role.what in (KEY, CONTACT, WEAK):
            role = role._replace(name=plain_name(role.field.replace(".", "-")))  # noqa: PLW2901 - the same role by another name
        yield role


def share(field: Field, looks: Any) -> float:
    """Return the share of the values looked at of which ``looks`` is true."""
    return sum(map(bool, map(looks, field.values))) / len(field.values)


def is_email(value: object) -> bool:
    """Return whether a value is an email address."""
    return isinstance(value, str) and "@" in value and email_key(value) is not None


def is_phone(value: object, region: str) -> bool:
    """Return whether a value is a telephone number, written with ``+`` where no region is known."""
    text = text_of(value)
    return text is not None and bool(text) and (bool(region) or text.lstrip().startswith("+")) and phone_key(text, region) is not None  # fmt: skip


def is_code(value: object) -> bool:
    """Return whether a value may be a key: short, and no sentence."""
    text = text_of(value)
    return text is not None and len(text) <= LONGEST_KEY and text.count(" ") <= 1


def is_full_name(value: object) -> bool:
    """Return whether a value looks like the whole name of somebody."""
    parts = value.split() if isinstance(value, str) else []
    return 1 < len(parts) <= 4 and all(part[0].isupper() and part.strip(".-'").replace("-", "").replace("'", "").isalpha() for part in parts)  # fmt: skip


def said(value: object) -> bool:
    """Return whether a value is a yes or a no."""
    return answer_of(value) is not None


def answer_of(value: object) -> bool | None:
    """Return the yes or no that a value is, None where it is neither."""
    if isinstance(value, bool):
        return value
    word = plain_name(str(value)) if isinstance(value, str | int) else ""
    words = vocabulary().said
    return True if word in words["yes"] else False if word in words["no"] else None


def looks_like_key(plain: str, field: Field) -> bool:
    """Return whether a field is by its name and its values an identifier of something."""
    endings = vocabulary().key["endings"]
    ends = plain.rpartition("-")[2] in endings or plain.endswith(("id", "number"))
    values = {repr(value) for value in field.values}
    return ends and len(values) * 2 > len(field.values) and share(field, is_code) * 10 >= LOOK_OF_TEN  # fmt: skip
