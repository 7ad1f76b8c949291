"""Which moments are a signal, a sale, a claim. Rule: what the language has no sentence for stands in ``[report]`` of the settings.

The moments of ``standard/metrics`` are found by their names, so a project that uses that file says nothing. Every other
project names its own: ``won = "contract is signed"`` in ``[report.pipeline]``.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from verbline.interpreter.nearness import nearest
from verbline.interpreter.program.readers import duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.reckoning import Duration

    Table: TypeAlias = "dict[str, str]"

# The moments of each family -> how standard/metrics calls them.
MOMENTS: Mapping[str, Mapping[str, str]] = {
    "pipeline": {
        "created": "opportunity is created", "qualified": "opportunity is qualified", "won": "opportunity is won",
        "lost": "opportunity is lost",
    },
    "response": {
        "signal": "sales signal is seen", "assigned": "sales signal is assigned", "accepted": "sales signal is accepted",
        "contact": "sales contact is made",
    },
    "interest": {
        "shown": "interest is shown", "captured": "interest is captured", "qualified": "interest is qualified",
        "accepted": "sales accepts the interest", "rejected": "sales rejects the interest", "won": "opportunity is won",
    },
    "claims": {
        "notified": "claim is notified", "complete": "claim papers are complete", "decided": "claim is decided",
        "paid": "claim is paid", "closed": "claim is closed", "reopened": "claim is reopened",
        "asked": "customer asks about a claim",
    },
}  # fmt: skip
# Further settings of each family -> what holds where nobody says it.
MORE: Mapping[str, Mapping[str, str]] = {
    "pipeline": {"case": "opportunity-number", "amount": "won-value", "stale-after": "", "by": ""},
    "response": {"objective": "4 working hours", "together-within": "1 day", "by": "signal-kind"},
    "interest": {"purpose": "", "horizon": "30 days", "objective": "5 working days"},
    "claims": {
        "case": "claim-number", "by": "claim-kind", "reason": "ask-reason", "status": "status", "within": "30 days",
        "reopened-within": "90 days",
    },
}  # fmt: skip
LENGTHS = frozenset(
    (
        "stale-after",
        "objective",
        "together-within",
        "horizon",
        "within",
        "reopened-within",
    )
)
# Without these a family has nothing to tell.
NEEDED = {
    "pipeline": ("created", "won"),
    "response": ("signal", "contact"),
    "interest": ("shown", "qualified"),
    "claims": ("notified", "closed"),
}
TOP = ("minimum", "cases", "currency", "rates", *MOMENTS)
MINIMUM = 30


class RolesError(Exception):
    """A setting of ``[report]`` that cannot be followed; the sentence says which, and what it may be."""


class Family(NamedTuple):
    """One family of numbers: its moments by their roles, and its further settings. Empty where the project has no such moments."""

    name: str
    moments: Table
    more: Table

    def __bool__(self) -> bool:
        return all(role in self.moments for role in NEEDED[self.name])

    def length(self, name: str) -> Duration | None:
        """Return a setting that is a length."""
        return duration(self.more[name]) if self.more[name] else None


class Roles(NamedTuple):
    """All of ``[report]``. ``cases`` are the fields that number cases; below ``minimum`` no share is told."""

    families: dict[str, Family]
    cases: tuple[str, ...]
    minimum: int
    currency: str
    rates: dict[str, Decimal]


def roles_of(settings: bytes | None, program: Program) -> Roles:
    """Return the roles that ``verbline.toml`` gives, over those of the standard library. `RolesError` where one is wrong."""
    table = tomllib.loads((settings or b"").decode("utf-8-sig")).get("report", {})
    if not isinstance(table, dict):
        raise RolesError("report in verbline.toml is a table: [report].")
    known_keys(table, TOP, "report")
    families = {name: family_of(name, table.get(name, {}), program) for name in MOMENTS}
    minimum = table.get("minimum", MINIMUM)
    if not isinstance(minimum, int) or isinstance(minimum, bool) or minimum < 1:
        raise RolesError("[report] minimum is a whole number from 1 on, such as 30.")
    currency = table.get("currency", "")
    if not isinstance(currency, str):
        raise RolesError('[report] currency is a text, such as "EUR".')
    return Roles(families, cases_of(table, program), minimum, currency, rates_of(table))


def known_keys(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse a key that nobody reads."""
    for key in table:
        if key not in known:
            near = nearest(key, known)
            hint = f"Did you mean {near}?" if near else f"There is: {', '.join(known)}."
            raise RolesError(f"[{where}] has no setting {shown(key)}. {hint}")


def family_of(name: str, table: object, program: Program) -> Family:
    """Return one family: what the settings say, else what the standard library calls it where the project has it."""
    if not isinstance(table, dict):
        raise RolesError(f"report.{name} in verbline.toml is a table: [report.{name}].")
    known_keys(table, (*MOMENTS[name], *MORE[name]), f"report.{name}")
    moments: Table = {}
    for role, usual in MOMENTS[name].items():
        said = table.get(role)
        if said is None:
            if usual in program.moments:
                moments[role] = usual
            continue
        if not isinstance(said, str):
            raise RolesError(f"[report.{name}] {role} is a text: the name of a moment.")
        moment = program.meanings.moments.get(said, said)
        if moment not in program.moments:
            near = nearest(said, program.moments)
            hint = f' Did you mean "{near}"?' if near else ""
            raise RolesError(f"[report.{name}] {role}: there is no moment {shown(said)}.{hint}")
        moments[role] = moment
    return Family(name, moments, {key: more_of(name, key, table) for key in MORE[name]})


def more_of(name: str, key: str, table: Mapping[str, object]) -> str:
    """Return a further setting of a family."""
    said = table.get(key, MORE[name][key])
    if not isinstance(said, str):
        raise RolesError(f"[report.{name}] {key} is a text.")
    if key in LENGTHS and said and duration(said) is None:
        raise RolesError(f'[report.{name}] {key} is a length, such as "30 days".')
    return said


def cases_of(table: Mapping[str, object], program: Program) -> tuple[str, ...]:
    """Return the fields that number cases: those that the settings name, then those that journeys run once per."""
    said = table.get("cases", [])
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise RolesError('[report] cases is a list of fields, such as ["order-number"].')
    carried = {field for moment in program.moments.values() for field, _read in moment.readers}
    for field in said:
        if field not in carried:
            raise RolesError(f"[report] cases: no moment carries {shown(field)}.")
    once = [journey.once for journey in program.journeys.values() if journey.once in carried]
    usual = [MORE[name]["case"] for name in ("pipeline", "claims")]
    return tuple(dict.fromkeys([*said, *once, *(field for field in usual if field in carried)]))


def rates_of(table: Mapping[str, object]) -> dict[str, Decimal]:
    """Return what one of each currency is worth in that of the report."""
    said = table.get("rates", {})
    if not isinstance(said, dict):
        raise RolesError('report.rates in verbline.toml is a table: USD = "0.92".')
    found = {}
    for currency, rate in said.items():
        try:
            found[currency] = Decimal(str(rate))
        except InvalidOperation:
            found[currency] = Decimal(0)
        if not found[currency].is_finite() or found[currency] <= 0:
            raise RolesError(f'[report.rates] {shown(currency)} is a number, such as "0.92".')
    return found


def shown(text: str) -> str:
    """Return a text of somebody in quotes, in one line."""
    return '"' + "".join(sign if sign.isprintable() else "�" for sign in text[:80]) + '"'
