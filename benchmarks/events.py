"""What the systems report: the lines of an event log. Rule: one event a line, in the order of their times, 310 bytes each.

The lines are CloudEvents in JSON with fields that nobody asked for, as real ones have. They come one by one, so that
a log of millions needs no room for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

from benchmarks.crowd import DAY, END, Choice, Shopper

LENGTH = 310
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0 Vivaldi/7.6"  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SHOP, CENTRE = "shop", "preference-centre"
# Kinds of events: what stands in a plan of events behind the time.
SIGNS_UP, ORDERS, SAYS_NO, SAYS_YES, VIEWS = range(5)

# A plan is one number an event, so that millions can be put in order: time, number of the shopper, kind.
KIND_BITS, NUMBER_BITS = 3, 24


def planned(at: int, number: int, kind: int) -> int:
    """Return the plan of one event."""
    return (at << NUMBER_BITS | number) << KIND_BITS | kind


def plans_of(one: Shopper) -> Iterator[int]:
    """Yield the plans of what one shopper does, page views left out."""
    yield planned(one.signs_up, one.number, SIGNS_UP)
    if one.orders is not None:
        yield planned(one.orders, one.number, ORDERS)
    for at, yes in one.changes:
        yield planned(at, one.number, SAYS_YES if yes else SAYS_NO)


class Clock:
    """Times as text. Events come in order, so the day is written once."""

    def __init__(self) -> None:
        self.day = -1
        self.written = ""

    def text(self, at: int) -> str:
        """Return an instant in RFC 3339, to the millisecond."""
        day, rest = divmod(at, DAY)
        if day != self.day:
            self.day = day
            self.written = (EPOCH + timedelta(days=day)).strftime("%Y-%m-%dT")
        seconds, thousandths = divmod(rest, 1_000)
        minutes, seconds = divmod(seconds, 60)
        return f"{self.written}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{thousandths:03}Z"


def email(number: int) -> str:
    """Return the address of a shopper."""
    return f"shopper.{number:07}@mail.example"


def customer(number: int) -> str:
    """Return the key of a shopper."""
    return f"C-{number:07}"


class Writer:
    """Events as lines. ``names`` gives the type of a sign-up and of an order for each group."""

    def __init__(self, names: Callable[[int], tuple[str, str]]) -> None:
        self.clock = Clock()
        self.count = 0
        self.names = names

    def line(
        self, source: str, code: str, at: int, number: int, fields: str, words: str = ""
    ) -> bytes:
        """Return one event; ``fields`` are members of its data as JSON, ``words`` on consent stand beside the data."""
        self.count += 1
        head = (
            f'{{"specversion":"1.0","id":"{code[:1]}-{self.count:08}","source":"{source}","type":"{code}"'
            f',"time":"{self.clock.text(at)}","datacontenttype":"application/json",{words}'
            f'"data":{{"customer-number":"{customer(number)}",{fields}"agent":"'
        )
        return f'{head}{AGENT[: max(0, LENGTH - 3 - len(head))]}"}}}}'.encode()

    def of(self, plan: int, crowd: list[Shopper]) -> bytes:
        """Return the event of one plan."""
        rest, kind = divmod(plan, 1 << KIND_BITS)
        at, number = divmod(rest, 1 << NUMBER_BITS)
        one = crowd[number]
        if kind == VIEWS:
            return self.line(SHOP, "page.viewed", at, number, f'"page":"/shelf/{self.count % 97}",')
        if kind == ORDERS:
            fields = f'"order-number":"B-{self.count:08}","value":{19 + self.count % 300}.5,"items":{1 + self.count % 4},'  # fmt: skip
            return self.line(SHOP, self.names(one.group)[1], at, number, fields)
        if kind == SIGNS_UP:
            address = f'"email":"{email(number)}",'
            return self.line(SHOP, self.names(one.group)[0], at, number, address, answer(one))
        said = saying(number, kind, self.count)
        return self.line(CENTRE, "preferences.saved", at, number, "", said)


def answer(one: Shopper) -> str:
    """Return how a sign-up tells the answer to the question about offers."""
    if one.agrees is None:
        return ""
    return f'"agrees":{{"offers":{{"email":{"true" if one.agrees else "false"}}}}},'


def saying(number: int, kind: int, record: int) -> str:
    """Return a later word about offers, as the preference centre reports it."""
    act = f'"grant","record":"r-{record:08}"' if kind == SAYS_YES else '"withdraw"'
    return f'"consent":[{{"purpose":"offers","channel":"email","contact":"{email(number)}","act":{act}}}],'


def lines(
    crowd: list[Shopper],
    views: Iterable[tuple[int, int]],
    names: Callable[[int], tuple[str, str]],
    *,
    closed: bool = True,
) -> Iterator[bytes]:
    """Yield the log of a crowd; a closed one has a last page view, so long after all else that nobody waits any more."""
    plans = [plan for one in crowd for plan in plans_of(one)]
    plans.extend(planned(at, number, VIEWS) for at, number in views)
    plans.sort()
    last = [planned(END, 0, VIEWS)] if closed else []
    writer = Writer(names)
    return (writer.of(plan, crowd) for plan in chain(plans, last))


def chosen(choices: list[Choice]) -> Iterator[bytes]:
    """Yield the log of people who choose plans; every event brings the address too."""
    writer = Writer(lambda _group: ("", ""))
    for one in choices:
        fields = f'"email":"{email(one.number)}","plan":"p{one.plan}",'
        yield writer.line(SHOP, "plan.chosen", one.at, one.number, fields)
