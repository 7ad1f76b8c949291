"""What a simulation came to, as plain values. Rule: the sums of lots add up to those of all, whoever was in which."""

from __future__ import annotations

from collections import Counter
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.program import Program
    from verbline.runtime.log import Log
    from verbline.runtime.simulate import Simulation


def places_of(program: Program) -> list[Any]:
    """Return the journeys and their steps, in an order that every process knows."""
    journeys = list(program.journeys.values())
    return [*journeys, *(step for one in journeys for step in one.steps.values())]


def sums_of(simulation: Simulation, log: Log) -> tuple[Any, ...]:
    """Return what a simulation came to."""
    tally, feed = simulation.tally, simulation.feed
    number = {id(one): at for at, one in enumerate(places_of(simulation.program))}
    return (
        {(number[id(where)], *rest): count for (where, *rest), count in tally.all().items()},
        [dict(one) for one in counters(simulation)],
        (simulation.people, simulation.events, simulation.vain, simulation.answers.given),
        (feed.nobody, feed.refused, log.counts.duplicates),
        (simulation.first, log.counts.parked),
    )


def counters(simulation: Simulation) -> list[Counter[Any]]:
    """Return what is counted by name."""
    tally, feed = simulation.tally, simulation.feed
    return [
        tally.tasks,
        tally.ends,
        tally.people,
        tally.confirming,
        simulation.inside,
        feed.strange,
        feed.foreign,
        feed.asked,
        feed.operators.refused,
    ]


def add(simulation: Simulation, log: Log, sums: tuple[Any, ...]) -> None:
    """Add what another came to."""
    counts, by_name, (people, events, vain, given), (nobody, refused, duplicates), rest = sums
    tally, feed = simulation.tally, simulation.feed
    places = places_of(simulation.program)
    for (where, kind, verdict, reason, apart), count in counts.items():
        key = (places[where], kind, verdict, reason, apart)
        tally.counts[key] = tally.counts.get(key, 0) + count
    for mine, theirs in zip(counters(simulation), by_name, strict=True):
        for name, count in theirs.items():
            mine[name] += count
    simulation.people += people
    simulation.events += events
    simulation.vain += vain
    simulation.answers.given += given
    feed.nobody += nobody
    feed.refused += refused
    log.counts.duplicates += duplicates
    first, parked = rest
    if first is not None:
        simulation.first = first if simulation.first is None else min(first, simulation.first)
    for reason, count in parked.items():
        log.counts.parked[reason] = log.counts.parked.get(reason, 0) + count
