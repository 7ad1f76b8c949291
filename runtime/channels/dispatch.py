"""All channels of a project at work. Rule: one courier for each channel and each desk, so that none waits for another.

A desk's courier is called ``desk:NAME``; the intents of its tasks bear that name as their channel.
"""

from __future__ import annotations

import time

from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.making import channel_of, desk_of, links_of
from verbline.runtime.clock import now
from verbline.runtime.settings.tables import Channel as Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from verbline.runtime.channels.answers import Channel
    from verbline.runtime.channels.courier import Outbox
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.links import Links
    from verbline.runtime.settings.tables import Runtime

DESK = "desk:"
MAIL = "email"


class Project:
    """What is told of a project: the ``channels`` and ``desks`` that its journeys use, its ``folder``, the environment.

    ``kept`` is the key of links that the runtime made for itself, where the settings name none.
    """

    __slots__ = ("channels", "desks", "environment", "folder", "kept")

    def __init__(
        self,
        channels: Iterable[str],
        desks: Iterable[str],
        folder: Path,
        environment: Mapping[str, str],
        kept: str = "",
    ) -> None:
        self.channels = tuple(channels)
        self.desks = tuple(desks)
        self.folder = folder
        self.environment = environment
        self.kept = kept


class Dispatch:
    """The couriers by name. ``links`` makes the links of messages, None where the settings know no base or no key.

    `SecretError` or `AdapterError` where a channel cannot be made; then none is.
    """

    __slots__ = ("_clock", "_made", "_outbox", "couriers", "links")

    def __init__(
        self, project: Project, settings: Runtime, outbox: Outbox, clock: Callable[[], int] = now
    ) -> None:
        folder, environment = project.folder, project.environment
        self.links: Links | None = links_of(settings.links, folder, environment, project.kept)
        self.couriers: dict[str, Courier] = {}
        made: dict[str, tuple[Channel, Table]] = {}
        for name in project.channels:
            table = settings.channels.get(name, Table())
            made[name] = channel_of(name, table, folder, environment), table
        mail_table = settings.channels.get(MAIL, Table())
        for name in project.desks:
            desk = settings.desks.get(name)
            mail = (
                channel_of(MAIL, mail_table, folder, environment) if desk and desk.email else None
            )
            way = desk_of(desk, mail, self.links, folder, environment)
            made[DESK + name] = way, mail_table if mail else Table()
        self._clock = clock
        self._outbox = outbox
        self._made = made
        for name in made:
            self.couriers[name] = self._courier(name)

    def _courier(self, name: str) -> Courier:
        channel, table = self._made[name]
        return Courier(
            name,
            channel,
            self._outbox,
            rate=table.rate,
            concurrency=table.concurrency,
            timeout=table.timeout,
            clock=self._clock,
        )

    def renew(self, name: str) -> None:
        """Let another courier begin on a channel whose own has ended."""
        courier = self.couriers[name] = self._courier(name)
        courier.start()

    @property
    def states(self) -> dict[str, str]:
        """The state of each courier: `Courier.state`."""
        return {name: courier.state for name, courier in self.couriers.items()}

    def start(self) -> None:
        """Begin on every channel."""
        for courier in self.couriers.values():
            courier.start()

    def wake(self, channels: set[str] | None = None) -> None:
        """Say that there may be something new, on some channels or on all."""
        for name in self.couriers if channels is None else channels & self.couriers.keys():
            self.couriers[name].wake()

    def claim(self, intent: Intent) -> bool:
        """Return whether an intent may leave at once; see `Courier.claim`."""
        courier = self.couriers.get(intent.channel)
        return courier is not None and courier.claim(intent)

    def expect(self, intent: Intent) -> None:
        """Let what was claimed be made ready, while the disk is waited for."""
        self.couriers[intent.channel].expect(intent)

    def hand(self, intent: Intent) -> None:
        """Hand over what was claimed, and of which it is on the disk that it is under way."""
        self.couriers[intent.channel].hand(intent)

    def drop(self, intent: Intent) -> None:
        """Free the place of what was claimed and is not to leave now."""
        self.couriers[intent.channel].drop(intent)

    def stop(self, seconds: float) -> bool:
        """Take nothing new, wait for what is under way, and return whether all of it ended in time."""
        for courier in self.couriers.values():
            courier.end()
        deadline = time.monotonic() + seconds
        ended = [
            courier.stop(max(0.0, deadline - time.monotonic()))
            for courier in self.couriers.values()
        ]
        return all(ended)
