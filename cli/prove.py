"""`verbline prove`. Rule: what is claimed is what was looked at, and no more."""

from __future__ import annotations

import json
import os

import click

from verbline.cli import WrongUsageError, options
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.program import Program


@click.command(short_help="Show that no message leaves without the guard.")
@options.PROJECT
@click.option("--output", metavar="FILE", help="Write the certificate into FILE, for `run`.")
@click.option("--against", metavar="FILE", help="Compare the project with a certificate.")
@options.form("How the certificate is written.")
def prove(project: str | None, output: str | None, against: str | None, form: str) -> int:
    """Show that no message leaves without the guard.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Every
    way of every journey is walked, every step that writes is tried on people to whom nothing may be
    sent, and the guard is asked about every combination of purpose, country, record and address. The
    certificate names each message with its purpose, its channels and what the guard is asked. It is
    bound to the versions of the journeys, to the country table and to the code of the guard. Ends in
    1 when something is wrong, or when the project does not match the certificate it is compared with.
    """
    from verbline.cli.programs import compiled
    from verbline.interpreter.program.certificate import certify

    found = compiled(project)
    if found is None:
        return 1
    if against is not None:
        return compared(against, found.program)
    certificate = certify(found.program)
    text = json.dumps(certificate.form, ensure_ascii=False, indent=1) + "\n"
    for fault in certificate.faults:
        complain(fault)
    if certificate.faults:
        return 1
    if output is not None:
        keep(output, text)
    if form == "json":
        write_utf8(text)
    else:
        write_document(told(certificate.form))
    return 0


def keep(path: str, text: str) -> None:
    """Write a certificate whole or not at all."""
    beside = f"{path}.new"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise WrongUsageError(f"{path}: {error.strerror}.") from error


def compared(path: str, program: Program) -> int:
    """Say how a project differs from a certificate and return the exit code."""
    from verbline.interpreter.program.certificate import differences

    try:
        with open(path, encoding="utf-8") as file:
            form = json.load(file)
        found = differences(form, program)
    except OSError as error:
        raise WrongUsageError(f"{path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUsageError(f"{path} is no certificate of `verbline prove`.") from error
    for one in found:
        complain(f"{one}.")
    if not found:
        write_document(f"The certificate {form['hash'][:12]} matches.\n")
    return 1 if found else 0


def told(form: dict[str, Any]) -> str:
    """Return a certificate for people."""
    lines = []
    for journey in form["journeys"]:
        lines.append(f"{journey['name']}  {journey['version']}  {journey['line']}")
        lines.append(f"  {journey['steps']} steps, {journey['ways']} ways, all walked")
        lines += (f"  never reached: {line}" for line in journey["never_reached"])
        for send in journey["sends"]:
            channels = ", ".join(send["channels"])
            lines.append(f"  {send['line'].rpartition(':')[2]:>4}  {send['text']}")
            lines.append(
                f"        guard: {send['purpose']} ({send['class']}, {send['basis']}) by {channels}"
            )
        lines.append("")
    sends = sum(len(journey["sends"]) for journey in form["journeys"])
    guard = form["guard"]
    lines.append(f"{sends} messages, each behind the guard; no other way leads to a channel.")
    lines.append(
        f"The guard was asked {guard['cases']:,} questions for {guard['countries']} countries and refused what it must."
    )
    lines.append(f"Country table {form['policy']['version']}, certificate {form['hash'][:12]}.")
    return "\n".join(lines) + "\n"
