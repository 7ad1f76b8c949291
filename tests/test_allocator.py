"""Large blocks go back to the system as soon as they are free, whatever was free before."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.limits import LONGEST
from verbline.runtime.allocator import give_back

# Frees a block of 30 MB, then takes and frees one of 20 MB, and prints how much of that is still held.
PROGRAM = """
import sys
from pathlib import Path
from verbline.runtime.allocator import give_back

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "given back":
    assert give_back()
first = bytearray(30_000_000)
del first
before = held()
block, above = bytearray(20_000_000), bytearray(100_000)
del block
print(held() - before)
"""


@pytest.mark.skipif(not give_back(), reason="this C library has no such setting")
@pytest.mark.parametrize("how", ["given back", "kept"])
def test_what_is_free_is_no_longer_held(how: str) -> None:
    """Without the setting most of the block stays with the process: what lies above it is still used."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        env=dict(os.environ), capture_output=True, text=True, check=True, timeout=LONGEST,
    )  # fmt: skip
    assert (int(done.stdout) > 10_000_000) is (how == "kept")
