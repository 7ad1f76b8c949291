"""What the tables of ``verbline.toml`` hold that only the runtime reads. Rule: what a table does not know, it refuses.

[channels.email]                         [desks."Member welcome"]         [links]
adapter = "smtp"                         email = "welcome@club.example"   base = "https://club.example/v"
password = { env = "SMTP_PASSWORD" }

A secret is a name: of a variable of the environment, or of a file. Lengths of time are kept in milliseconds.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from verbline.runtime.settings.faults import fault
from verbline.runtime.settings.secret import Secret, named
from verbline.runtime.settings.written import (
    adapter,
    base_url,
    length,
    mailbox,
    network,
    one_line,
    rate,
    web_url,
)

# What a channel of each adapter cannot be without.
NEEDED = {"smtp": ("host", "from"), "webhook": ("url",)}
LOOPBACK = ("localhost", "127.0.0.1", "::1")

Adapter = Annotated[str, AfterValidator(adapter)]
Base = Annotated[str, AfterValidator(base_url)]
Line = Annotated[str, AfterValidator(one_line)]
Mailbox = Annotated[str, AfterValidator(mailbox)]
Length = Annotated[int, BeforeValidator(length)]
Rate = Annotated[tuple[int, int], BeforeValidator(rate)]
Url = Annotated[str, AfterValidator(web_url)]
Network = Annotated[str, AfterValidator(network)]
Networks = Annotated[tuple[Network, ...], Field(strict=False)]
Named = Annotated[Secret, PlainValidator(named)]


class Table(BaseModel):
    """A table of the settings: nothing in it that nobody reads, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Channel(Table):
    """``[channels.NAME]``: how words reach a person on one channel.

    ``rate`` is how many messages in how many milliseconds; ``timeout`` how many milliseconds one of them may take in all.
    ``repeatable`` says more than the adapter declares where the operator knows more about the receiver.
    """

    adapter: Adapter = "file"
    rate: Rate | None = None
    concurrency: Annotated[int, Field(ge=1, le=64)] = 2
    timeout: Length = 20_000
    repeatable: Literal["yes", "by key", "no"] | None = None
    # smtp
    host: Line = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "implicit", "off"] = "starttls"
    user: Line = ""
    password: Named | None = None
    sender: Mailbox = Field(default="", alias="from")
    reply: Mailbox = Field(default="", alias="reply-to")
    layout: Line = ""
    # webhook
    url: Url | None = None
    secret: Named | None = None
    allow: Networks = ()
    # file
    file: Line = ""
    # An adapter of one's own takes what it wants from here.
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse a channel without what its adapter needs, or one that would say its password aloud."""
        for key in NEEDED.get(self.adapter, ()):
            if not getattr(self, "sender" if key == "from" else key):
                raise fault("missing", key=key, adapter=self.adapter)
        if self.password and self.tls == "off" and self.host not in LOOPBACK:
            raise fault("clear", key="tls")
        return self


class Desk(Table):
    """``[desks.NAME]``: the one way in which people at a desk get their tasks."""

    email: Mailbox = ""
    webhook: Url | None = None
    file: Line = ""
    secret: Named | None = None
    allow: Networks = ()

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse a desk that is reached in two ways or in none."""
        ways = [name for name in ("email", "webhook", "file") if getattr(self, name)]
        if len(ways) != 1:
            raise fault("one_way", found=", ".join(ways) or "-")
        return self


class Links(Table):
    """``[links]``: where links lead, and the key that signs them; links signed with an earlier ``old`` key still count."""

    base: Base = ""
    key: Named | None = None
    old: Annotated[tuple[Named, ...], Field(strict=False)] = ()


class Outbox(Table):
    """``[outbox]``: for how long rows of what has left, or will not, are kept with their words."""

    keep: Length = 400 * 24 * 3_600_000


class Runtime(Table):
    """What the runtime reads: channels and desks by their names, the links and the outbox."""

    channels: dict[str, Channel] = {}
    desks: dict[str, Desk] = {}
    links: Links = Links()
    outbox: Outbox = Outbox()
