"""What a test waits for has a limit: a process, a thread, a pipe."""

import ast
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests import limits
from tests.limits import code_of, ending, joined, limit
from tests.tree import ROOT, short

RUNS = frozenset(("run", "check_output", "check_call", "call"))
# Called without an argument these wait for ever. What wakes a runtime looks around by itself now and then.
WAITS, WAKES = frozenset(("join", "wait", "communicate")), "wake"
CHILDREN = frozenset(("waitpid", "wait", "wait3", "wait4", "waitid"))
# Where children are waited for that have a limit, or are not waited for at all.
KNOWN = {"tests/limits.py": "waitpid", "tests/test_lots.py": "waitpid", "tests/sweeps/twenty.py": "waitpid"}  # fmt: skip


def endless(source: str) -> Iterator[str]:
    """Yield the calls of a file that may wait for ever, each as it is written, children by the name of the call."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, owner = node.func.attr, ast.unparse(node.func.value)
        given = {one.arg for one in node.keywords}
        is_run = owner == "subprocess" and name in RUNS and "timeout" not in given
        if is_run or (name in WAITS and not node.args and not given and owner != WAKES):
            yield ast.unparse(node)
        elif owner == "os" and name in CHILDREN:
            yield name


def test_what_is_waited_for_has_a_limit() -> None:
    """A child that never ends is a failure, and no run that hangs."""
    paths = (ROOT / "tests").rglob("*.py")
    found = {short(path): ", ".join({*endless(path.read_text("utf-8"))}) for path in paths}
    assert {path: what for path, what in found.items() if what} == KNOWN


def test_a_wait_without_a_limit_is_found() -> None:
    """The claim above can fail."""
    lines = "subprocess.run(['x'])", "subprocess.run(['x'], timeout=3)", "thread.join()", "', '.join(lines)", "os.waitpid(child, 0)"  # fmt: skip
    assert list(endless("\n".join(lines))) == ["subprocess.run(['x'])", "thread.join()", "waitpid"]


def test_a_child_that_never_ends_is_a_failure() -> None:
    """It is ended, whatever it tries again, and whoever waits for it is told."""
    child = os.fork()
    if not child:
        try:
            limit(0.05)
            while True:
                try:
                    threading.Event().wait(limits.LONGEST)
                except BaseException:  # noqa: BLE001, S112 - as somebody does who never gives up
                    continue
        finally:
            os._exit(0)
    with pytest.raises(AssertionError, match="a child did not end in time"):
        code_of(child)


def test_a_thread_that_never_ends_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for it is told."""
    monkeypatch.setattr(limits, "LONGEST", 0.05)
    over = threading.Event()
    thread = threading.Thread(target=over.wait, args=(60,))
    thread.start()
    with pytest.raises(AssertionError, match="a thread did not end in time"):
        joined(thread)
    over.set()
    thread.join(60)


def test_a_process_that_tells_nothing_is_ended() -> None:
    """Whoever reads what it tells comes to the end of it."""
    command = [sys.executable, "-S", "-c", "import time; time.sleep(120)"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        ending(process, 0.05),
    ):
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert process.returncode < 0
