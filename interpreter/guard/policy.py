"""What a country allows on a channel before anybody said anything. Rule: what the table does not know is the strictest.

The table is ``stdlib/countries.toml``; a project may bring its own rows. Every decision names the version it stood on.
"""

from __future__ import annotations

import json
from datetime import time
from functools import cache
from hashlib import sha256

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.quiet import Quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.zones import Zone

    Span: TypeAlias = "tuple[time, time]"

UNKNOWN = "unknown"
OPT_IN, IMPLIED, OPT_OUT, NONE = "opt_in", "opt_in_or_implied", "opt_out", "none"
REGIMES = (OPT_IN, IMPLIED, OPT_OUT)
# The channels that a country's quiet hours hold back.
QUIET = frozenset(("sms", "phone", "push"))
# How many sets of quiet hours are kept at a time.
KEPT = 1000
NO_SPANS: tuple[Span, ...] = ()


class Row:
    """One country and channel: the ``regime``, the ``soft`` bases, ``implied`` basis -> months, ``confirmed`` by a link,
    and the ``quiet`` hours as pairs of wall-clock times.
    """

    __slots__ = ("channel", "confirmed", "country", "implied", "quiet", "regime", "soft")

    def __init__(
        self,
        country: str,
        channel: str,
        regime: str,
        soft: frozenset[str],
        implied: Mapping[str, int],
        *,
        confirmed: bool,
        quiet: tuple[Span, ...],
    ) -> None:
        self.country = country
        self.channel = channel
        self.regime = regime
        self.soft = soft
        self.implied = implied
        self.confirmed = confirmed
        self.quiet = quiet

    def __repr__(self) -> str:
        return f"Row({self.country} {self.channel}: {self.regime})"


class Policy:
    """The rows of all countries; ``version`` names them with the beginning of ``hash``, the hash of what they say."""

    __slots__ = ("_quiet", "_rows", "countries", "hash", "version")

    def __init__(self, version: str, rows: Mapping[str, Mapping[str, Row]], digest: str) -> None:
        assert UNKNOWN in rows, "there is a row for countries that nobody knows"
        self.hash = digest
        self.version = f"{version}/{digest[:12]}"
        self.countries = tuple(sorted(rows))
        self._rows = rows
        self._quiet: dict[tuple[tuple[Span, ...], tuple[Zone, ...]], Quiet] = {}

    def row(self, country: str, channel: str) -> Row:
        """Return the row of ``country`` (two letters) for ``channel``; that of unknown countries where there is none."""
        rows = self._rows.get(country)
        if rows is None:
            rows = self._rows[UNKNOWN]
        return rows[channel]

    def rows(self) -> Iterator[Row]:
        """Yield every row, by country and channel."""
        for country in self.countries:
            yield from self._rows[country].values()

    def quiet(self, spans: tuple[Span, ...], zones: tuple[Zone, ...]) -> Quiet:
        """Return the quiet of ``spans`` in all of ``zones``; kept, since most people share it."""
        found = self._quiet.get((spans, zones))
        if found is None:
            if len(self._quiet) >= KEPT:
                self._quiet.clear()
            found = self._quiet[spans, zones] = Quiet(spans, zones)
        return found


def policy_of(table: Mapping[str, Any]) -> Policy:
    """Return the policy that a table like ``countries.toml`` holds; members of a base without a row share the base's."""
    rows: dict[str, dict[str, Row]] = {}
    for base in table.get("bases", {}).values():
        for country in base["members"]:
            rows[country] = rows_of(country, base)
    for country, given in table["countries"].items():
        rows[country] = rows_of(country, given)
    said = json.dumps([plain(row) for country in sorted(rows) for row in rows[country].values()])
    return Policy(str(table["version"]), rows, sha256(said.encode()).hexdigest())


def rows_of(country: str, given: Mapping[str, Any]) -> dict[str, Row]:
    """Return the rows of one country by channel; a channel it does not name needs a yes."""
    span = given.get("quiet")
    quiet = ((clock(span["from"]), clock(span["until"])),) if span else NO_SPANS
    found = {}
    for channel in KIND_OF_CHANNEL:
        cell = given.get(channel, {})
        regime = cell.get("regime", OPT_IN)
        assert regime in REGIMES, f"{country} {channel}: {regime}"
        found[channel] = Row(
            country,
            channel,
            regime,
            frozenset(cell.get("soft", ())),
            {one["kind"]: one["months"] for one in cell.get("implied", ())},
            confirmed=channel == "email" and bool(given.get("double_opt_in", True)),
            quiet=quiet if channel in QUIET else NO_SPANS,
        )
    return found


def clock(text: str) -> time:
    """Return the time of day that ``text`` writes."""
    return time.fromisoformat(text)


def plain(row: Row) -> list[Any]:
    """Return what ``row`` says, in an order that does not depend on how the table is written."""
    quiet = [[start.isoformat(), end.isoformat()] for start, end in row.quiet]
    bases = [sorted(row.soft), sorted(row.implied.items())]
    return [row.country, row.channel, row.regime, *bases, row.confirmed, quiet]


@cache
def standard_table() -> dict[str, Any]:
    """Return the standard library's table, which is read once."""
    import tomllib
    from importlib import resources

    text = resources.files("verbline.stdlib").joinpath("countries.toml").read_text("utf-8")
    return tomllib.loads(text)


def standard_policy() -> Policy:
    """Return the policy of the standard library's table."""
    return policy_of(standard_table())
