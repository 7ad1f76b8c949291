"""The compiled build: it answers as the text does, to the byte, and where it cannot be used the text is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import logs
from tests.builds import Build, build, compiled, typed
from tests.limits import LONGEST
from tests.rehearsed import dice_of
from tests.tree import FOLDERS, ROOT, files

pytestmark = pytest.mark.slow

COMPILER = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
YEARS = ("mobility", "manufacturing", "beverages")
LINE = '{"id":"%s","source":"s","type":"t","time":"%s","data":{"a":%s}}'
TIMES = (
    "2026-03-09T08:00:00Z", "1900-01-01T00:00:00Z", "1899-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z",
    "9999-12-30T00:00:00Z", "9999-12-30T00:00:00.001Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.9999Z",
    "2026-03-09T08:00:00.123456789+14:00", "2016-12-31T23:59:60Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
)  # fmt: skip
IDS = (
    "e",
    "",
    "\\u0000",
    "a\\u0000b",
    "\\ud83d\\ude00",
    "\\ud800",
    "čšž",
    "日本",
    "x" * 70_000,
    "a:b",
    "[",
    "{}",
    "\\\\",
)
VALUES = ("1", "0.1", "-9223372036854775809", "1e400", "99999999999999999999999999999.5", '"a\\nb"', "[[1],[2]]", '{"a":{"a":1}}', "null", "NaN")  # fmt: skip


# Tests of lines, of people in brief and of who they are; those marked `text` are for the text alone.
HELD = ("test_events.py", "test_order.py", "test_log_files.py", "test_identity_plain.py", "test_identity_look.py", "test_briefly.py", "test_alarms.py", "test_simulate_anything.py")  # fmt: skip
# What may stand where a text is meant.
STRANGE = (b"7", b"7.5", b"true", b"null", b"[]", b'["a"]', b'{"a":"b"}', b'""', b'"\\u0000"', b'"a@b"', b'"\\ud83d\\ude00@x.example"', b'"' + b"y" * 5_000 + b'"', b"9" * 40)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Iterator[Build]:
    """Give the compiled build."""
    if COMPILER is None:
        pytest.skip("there is no C compiler here")
    one = compiled()
    yield one
    shutil.rmtree(one.package)


def test_all_that_has_types_is_compiled_and_nothing_else(made: Build) -> None:
    """The wheel is one for this machine, and holds text, types and machine code side by side."""
    assert not made.wheel.name.endswith("-any.whl")
    with zipfile.ZipFile(made.wheel) as archive:
        names = set(archive.namelist())
    machine = {name.partition(".")[0] for name in names if name.endswith((".so", ".pyd"))}
    assert machine == {name for name in texts() if not is_described(name)}
    assert {f"{name}.{kind}" for name in texts() for kind in ("py", "pxd")} <= names


def texts() -> set[str]:
    """Return where in the wheel each module with types stands, without its ending."""
    return {
        "/".join([*package.split("."), *path.relative_to(ROOT / folder).with_suffix("").parts])
        for package, folder in FOLDERS.items()
        for path in files(folder)
        if path.suffix == ".pxd"
    }


def is_described(name: str) -> bool:
    """Return whether the types of a module only describe a class that stays Python's own."""
    package, _, _ = name.removeprefix("verbline/").partition("/")
    text = (ROOT / name.removeprefix("verbline/")).with_suffix(".pxd").read_text("utf-8")
    assert package in FOLDERS.values()
    return f"ctypedef class {name.replace('/', '.')}." in text


def test_nothing_is_compiled_into_the_tree() -> None:
    """Python would prefer it to the text, and go on with it after a change."""
    found = [path for folder in FOLDERS.values() for path in files(folder) if path.suffix in (".so", ".pyd", ".c")]  # fmt: skip
    assert found == []


WHICH = """
import json
from verbline.runtime import blocks, doctor, seen
from verbline.cli import run
run(["--version"])
print(json.dumps([blocks.COMPILED, seen.__file__.endswith(".py"), doctor.of_build().sentence]))
"""


