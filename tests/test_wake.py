"""Whoever waits for a change is woken by a hint, and looks again without one when nobody watches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from verbline.runtime.follow.inotify import Inotify
from verbline.runtime.follow.observed import Observed
from verbline.runtime.follow.wake import Wake, Watch, watch_of

# Much longer than any hint takes; whoever is woken does not wait so long.
LONG = 30.0


@pytest.fixture(params=[Inotify, Observed])
def watched(request: pytest.FixtureRequest) -> Callable[[Path], Watch]:
    """Return each kind of watch."""
    kind: Callable[[Path], Watch] = request.param
    return kind


def calm(wake: Wake) -> None:
    """Wait until nothing is hinted at any more that happened before."""
    while wake.wait(0.2):
        wake.moved()


def test_a_change_is_hinted_at(tmp_path: Path, watched: Callable[[Path], Watch]) -> None:
    """An append wakes whoever waits long before the next look."""
    with Wake(tmp_path, LONG, watched) as wake:
        assert not wake.degraded
        wake.wait(0)
        (tmp_path / "a.jsonl").write_bytes(b"x\n")
        assert wake.wait()


def test_reading_is_no_change(tmp_path: Path, watched: Callable[[Path], Watch]) -> None:
    """Whoever reads the log is not woken by that."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"x\n")
    with Wake(tmp_path, 0.2, watched) as wake:
        wake.wait(0)
        while wake.wait():
            pass  # what was written before anybody watched may still arrive
        file.read_bytes()
        assert not wake.wait()


def test_quiet_files_wake_nobody(tmp_path: Path) -> None:
    """Only that they are written: one that comes or goes is told, and so is a line that comes right behind."""
    store, log = tmp_path / "a.db", tmp_path / "a.jsonl"
    store.write_bytes(b"x")
    log.write_bytes(b"x\n")
    with Wake(tmp_path, LONG, lambda folder: watch_of(folder, ["a.db"])) as wake:
        calm(wake)
        seen = []
        for file in (store, log, store):
            with file.open("ab") as opened:
                opened.write(b"y\n")
            seen.append(wake.wait(0.2))
            calm(wake)
        store.unlink()
        assert [*seen, wake.wait()] == [False, True, False, True]


def test_a_new_name_is_more_than_a_change(tmp_path: Path, watched: Callable[[Path], Watch]) -> None:
    """Who appends gives no file a name; who renames one, or makes one, does."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"x\n")
    with Wake(tmp_path, LONG, watched) as wake:
        calm(wake)
        wake.moved()
        with file.open("ab") as opened:
            opened.write(b"y\n")
        assert wake.wait()
        seen = [wake.moved()]
        calm(wake)
        wake.moved()
        file.rename(tmp_path / "b.jsonl")
        assert wake.wait()
        assert [*seen, wake.moved(), wake.moved()] == [False, True, False]


def test_names_are_looked_at_by_the_clock_too(tmp_path: Path) -> None:
    """However many hints come that speak of nothing but lines."""
    with Wake(tmp_path, poll=0.01) as wake:
        wake.moved()
        while not wake.moved():
            pass


def test_a_watch_that_cannot_be_had_is_told(
    tmp_path: Path, watched: Callable[[Path], Watch]
) -> None:
    """Over the system's limit the clock is left, and the watch comes back as soon as it can."""
    failed: list[OSError] = []

    def full(folder: Path) -> Watch:
        if failed:
            return watched(folder)
        failed.append(OSError(24, "inotify instance limit reached"))
        raise failed[0]

    with Wake(tmp_path, 0.01, full) as wake:
        states = [wake.degraded]
        wake.wait()
        wake.wait()
        assert [*states, wake.degraded] == [True, False]


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    """The system says so, and no descriptor stays open."""
    with pytest.raises(FileNotFoundError):
        Inotify(tmp_path / "none")


def test_a_watch_that_died_is_set_again(tmp_path: Path) -> None:
    """Nothing tells that a watch is dead, so it is looked at."""
    with Wake(tmp_path, 0.01, Observed) as wake:
        wake.wait(0)
        assert wake._watch is not None
        wake._watch.close()
        states = [wake.degraded]
        while wake.wait():
            pass
        assert [*states, wake.degraded] == [True, False]


def test_a_folder_made_anew_is_watched_again(
    tmp_path: Path, watched: Callable[[Path], Watch]
) -> None:
    """The watch of a folder that was deleted sees nothing of the one that took its name."""
    folder = tmp_path / "log"
    folder.mkdir()
    with Wake(folder, 0.05, watched) as wake:
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


def test_hints_that_were_lost_are_a_hint(tmp_path: Path) -> None:
    """More happened than the system keeps in mind: a file may have come or gone unseen, so it is looked for."""
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text("ascii"))
    files = [(tmp_path / name).open("ab", buffering=0) for name in ("a.jsonl", "b.jsonl")]
    watch = Inotify(tmp_path)
    try:
        # Alike hints in a row are one.
        for number in range(most + 10):
            files[number % 2].write(b"\n")
        while watch.wait(0):
            pass
        assert watch.has_moved
        assert watch.is_alive
        files[0].write(b"\n")
        assert watch.wait(LONG)
    finally:
        watch.close()
        for file in files:
            file.close()
