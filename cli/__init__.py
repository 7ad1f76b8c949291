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
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return leave_pipe()
    except Exception as error:  # noqa: BLE001 - whatever went wrong ends in a report
        from verbline.cli.crash import tell

        tell(error)
        return CRASHED
    return code


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


def leave_pipe() -> int:
    """Return the code of a reader that went away, with nothing left to flush at the end."""
    import os

    # Python flushes standard output once more while it ends; that must find an open file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED
