"""A store under another name, and on a disk that may only be read. Rule: it is refused in a sentence, or is the same store.

All of it happens on a disk of its own, which is mounted where no other process sees it. `python -m tests.sweeps.mounts FOLDER
FAULT` is the part that stands inside.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.limits import LONGEST
from tests.sweeps.club import BEGIN, DAYS, Place
from tests.sweeps.full import may_mount
from tests.sweeps.planted import planted
from tests.tree import ROOT
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.standing import StoreError, read_only
from verbline.runtime.store.writer import TakenError

MOUNTED = 'mount -t tmpfs tmpfs "$1" && exec "$2" -m tests.sweeps.mounts "$1" "$3"'
SECONDS = 120
LAST = len(DAYS) - 1


def opened(place: Place, store: Path) -> str:
    """Open a store by a name and close it; return why that cannot be done, nothing where it can."""
    try:
        Store(store, place.given.wanted(LIVE)).close()
    except TakenError as error:
        return f"taken by {error.pid}"
    except StoreError as error:
        return str(error)
    return ""


def looked(store: Path) -> str:
    """Look into a store by a name; return why that cannot be done, nothing where it can."""
    try:
        with read_only(store) as connection:
            connection.execute("select count(*) from outbox").fetchone()
    except StoreError as error:
        return str(error)
    return ""


def ran(*command: str) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)


def hard_link(place: Place) -> dict[str, str]:
    """A second name in the same folder."""
    other = place.folder / "other.db"
    other.hardlink_to(place.store)
    found = {"hard link": opened(place, other), "hard link, looked at": looked(other), "its first name": opened(place, place.store)}  # fmt: skip
    other.unlink()
    return found | {"one name again": opened(place, place.store)}


def mounts(place: Place) -> dict[str, str]:
    """The file by itself somewhere else, and its folder."""
    file, folder = place.folder / "elsewhere" / "s.db", place.folder.with_name("folder")
    file.parent.mkdir()
    file.touch()
    folder.mkdir()
    ran("mount", "--bind", str(place.store), str(file))
    found = {"mounted by itself": opened(place, file), "mounted by itself, looked at": looked(file)}
    ran("umount", str(file))
    ran("mount", "--bind", str(place.folder), str(folder))
    store = Store(place.store, place.given.wanted(LIVE))
    found["its folder mounted, in use"] = opened(place, folder / "s.db")
    store.close()
    found["its folder mounted"] = opened(place, folder / "s.db")
    ran("umount", str(folder))
    return found


def read_only_disk(place: Place, disk: Path) -> dict[str, str]:
    """Nothing may be written to the disk, then again it may."""
    before = place.store.read_bytes()
    ran("mount", "-o", "remount,ro", str(disk))
    found = {"a disk to read": opened(place, place.store), "a disk to read, looked at": looked(place.store)}  # fmt: skip
    ran("mount", "-o", "remount,rw", str(disk))
    return found | {"and unchanged": "" if place.store.read_bytes() == before else "changed"}


def inside(disk: Path) -> dict[str, str]:
    """Return what came of each, by its name; what is nothing can be used."""
    clean = Place(disk / "clean")
    clean.work()
    place = Place(disk / "place")
    for day in range(LAST):
        place.happens(day)
        place.live(BEGIN + day * DAY + 10 * HOUR)
    found = hard_link(place) | mounts(place) | read_only_disk(place, disk)
    place.work()
    return found | {"in the end": place.result().differs(clean.result())}


def swept(folder: Path, fault: str = "") -> dict[str, str] | None:
    """Return what came of each on a disk of its own; None where nothing may be mounted here."""
    if not may_mount(folder):
        return None
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", MOUNTED, "sh", str(folder), sys.executable, fault]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert not done.returncode, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


# What has to be refused, and by which word of the sentence that is seen; all others have to be usable.
REFUSED = {
    "hard link": "hard links", "hard link, looked at": "hard links", "its first name": "hard links",
    "mounted by itself": "mounted by itself", "mounted by itself, looked at": "mounted by itself",
    "its folder mounted, in use": "taken by", "a disk to read": "writable", "a disk to read, looked at": "cannot be read",
}  # fmt: skip


def wrong(found: dict[str, str]) -> list[str]:
    """Return what was not refused and should be, or the other way round."""
    faults = []
    for name, told in found.items():
        word = REFUSED.get(name)
        if (told and word is None) or (word and word not in told):
            faults.append(f"{name}: {told or 'was opened'}")
    return faults


def main(fault: str = "") -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder), fault)
    if found is None:
        sys.stderr.write("Nothing may be mounted here: this sweep needs `unshare` and tmpfs.\n")
        return 2
    faults = wrong(found)
    sys.stdout.write(f"{len(found)} names and disks: wrong {len(faults)}\n")
    for what in faults:
        sys.stdout.write(f"  {what}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    with planted(sys.argv[2]):
        json.dump(inside(Path(sys.argv[1])), sys.stdout)
