"""What a change lets be sent that was not, and the other way round. Rule: when in doubt it is called widened, so that somebody looks.

What changes the class of a purpose is always widened: from marketing to another class a yes is no longer asked, and to
marketing people are sold to on a ground that was told as something else.
"""

from __future__ import annotations

from verbline.runtime.plan.sentences import CHANGED, NARROWED, WIDENED, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.guard.purpose import Length, Purpose

BASES = {
    "consent": "consent",
    "contract": "a contract",
    "legitimate": "a legitimate interest",
    "duty": "a legal duty",
}
CONSENT = "consent"
# In seconds, to tell which of two lengths is longer.
UNITS = {
    "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000,
    "whour": 3_600, "wday": 86_400,
}  # fmt: skip
WORDS = {"whour": "working hour", "wday": "working day"}


def of_purpose(old: Purpose, new: Purpose, place: str) -> Iterator[Line]:
    """Yield what changed in a purpose, with what that does to permission."""
    for text, permission in (*ground(old, new), *extent(old, new), *wishes(old, new)):
        yield Line(CHANGED, text, place, permission, CONSENT)


def ground(old: Purpose, new: Purpose) -> Iterator[tuple[str, str]]:
    """Yield what changed in why people may be written to."""
    if old.cls != new.cls:
        yield f"It changed from {old.cls} to {new.cls}.", WIDENED
    if old.basis != new.basis:
        kind = NARROWED if new.basis == "consent" else WIDENED
        yield f"It rests on {BASES[new.basis]}, rested on {BASES[old.basis]}.", kind
    if old.soft != new.soft:
        now = "now also rests" if new.soft else "no longer rests"
        yield f"It {now} on a sale of similar goods.", WIDENED if new.soft else NARROWED
    elif old.soft_moment != new.soft_moment:
        yield (
            f"The sale of similar goods it rests on is “{new.soft_moment}”, was “{old.soft_moment}”.",
            WIDENED,
        )


def extent(old: Purpose, new: Purpose) -> Iterator[tuple[str, str]]:
    """Yield what changed in how, how long and how often people may be written to."""
    more = [one for one in new.channels if one not in old.channels]
    less = [one for one in old.channels if one not in new.channels]
    if more:
        yield f"It now covers {', '.join(more)} too.", WIDENED
    if less:
        yield f"It no longer covers {', '.join(less)}.", NARROWED
    if old.separately != new.separately:
        how = "is asked for by itself" if new.separately else "is no longer asked for by itself"
        yield f"Each channel {how}.", NARROWED if new.separately else WIDENED
    if old.lapses != new.lapses:
        yield lapse(old.lapses, new.lapses)
    if old.cap != new.cap:
        yield f"Nobody gets more than {cap(new.cap)}, was {cap(old.cap)}.", of_cap(old.cap, new.cap)
    if old.topics != new.topics:
        yield f"Its topics are {names(new.topics)}, were {names(old.topics)}.", ""


def wishes(old: Purpose, new: Purpose) -> Iterator[tuple[str, str]]:
    """Yield what changed in how a yes is asked for and kept."""
    if (old.confirm is None) != (new.confirm is None):
        if new.confirm is None:
            yield "A yes no longer waits for a link.", WIDENED
        else:
            yield f"A yes counts only once a link was used within {told(new.confirm)}.", NARROWED
    elif old.confirm != new.confirm:
        yield f"The link for a yes may be used within {told(new.confirm)}, was {told(old.confirm)}.", longer(old.confirm, new.confirm)  # fmt: skip
    elif old.confirm_message != new.confirm_message:
        yield f"The link for a yes comes with “{new.confirm_message}”, came with “{old.confirm_message}”.", ""  # fmt: skip
    if old.wording != new.wording:
        yield f"People are asked with {words(new.wording)}, were with {words(old.wording)}: who said yes before said it to other words.", ""  # fmt: skip
    if old.kept_in != new.kept_in:
        yield f"What they said is kept in {new.kept_in or 'no system'}, was in {old.kept_in or 'no system'}.", WIDENED  # fmt: skip


def words(wording: str) -> str:
    """Return how people are asked."""
    return f"“{wording}”" if wording else "words of the form’s own"


def lapse(old: Length | None, new: Length | None) -> tuple[str, str]:
    """Return what changed in how long a yes counts."""
    if new is None:
        return f"A yes no longer lapses; it did after {told(old)}.", WIDENED
    if old is None:
        return f"A yes lapses after {told(new)}; it did not.", NARROWED
    return f"A yes lapses after {told(new)}, was {told(old)}.", longer(old, new)


def longer(old: Length | None, new: Length | None) -> str:
    """Return whether a longer time widens."""
    assert old is not None, "only two lengths are compared"
    assert new is not None, "only two lengths are compared"
    return WIDENED if new[0] * UNITS[new[1]] >= old[0] * UNITS[old[1]] else NARROWED


def told(length: Any) -> str:
    """Return a length in words."""
    number, unit = length
    return f"{number} {WORDS.get(unit, unit)}{'' if number == 1 else 's'}"


def cap(found: tuple[int, Length] | None) -> str:
    """Return a cap in words."""
    return "any number" if found is None else f"{found[0]} in {told(found[1])}"


def of_cap(old: tuple[int, Length] | None, new: tuple[int, Length] | None) -> str:
    """Return what another cap does: it narrows where no more fit into no less time."""
    if new is None:
        return WIDENED
    if old is None:
        return NARROWED
    fits = new[0] <= old[0] and new[1][0] * UNITS[new[1][1]] >= old[1][0] * UNITS[old[1][1]]
    return NARROWED if fits else WIDENED


def names(topics: dict[str, str]) -> str:
    """Return topics in a row."""
    return ", ".join(topics.values()) or "none"
