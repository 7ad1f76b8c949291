"""Signed links: what one says, and what nobody can make without the key."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbline.runtime.channels.links import ANSWER, CONFIRM, LEAVE, LinkError, Links, kept_key

NOW = 1_773_043_200_000
KEY, OLD = "a key that nobody knows", "the key of last year"
LINKS = Links("https://club.example/v", [KEY])


def reason(token: str, now: int = NOW, links: Links = LINKS) -> str:
    """Return why a token does nothing, or nothing."""
    try:
        links.read(token, now)
    except LinkError as error:
        return error.reason
    return ""


TEXTS = st.characters(exclude_characters="\0", codec="utf-8")


@given(
    st.sampled_from((LEAVE, ANSWER, CONFIRM)),
    st.text(TEXTS, min_size=1, max_size=40),
    st.text(TEXTS, max_size=40),
    st.integers(min_value=0, max_value=2**47),
)
def test_what_a_link_says_comes_back(kind: str, key: str, answer: str, expires: int) -> None:
    """Kind, key and answer come back until the end, and not a millisecond longer."""
    token = LINKS.token(kind, key, answer, expires)
    claim = LINKS.read(token, expires or NOW)
    assert (claim.kind, claim.key, claim.answer) == (kind, key, answer)
    assert not expires or reason(token, expires + 1) == "expired"
    assert LINKS.link(kind, key, answer, expires) == f"https://club.example/v/{token}"


def test_the_key_is_all() -> None:
    """Another key makes another proof; an earlier one still counts where it is named."""
    token = Links("https://a.example", [OLD]).token(LEAVE, "k")
    assert reason(token) == "forged"
    assert reason(token, links=Links("https://a.example", [KEY, OLD])) == ""
    for poor in ([], ["short"], [KEY, "short"]):
        with pytest.raises(ValueError, match="16"):
            Links("https://a.example", poor)


@pytest.mark.parametrize(
    "token",
    ["", ".", "a.b", "a.b.c", "....", "\x00.\x00", "č.ž", "x" * 5000, "QUJD.QUJD", "=.=", " . ", "AWwAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA"],
)  # fmt: skip
def test_what_is_no_link_does_nothing(token: str) -> None:
    """Nothing that somebody types in breaks the reader."""
    assert reason(token) in ("broken", "forged")


def test_no_changed_bit_counts() -> None:
    """Of a link, no bit can be changed, none added and none left out."""
    token = LINKS.token(ANSWER, "0a1b2c", "yes", NOW + 1000)
    for at, sign in enumerate(token):
        for other in ("A", "B", "_", "", sign + "A"):
            changed = token[:at] + other + token[at + 1 :]
            assert changed == token or reason(changed) in ("broken", "forged")


def test_a_link_is_of_one_kind() -> None:
    """The way out of a message does not answer a task, though all else is the same."""
    content, proof = (urlsafe_b64decode(f"{one}==") for one in LINKS.token(LEAVE, "k").split("."))
    other = content.replace(b"l", b"a", 1)
    assert other != content
    token = ".".join(urlsafe_b64encode(one).rstrip(b"=").decode() for one in (other, proof))
    assert reason(token) == "forged"


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """Of many that ask at once all get the same key, and nobody else on the machine may read it."""
    path = tmp_path / "links.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(path), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 43
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["links.key"]
