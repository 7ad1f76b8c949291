"""Pages in a real browser, for tests. Rule: what a page asks for is written down, and nothing it asks for leaves the machine.

`NEEDED` skips a test, and says so, where no Chromium is installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")
NEEDED = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium is installed to open the page with: apt-get install chromium"
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions",
    # Whatever is asked for, no name leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=2000",
)  # fmt: skip
# What the browser asks for by itself, whatever page it shows.
ITS_OWN = re.compile(r"https?://([a-z0-9-]+\.)*(google|googleapis|gstatic|chromium)\.(com|org)[/:]")
URL = re.compile(r'"url":"((?:https?|wss?|ftp):[^"]*)')
# How long the browser may take.
SECONDS = 60


class Opened(NamedTuple):
    """A page as the browser shows it: the picture, the document after everything ran, and what was asked for."""

    png: bytes
    document: str
    requests: list[str]

    @property
    def colours(self) -> int:
        """How many different bytes the picture has; one or two where nothing is on it."""
        return len(set(pixels(self.png)))

    @property
    def elements(self) -> set[str]:
        """The kinds of elements in the document."""
        found = Elements()
        found.feed(self.document)
        return found.kinds

    @property
    def attributes(self) -> set[str]:
        """The names of all attributes in the document."""
        found = Elements()
        found.feed(self.document)
        return found.names


class Elements(HTMLParser):
    """Gathers the kinds of elements, and the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        self.kinds.add(tag)
        self.names.update(name for name, _value in attrs)


def opened(page: str, width: int = 1200, height: int = 2000) -> Opened:
    """Return how a browser shows ``page``."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        (folder / "page.html").write_text(page, "utf-8")
        picture, noted = folder / "page.png", folder / "net.json"
        done = subprocess.run(
            [
                CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={noted}",
                "--net-log-capture-mode=Everything", f"--window-size={width},{height}", f"--screenshot={picture}",
                "--dump-dom", (folder / "page.html").as_uri(),
            ],
            capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        assert picture.exists(), f"the browser made no picture: {done.stderr.decode()[-500:]}"
        asked = [one for one in URL.findall(noted.read_text("utf-8")) if not ITS_OWN.match(one)]
        return Opened(picture.read_bytes(), done.stdout.decode(), list(dict.fromkeys(asked)))


def pixels(png: bytes) -> bytes:
    """Return the unpacked content of a picture."""
    assert png.startswith(b"\x89PNG"), "a picture is a PNG"
    parts, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            parts.append(png[place + 8 : place + 8 + length])
        place += length + 12
    return zlib.decompress(b"".join(parts))
