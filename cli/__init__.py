"""The command line. Rule: a command parses options, calls one function and prints its answer."""

import gc
import sys

WRONG_USAGE = 2
CRASHED = 3
INTERRUPTED = 130
PIPE_CLOSED = 141


class WrongUsageError(Exception):
    """What was asked cannot be done: told in a sentence, exit code 2."""


def main() -> int:
    """Return the exit code of the command line that Python was started with."""
    # What a command makes lives until the command ends; looking for what could go sooner, and looking
    # through all of it once more at the end, takes a third of the time of a large project.
    gc.disable()
    try:
        return answered()
    finally:
        gc.freeze()
        gc.enable()


def answered() -> int:
    """Return the exit code, whatever happened on the way to it."""
    # Nothing heavy is imported above: an answer that needs no click must not pay for it.
    if sys.stderr is None:
        import os

        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open to the end
    if sys.stdout is None:
        return unwritten("Standard output is closed")
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return leave_output(PIPE_CLOSED)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told
        return failed(error)
    return code


def failed(error: Exception) -> int:
    """Tell what went wrong and return the exit code: an answer that finds no room is no mistake of ours."""
    if isinstance(error, OSError) and is_without_room(error):
        return leave_output(unwritten(error.strerror or type(error).__name__))
    from verbline.cli.crash import tell

    tell(error)
    return CRASHED


def is_without_room(error: OSError) -> bool:
    """Return whether ``error`` is about one of the streams that were open from the beginning."""
    import errno

    # Whatever opens a file names it in its error, and whoever writes one says so; the streams have no name.
    reasons = (errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF, getattr(errno, "EDQUOT", 0))
    return error.filename is None and error.errno in reasons


def unwritten(reason: str) -> int:
    """Say that the answer could not be written, where somebody may read that, and return the exit code."""
    try:
        sys.stderr.write(f"Error: The answer could not be written: {reason}.\n")
        sys.stderr.flush()
    except OSError:
        # Nobody can read it there either; the exit code says it.
        return CRASHED
    return CRASHED


def run(arguments: list[str]) -> int:
    """Return the exit code of ``arguments``: the quick answer if there is one, else click's."""
    from verbline.cli import quick

    try:
        code = quick.answer(arguments)
        if code is not None:
            return code
        from verbline.cli import app

        return app.run(arguments)
    except WrongUsageError as error:
        sys.stderr.write(f"Error: {error}\n")
        return WRONG_USAGE


def leave_output(code: int) -> int:
    """Return ``code`` with nothing left to flush at the end: the output has no reader, or no room."""
    import os

    # Python flushes standard output once more while it ends; that must find an open file.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    return code
