"""The page about channels: its adapter keeps the contract, its settings are right, its tables are those of the code."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs

import pytest

from tests.channel_contract import ChannelContract, Sample
from tests.receivers import Server, intent, says, web_server
from tests.tree import ROOT
from verbline.cli.commands import COMMANDS
from verbline.cli.outbox_text import STATES
from verbline.runtime.channels.answers import Accepted, Later, Refused
from verbline.runtime.channels.calls import LATER, LATER_ALL, UNSURE
from verbline.runtime.channels.intent import Words
from verbline.runtime.channels.making import Given
from verbline.runtime.settings.read import runtime_of
from verbline.runtime.settings.tables import Channel

PAGE = (ROOT / "docs" / "channels.md").read_text("utf-8")
SMS = intent(channel="sms", address="+38640123456", words=Words(text="We meet on Monday."))


def example(kind: str) -> list[str]:
    """Return the examples of one kind on the page."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """Return the adapter on the page, as a module."""
    (code,) = example("python")
    made = ModuleType("made_of_the_page")
    exec(compile(code, "docs/channels.md", "exec"), made.__dict__)  # noqa: S102 - our own page
    return made


def adapter(module: ModuleType, server: Server, folder: Path) -> Sample:
    """Return the adapter with a provider behind it."""
    options = {"from": "CLUB", "account": "AC1", "token": {"env": "SMS_TOKEN"}}
    settings = Channel(
        adapter="club.sms:Sms", url=server.url, allow=("127.0.0.1",), options=options
    )
    channel = module.Sms(Given("sms", settings, folder, {"SMS_TOKEN": "t"}))
    return Sample(
        channel, lambda: [parse_qs(one.body.decode())["Reference"][0] for one in server.asked], SMS
    )


class TestSms(ChannelContract):
    """The adapter on the page keeps what every adapter keeps."""

    @pytest.fixture
    def sample(self, module: ModuleType, tmp_path: Path) -> Iterator[Sample]:
        """Return the adapter with its provider."""
        with web_server(says("201 Created", body=b'{"sid": "SM1"}')) as server:
            yield adapter(module, server, tmp_path)


def test_the_adapter_says_what_the_provider_says(module: ModuleType, tmp_path: Path) -> None:
    """Its name for what it took, a number that does not exist, and a rest."""
    cases = [
        (says("201 Created", body=b'{"sid": "SM1"}'), Accepted("SM1")),
        (says("400 Bad", body=b"no such number"), Refused("recipient_refused", suppress="invalid")),
        (says("400 Bad", body=b"?"), Refused("refused", "400")),
        (says("429 Slow", "Retry-After: 2"), Later("too_many", "429", 2000, all=True)),
    ]
    for behaves, answer in cases:
        with web_server(behaves) as server:
            assert adapter(module, server, tmp_path).send() == answer
            assert server.asked[0].headers["authorization"] == "Basic QUMxOnQ="


def test_the_settings_on_the_page_are_right() -> None:
    """Each example of settings is read without a finding, and every key of a channel is explained."""
    for text in example("toml"):
        assert runtime_of("verbline.toml", text.encode())[1] == ()
    table = PAGE.partition("| Key | Says |")[2].partition("\n\n")[0]
    explained = {
        key
        for row in table.splitlines()
        for key in re.findall(r"`([\w-]+)`", row.split("|")[1:2][0] if "|" in row else "")
    }
    keys = {field.alias or name for name, field in Channel.model_fields.items()} - {"layout"}
    assert keys - explained == set()


def test_the_statuses_on_the_page_are_those_of_the_code() -> None:
    """What is later, what rests the channel and what is unknown."""
    rows = dict(re.findall(r"^\| ([\d, x]+.*?) \| (.*?) \|$", PAGE, re.MULTILINE))
    told = {
        answer: set(map(int, re.findall(r"\b\d{3}\b", codes))) for codes, answer in rows.items()
    }
    assert told["later"] - {500} <= set(LATER)
    assert told["later, and the channel rests"] <= set(LATER_ALL)
    assert told["unknown"] == set(UNSURE)


def test_the_states_are_those_of_the_outbox() -> None:
    """Each state stands in the table, once, and the commands of the page are there."""
    table = PAGE.split("| State | Means |")[1].split("\n\n")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \|", table) == [
        "ready", "sending", "sent", "refused", "stale", "withdrawn", "failed", "unknown",
    ]  # fmt: skip
    assert set(re.findall(r"`(\w+)` \|", table)) == set(STATES)
    for line in re.findall(r"(?m)^verbline (\w+)", "\n".join(example("sh"))):
        assert line in COMMANDS