def which(made: Build, before: str = "", *, plain: bool = False) -> tuple[str, bool, str]:
    """Return what the version says, whether the compiled modules are in use, and what the doctor says; ``before`` runs first."""
    version, answer = made.run("-c", before + WHICH, plain=plain).splitlines()
    is_compiled, is_text, sentence = json.loads(answer)
    assert is_compiled is not is_text
    return version.rpartition(" ")[2], is_compiled, sentence


def test_an_installation_says_what_it_is(made: Build) -> None:
    """Compiled; and plain where somebody asks for that."""
    assert which(made) == ("(compiled)", True, "compiled.")
    word, is_compiled, sentence = which(made, plain=True)
    assert (word, is_compiled) == ("(plain)", False)
    assert sentence.startswith("plain, because VERBLINE_PURE is set.")


@pytest.mark.parametrize(
    "members",
    [
        {"first": 1, "second": 2, "third": 3, "fourth": 4},
        {"first": 1, "second": 2},
        # As many, and in another order.
        {"z_first": 1, "second": 2, "third": 3},
        {"first": 1, "second": 2, "a_third": 3},
    ],
)
def test_what_lies_elsewhere_in_memory_is_not_misread(made: Build, members: dict[str, int]) -> None:
    """Where a library lays out structs in another way, the text is used, and the doctor says why."""
    planted = (
        "import msgspec\n"
        "from verbline.interpreter.step import probe\n"
        f"probe.Probe = msgspec.defstruct('Probe', [(name, object, value) for name, value in {members}.items()],"
        " kw_only=True, gc=False, eq=False)\n"
    )
    _, is_compiled, sentence = which(made, planted)
    assert not is_compiled
    assert "do not fit this msgspec" in sentence


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with projects and their logs, and with lines."""
    place = tmp_path_factory.mktemp("asked")
    for name in YEARS:
        shutil.copytree(ROOT / "journeys" / name, place / name, ignore=shutil.ignore_patterns("log"))  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "benchmarks.years", name, "--people", "60", "--out", place / name / "log"],
            cwd=ROOT, check=True, capture_output=True, timeout=LONGEST,
        )  # fmt: skip
    for name in ("consent", "cart"):
        logs.checked(name, "s").write(place / name)
    shutil.copytree(place / "cart", place / "dirty")
    (place / "dirty" / "log.jsonl").write_bytes(dirty((place / "cart" / "log.jsonl").read_bytes()))
    (place / "extremes.jsonl").write_bytes("\n".join(extremes()).encode())
    return place


def dirty(log: bytes) -> bytes:
    """Return a log in which a line in six is not as it should be."""
    dice, lines = dice_of(4), log.split(b"\n")
    for place in range(0, len(lines) - 10, 6):
        line = lines[place]
        lines[place] = dice.choice(
            (
                line + b"\n" + line,
                line + line,
                lines[place - dice.randrange(40)],
                line[: dice.randrange(300)],
                line.replace(b'"id"', b'"id":"x","id"'),
                line.replace(b'"data":{', b'"data":{"more":{"a":[1,{"b":2}]},'),
                line.replace(b":", b" : ") + b"\r",
                line.replace(b'"source":"shop",', b""),
                line.replace(b"2026-", b"2027-"),
                line.replace(b"page", b"\\u003apage").replace(b"agent", b"a:gent"),
                line.replace(b"Mozilla", b"changed"),
                *(
                    strange(line, name, dice.choice(STRANGE))
                    for name in (b"customer-number", b"email", b"data", b"agrees", b"source")
                ),
            )
        )
    return b"\n".join(lines)


def strange(line: bytes, name: bytes, value: bytes) -> bytes:
    """Return a line in which something else stands behind a name than a text or an object."""
    there = re.search(rb'"%s":(?:"[^"]*"|\{[^}]*\})' % name, line)
    return line.replace(there[0], b'"%s":%s' % (name, value)) if there else line


def extremes() -> Iterator[str]:
    """Yield lines with what is rare."""
    yield from (LINE % (f"t{place}", time, 1) for place, time in enumerate(TIMES))
    yield from (LINE % (one, TIMES[0], 1) for one in (*IDS, *IDS))
    yield from (LINE % (f"v{place}", TIMES[0], value) for place, value in enumerate(VALUES))
    yield from (LINE.replace('"a"', f'"{one}"') % (f"k{place}", TIMES[0], 1) for place, one in enumerate(IDS))  # fmt: skip


def test_both_answer_alike(made: Build, asked: Path) -> None:
    """Traces, sums, what a store tells, what is parked and where, of clean logs and others: byte for byte."""
    answers = made.run("-m", "tests.answering", str(asked))
    assert answers == made.run("-m", "tests.answering", str(asked), plain=True)
    # Something was told of each.
    sizes = [int(line.split()[2]) for line in answers.splitlines()]
    assert len(sizes) == 3 * (len(YEARS) + 3) + 5
    assert min(sizes) > 500


def test_compiled_it_agrees_with_the_oracle(made: Build) -> None:
    """What the meaning of the language says by itself."""
    told = made.run("-m", "tests.oracle", "--histories", "300", "--first", "8400000")
    assert " 0 differ" in told


@pytest.mark.parametrize("name", HELD)
def test_what_holds_of_the_text_holds_of_it(made: Build, name: str) -> None:
    """Tests of what is compiled, run on the compiled build."""
    told = made.run(
        "-c",
        "import sys, pytest; from verbline.runtime import blocks; assert blocks.COMPILED; sys.exit(pytest.main(sys.argv[1:]))",
        "-q", "-m", "not text", "-p", "no:cacheprovider", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(ROOT / "tests" / name),
    )  # fmt: skip
    assert " passed" in told


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"CC": "false"}, "no C compiler works here"),
        ({"CC": "no-such-compiler"}, "there is no C compiler"),
        ({"VERBLINE_PURE": "1"}, "VERBLINE_PURE is set"),
    ],
)
def test_without_a_compiler_an_install_goes_through(
    tmp_path: Path, variables: dict[str, str], why: str
) -> None:
    """The wheel is one for every machine, and whoever builds it is told why."""
    assert f"because {why};" in build(tmp_path / "tree", tmp_path, **variables)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not any(name.endswith((".so", ".pyd")) for name in archive.namelist())


def test_a_module_that_cannot_be_compiled_leaves_none(tmp_path: Path) -> None:
    """All of them or none: what is compiled reaches into what else is."""
    if COMPILER is None:
        pytest.skip("there is no C compiler here")
    breaking = tmp_path / "cc"
    # Whatever is named behind -o is there at once; but one module is not.
    breaking.write_text(
        '#!/bin/sh\ncase "$*" in *seen.c*) exit 1;; esac\n'
        'while [ "$1" != -o ]; do shift; done\n: > "$2"\n',
        "utf-8",
    )
    breaking.chmod(0o755)
    few = tmp_path / "tree"
    told = build(few, tmp_path, CC=str(breaking))
    assert "because that failed" in told
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not any(name.endswith((".so", ".pyd")) for name in archive.namelist())


def described() -> dict[str, list[str]]:
    """Return the classes that are read where they lie in memory, and the members of which their types say that they lie there."""
    found = {}
    for path in typed():
        text = path.read_text("utf-8") if path.suffix == ".pxd" else ""
        if named := re.search(r"ctypedef class (verbline[\w.]+) \[", text):
            members = re.search(r"PyObject_HEAD\s+PyObject ([^;]+);", text)
            assert members is not None, path
            found[named[1]] = re.findall(r"\*(\w+)", members[1])
    return found


@pytest.mark.parametrize("name", described())
def test_the_types_know_each_member(name: str) -> None:
    """A class that is read where it lies in memory has just the members that its types name, in the order of their names."""
    module, _, kind = name.rpartition(".")
    one = getattr(import_module(module), kind)
    has = getattr(one, "__struct_fields__", None) or one.__slots__
    assert described()[name] == sorted(has)
    assert one.__basicsize__ == object.__basicsize__ * (1 + len(has) / 2)
