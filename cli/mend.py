"""What `verbline lint --fix` does. Rule: what is mended is written first, and what is left is then found as ever."""

from __future__ import annotations

import sys

from verbline.cli.changes import difference, replace
from verbline.cli.findings import Options, answer, report_on, text_of, today
from verbline.cli.output import complain, write_bytes, write_utf8
from verbline.cli.paths import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.cli.project import Reading

MARK = b"\xef\xbb\xbf"


class Mended:
    """One file that changes: the project it belongs to, its name there, and its text before and after."""

    __slots__ = ("after", "before", "name", "reading")

    def __init__(self, reading: Reading, name: str, after: str) -> None:
        self.reading = reading
        self.name = name
        self.before = reading.contents[name]
        self.after = after

    @property
    def shown(self) -> str:
        """The path that findings name."""
        return self.reading.shown[self.name]


def mend(options: Options, *, diff: bool) -> int:
    """Mend what can be mended safely, or show how, and return the exit code."""
    found = readings(options.paths, options.stdin_filename)
    mended = list(all_mended(found))
    if options.paths == ("-",) and not diff:
        return put_through(found, mended, options)
    if diff:
        for one in mended:
            write_utf8("".join(difference(one.shown, text(one.before), one.after)))
        return int(bool(mended))
    failed = sum(not written(one) for one in mended)
    return max(answer(options), int(bool(failed)))


def all_mended(found: Sequence[Reading]) -> Iterator[Mended]:
    """Yield every file asked for that changes."""
    from verbline.interpreter import mend as safe

    for reading in found:
        before = reading.project()
        after = safe.mend(before, reading.asked, today=today())
        for name in reading.asked:
            lines = after.files[name].source.lines
            if lines != before.files[name].source.lines:
                yield Mended(reading, name, as_it_was_saved(reading.contents[name], lines))


def as_it_was_saved(content: bytes, lines: list[str]) -> str:
    """Return the text of ``lines`` with the line ends and the byte order mark that the file has."""
    windows = b"\r\n" in content and content.count(b"\r\n") == content.count(b"\n")
    mark = "\ufeff" if content.startswith(MARK) else ""
    return mark + ("\r\n" if windows else "\n").join(lines)


def text(content: bytes) -> str:
    """Return the text of a file, whose line ends stay."""
    return content.decode("utf-8", "replace")


def written(one: Mended) -> bool:
    """Write one file, say so, and return whether that went well."""
    try:
        replace(one.reading.paths[one.name], one.before, one.after)
    except OSError as error:
        complain(f"{one.shown} is not written: {error.strerror or error}")
        return False
    sys.stderr.write(f"mended {one.shown}\n")
    return True


def put_through(found: Sequence[Reading], mended: Sequence[Mended], options: Options) -> int:
    """Write standard input, mended, to standard output, and what is left to standard error."""
    (reading,) = found
    (name,) = reading.asked
    for one in mended:
        reading.contents[name] = one.after.encode("utf-8")
    write_bytes(reading.contents[name])
    report = report_on(found, options, color=False, date=today())
    sys.stderr.write(text_of(report, "compact"))
    return report.code
