"""docs/operating.md: what it says of refusals and of what operators are told is what the code says."""

from __future__ import annotations

import re

from tests.tree import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
ENGINE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "runtime" / "engine").glob("*.py")))  # fmt: skip
TOLD = re.compile(r'telling\.(?:note|warn|fail)\(\s*"([^"]+)"')


def test_each_thing_that_operators_are_told_stands_in_the_page() -> None:
    """And nothing else does."""
    told = set(TOLD.findall(ENGINE))
    rows = PAGE.split("| `event` | Says |")[1]
    listed = {name for row in rows.splitlines() if row.startswith("| `") for name in re.findall(r"`([^`]+)`", row.split("|")[1])}  # fmt: skip
    assert told == listed


def test_the_files_and_codes_of_the_page_are_those_of_the_code() -> None:
    """What stands beside a store, the reason of what is set aside, and how much is one transaction."""
    from verbline.cli.taking import CERTIFICATE
    from verbline.runtime.engine import engine, live, outlets, parking
    from verbline.runtime.own import NAME

    for name in (
        f"club.db{outlets.KEY}",
        f"trial.db{outlets.INTENTS}",
        NAME,
        CERTIFICATE,
        parking.FAILED.reason,
        f"{engine.TOGETHER:,} lines",
        f"{live.AT_END:.0f} seconds",
    ):
        assert name in PAGE
