"""Whoever waits for a change is woken by a hint, and looks again without one when nobody watches."""

from __future__ import annotations

from pathlib import Path

import pytest
from watchdog.observers import Observer

from verbline.runtime.follow.wake import Wake

# Much longer than any hint takes; whoever is woken does not wait so long.
LONG = 30.0


def test_a_change_is_hinted_at(tmp_path: Path) -> None:
    """An append wakes whoever waits long before the next look."""
    with Wake(tmp_path, poll=LONG) as wake:
        assert not wake.degraded
        wake.wait(0)
        (tmp_path / "a.jsonl").write_bytes(b"x\n")
        assert wake.wait()


def test_reading_is_no_change(tmp_path: Path) -> None:
    """Whoever reads the log is not woken by that."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"x\n")
    with Wake(tmp_path, poll=0.2) as wake:
        wake.wait(0)
        while wake.wait():
            pass  # what was written before anybody watched may still arrive
        file.read_bytes()
        assert not wake.wait()


def test_a_watch_that_cannot_be_had_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Over the system's limit the clock is left, and the watch comes back as soon as it can."""

    def full(*_: object, **__: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    with monkeypatch.context() as patched:
        patched.setattr(Observer, "schedule", full)
        wake = Wake(tmp_path, poll=0.01)
        states = [wake.degraded]
        assert not wake.wait()
    wake.wait()
    states.append(wake.degraded)
    wake.close()
    assert states == [True, False]


def test_a_watch_that_died_is_set_again(tmp_path: Path) -> None:
    """Nothing tells that a watch is dead, so it is looked at."""
    with Wake(tmp_path, poll=0.01) as wake:
        wake.wait(0)
        wake._observer.stop()
        wake._observer.join()
        states = [wake.degraded]
        while wake.wait():
            pass
        assert [*states, wake.degraded] == [True, False]


def test_a_folder_made_anew_is_watched_again(tmp_path: Path) -> None:
    """The watch of a folder that was deleted sees nothing of the one that took its name."""
    folder = tmp_path / "log"
    folder.mkdir()
    with Wake(folder, poll=0.05) as wake:
        folder.rmdir()
        while wake.wait():
            pass
        folder.mkdir()
        while wake.wait():
            pass
        wake.poll = LONG
        wake.wait(0)
        (folder / "a.jsonl").write_bytes(b"x\n")
        assert wake.wait()
