"""Which places a webhook reaches: none of this machine, of its net, of its provider, however they are written."""

import socket
import time
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.receivers import Server, intent, says, web_server
from verbline.runtime.channels.answers import Accepted, Later
from verbline.runtime.channels.guarding import Guard, TargetError, is_outside, target_of
from verbline.runtime.channels.webhook import Webhook

# Places that are inside: the server of the tests listens on this machine.
INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "0", "0.0.0.0",  # noqa: S104 - asked for, not listened on
    "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "ip6-localhost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
    "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[100::1]",
    "[2001:db8::1]", "[::ffff:0:127.0.0.1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "192.0.0.192", "198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "192.88.99.1", "1.1.1.1.1", "0x08080808", "134744072", "08.8.8.8", "8.8", "256.1.1.1",
]  # fmt: skip
# Addresses of the web that two readers understand in two ways.
CROOKED = [
    "http://127.0.0.1\\@mail.example/", "http://mail.example\\@127.0.0.1/", "http://a@127.0.0.1/", "http://a:b@mail.example/", "http:/127.0.0.1/",
    "http:127.0.0.1/", "//127.0.0.1/", "http:///127.0.0.1/", "http://127.0.0.1%2f@mail.example/", "http://mail.example#@127.0.0.1/",
    "http://mail.example:80@127.0.0.1/", "http://127.0.0.1:80:90/", "http://mail.example:0/", "http://mail.example:99999/", "http://[::1/",
    "http://[::1]x/", "http://[fe80::1%25lo]/", "http://mail.exam\tple/", "http://mail.example/\r\nHost: x", "http://mail.example/ x",
    "http://mail.example /", " http://mail.example/", "http://mail.example\x00/", "ftp://mail.example/", "file:///etc/passwd",
    "gopher://127.0.0.1/", "javascript:alert(1)", "http://", "http://.", "http://..", "http://a..b.example/", "http://-a.example/",
    "http://a_b.example/", "http://\u2024/", "http://mail.example/\u010d", "HTTP://mail.example/", "http://127。0。0。1/", "http://①②⑦.0.0.1/",
    "http://ⓛocalhost/", "http://" + "a" * 3000, "http://%6c%6f%63alhost/",
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> object:
    """Run a server that nobody should reach."""
    with web_server(says("200 OK")) as found:
        yield found


@pytest.mark.parametrize("host", INSIDE)
def test_nothing_inside_is_reached(server: Server, host: str) -> None:
    """However the place is written, and whatever the machine makes of it, there is no connection."""
    before = server.connections
    for url in (f"http://{host}:{server.port}/", f"https://{host}:{server.port}/"):
        try:
            hook = Webhook(url, guard=Guard())
        except TargetError:
            continue
        answer = hook.send(intent(), time.monotonic() + 3)
        assert isinstance(answer, Later)
        assert answer.reason in ("forbidden_target", "not_reached")
    assert server.connections == before


def test_the_names_that_mean_this_machine_are_looked_up_for_real() -> None:
    """The table would prove nothing where the machine does not take these for its own: it does."""
    for written in ("127.1", "2130706433", "0x7f000001", "localhost"):
        found = socket.getaddrinfo(written, 80, type=socket.SOCK_STREAM)
        assert any(str(one[4][0]) in ("127.0.0.1", "::1") for one in found)


@pytest.mark.parametrize("url", CROOKED, ids=[ascii(one)[:40] for one in CROOKED])
def test_what_can_be_read_in_two_ways_is_not_read(url: str) -> None:
    """An address that hides its host from one of two readers is no target."""
    with pytest.raises(TargetError):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (
            "https://mail.example/hook?x=1",
            ("https", "mail.example", 443, "/hook?x=1", "mail.example"),
        ),
        ("https://MAIL.example:8443", ("https", "mail.example", 8443, "/", "mail.example:8443")),
        ("http://10.1.2.3:80/", ("http", "10.1.2.3", 80, "/", "10.1.2.3")),
        ("https://[2606:4700::1]/x", ("https", "2606:4700::1", 443, "/x", "[2606:4700::1]")),
        (
            "https://žoga.example?q",
            ("https", "xn--oga-b3a.example", 443, "/?q", "xn--oga-b3a.example"),
        ),
    ],
)
def test_what_is_clear_is_read(url: str, parts: tuple[object, ...]) -> None:
    """Scheme, host, port, path and what the header says."""
    target = target_of(url)
    found = (target.scheme, target.host, target.port, target.path, target.authority)
    assert found == parts


def test_a_name_that_points_inside_as_well_is_not_reached(server: Server) -> None:
    """One address of several is enough; and the name is looked up once, so it cannot turn in between."""
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(f"{host}:{port}")
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    guard = Guard(resolve=turning)
    target = target_of(f"https://turning.example:{server.port}/")
    assert guard.addresses(target) == ["93.184.216.34"]
    with pytest.raises(TargetError):
        guard.addresses(target)
    for both in (["93.184.216.34", "10.0.0.1"], ["::1", "93.184.216.34"], []):
        with pytest.raises(TargetError):
            Guard(resolve=lambda _host, _port, both=both: both).addresses(target)  # type: ignore[misc]


def test_outside_only_tls_is_spoken() -> None:
    """Without TLS nothing goes to the open internet; inside an allowed net it may."""
    guard = Guard(["10.1.0.0/16"], lambda _host, _port: ["93.184.216.34"])
    assert guard.addresses(target_of("https://a.example/")) == ["93.184.216.34"]
    with pytest.raises(TargetError):
        guard.addresses(target_of("http://a.example/"))
    inner = Guard(["10.1.0.0/16"], lambda _host, _port: ["10.1.2.3"])
    assert inner.addresses(target_of("http://a.example/")) == ["10.1.2.3"]
    with pytest.raises(TargetError):
        Guard(["10.1.0.0/16"], lambda _host, _port: ["10.2.2.3"]).addresses(
            target_of("http://a.example/")
        )


def test_what_is_allowed_by_name_is_reached(server: Server) -> None:
    """The operator may name a net that is inside, and then that net is reached, also as the number inside another."""
    hook = Webhook(server.url, guard=Guard(["127.0.0.1/32"]))
    assert hook.send(intent(), time.monotonic() + 3) == Accepted()
    assert Guard(["127.0.0.0/8"]).is_allowed(ip_address("::ffff:127.0.0.1"))
    assert not Guard(["127.0.0.0/8"]).is_allowed(ip_address("128.0.0.1"))


OUTSIDE = [
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_open_internet_is_outside(address: str) -> None:
    """The guard does not refuse everything."""
    assert is_outside(ip_address(address))


@given(st.ip_addresses())
def test_whatever_is_private_is_inside(address: object) -> None:
    """No address that the standard library calls private, local or reserved passes for outside."""
    ip = ip_address(str(address))
    if is_outside(ip):
        assert {ip.is_loopback, ip.is_link_local, ip.is_multicast, ip.is_unspecified} == {False}
        mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
        assert not ip.is_private or (mapped is not None and mapped.is_global)


@given(st.text(alphabet="http:/@.\\[]127locax%#? \t", max_size=40))
def test_whatever_is_read_has_one_host(text: str) -> None:
    """A target is refused, or its parts make the same target again."""
    try:
        target = target_of(text)
    except TargetError:
        return
    again = target_of(f"{target.scheme}://{target.authority}{target.path}")
    assert (again.host, again.port, again.path) == (target.host, target.port, target.path)
