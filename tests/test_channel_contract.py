"""Every adapter that comes along keeps the contract of adapters."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channel_contract import ChannelContract, Sample
from tests.receivers import Mails, intent, mail_server, says, web_server
from verbline.runtime.channels.desk import Desk
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.intent import Task
from verbline.runtime.channels.lines import Console, Lines
from verbline.runtime.channels.links import Links
from verbline.runtime.channels.mail import Mail
from verbline.runtime.channels.talks import Server
from verbline.runtime.channels.webhook import Webhook

LOOPBACK = Guard(["127.0.0.0/8"])


class TestMail(ChannelContract):
    """Mail, to a server on this machine."""

    @pytest.fixture
    def sample(self) -> Iterator[Sample]:
        """Return the adapter with its server."""
        mails = Mails()
        with mail_server(mails) as port:
            channel = Mail(Server("127.0.0.1", port, tls="off"), "Club <club@club.example>")
            yield Sample(channel, lambda: keys_of(mails), intent())
            channel.close()


class TestWebhook(ChannelContract):
    """A webhook, to a server on this machine."""

    @pytest.fixture
    def sample(self) -> Iterator[Sample]:
        """Return the adapter with its server."""
        with web_server(says("200 OK")) as server:
            channel = Webhook(server.url, [b"k"], guard=LOOPBACK)
            asked = server.asked
            yield Sample(channel, lambda: [one.headers["webhook-id"] for one in asked], intent())


class TestFile(ChannelContract):
    """A file."""

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Sample:
        """Return the adapter with its file."""
        path = tmp_path / "outbox" / "email.jsonl"
        return Sample(
            Lines(path), lambda: keys_in(path.read_text() if path.exists() else ""), intent()
        )


class TestConsole(ChannelContract):
    """The terminal."""

    @pytest.fixture
    def sample(self) -> Sample:
        """Return the adapter with its stream."""
        stream = io.StringIO()
        return Sample(Console(stream), lambda: keys_in(stream.getvalue()), intent())


class TestDeskByMail(ChannelContract):
    """A desk that is written to, with answer links."""

    @pytest.fixture
    def sample(self) -> Iterator[Sample]:
        """Return the adapter with its server."""
        mails = Mails()
        with mail_server(mails) as port:
            way = Mail(Server("127.0.0.1", port, tls="off"), "Club <club@club.example>")
            desk = Desk(
                way, Links("https://club.example/v", ["a key of sixteen"]), "desk@club.example"
            )
            yield Sample(desk, lambda: keys_of(mails), intent(kind="note", channel="desk"))
            desk.close()


class TestDeskByFile(ChannelContract):
    """A desk that reads a file; its words are made of the task, so what is too large has to be the task."""

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Sample:
        """Return the adapter with its file."""
        path = tmp_path / "tasks.jsonl"
        task = Task(desk="Welcome", because="a friend joined", answers=("called",))
        return Sample(
            Desk(Lines(path)),
            lambda: keys_in(path.read_text() if path.exists() else ""),
            intent(kind="task", channel="desk", address="Welcome", task=task),
        )

    def test_what_is_too_large_is_refused(self, sample: Sample) -> None:
        """More than it declares is refused for good, and does not leave."""
        task = Task(desk="Welcome", shown=(("notes", "x" * sample.channel.declares.size_max),))
        super().test_what_is_too_large_is_refused(
            Sample(sample.channel, sample.taken, sample.changed(task=task))
        )


def keys_of(mails: Mails) -> list[str]:
    """Return the keys that the mails bear."""
    return [str(one["Message-ID"]).strip("<>").partition("@")[0] for one in mails.messages]


def keys_in(text: str) -> list[str]:
    """Return the keys of lines of JSON."""
    return [json.loads(line)["key"] for line in text.splitlines()]
