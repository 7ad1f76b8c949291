"""`verbline consent`. Rule: see `cli.consents` and `cli.consenting`, which do the work, and `cli.consent_text` for the text."""

from __future__ import annotations

import click

from verbline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.knowing import Place


@click.group(short_help="Tell and change what people agreed to.")
def consent() -> None:
    """Tell and change what people agreed to.

    PERSON is an id such as P7, or something that one person alone holds: email=tina@mail.example. TIME is a date (its
    first moment, in the project's zone), a date and time, or one with its offset. The key by which erased addresses are
    known comes from VERBLINE_CONSENT_KEY, or from the file that VERBLINE_CONSENT_KEY_FILE names.
    """


@consent.command(short_help="What somebody said, and what that comes to.")
@options.PERSON
@options.in_place
@options.form("How the answer is written.")
def show(person: str, place: Place, form: str) -> int:
    """Tell all that PERSON said, what stands for each purpose, channel and address, and what the guard says now."""
    from verbline.cli.consents import show_person

    return show_person(place, person, form)


@consent.command(short_help="What was true at a time, and what was known of it.")
@click.argument("time")
@options.PERSON
@click.option("--known", metavar="TIME", help="What was known then; by default at the time asked about.")  # fmt: skip
@options.in_place
@options.form("How the answer is written.")
def at(
    time: str,
    person: str,
    *,
    known: str | None,
    place: Place,
    form: str,
) -> int:
    """Tell where PERSON stood at TIME: what was known of it then, what is known today, and where the two differ."""
    from verbline.cli.consents import show_at

    return show_at(place, person, (time, known), form)


@consent.command(short_help="Messages that went out after a no that nobody knew yet.")
@options.in_place
@options.form("How the answer is written.")
def contradictions(place: Place, form: str) -> int:
    """Run the journeys over the log, and tell which messages went out after somebody had said no, before that was known."""
    from verbline.cli.contradicting import tell

    return tell(place, form)


@consent.command(short_help="Everything on record about somebody, or everybody.")
@click.argument("person", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody, one person a line.")
@click.option(
    "--as",
    "what",
    type=click.Choice(("json", "records")),
    default="json",
    show_default=True,
    help="Every event as it is kept, or consent records with the members of ISO/IEC TS 27560.",
)
@options.in_place
def export(
    person: str | None,
    *,
    everybody: bool,
    what: str,
    place: Place,
) -> int:
    """Write what is on record about PERSON as JSON, in both times, with the words that were shown."""
    from verbline.cli.consents import export as export_

    return export_(place, person, what, is_all=everybody)


@consent.command(short_help="Whether the ledger is what was written.")
@click.option("--anchor", metavar="LINE", help="A line of `consent anchor`, kept elsewhere.")
@options.in_place
@options.form("How the answer is written.")
def verify(anchor: str | None, place: Place, form: str) -> int:
    """Check every entry of the ledger, and that nothing was cut off since LINE. Ends in 1 where something is wrong."""
    from verbline.cli.consents import verified

    return verified(place, anchor, form)


@consent.command(short_help="One line that shows later that nothing was cut off.")
@options.in_place
def anchor(place: Place) -> int:
    """Write the place and the hash of the ledger's last entry, to be kept somewhere else."""
    from verbline.cli.consents import write_anchor

    return write_anchor(place)


@consent.command(name="import", short_help="Take a list of another system.")
@click.argument("file")
@click.option(
    "--mapping", metavar="FILE", required=True, help="Which column of the CSV holds what."
)
@options.DRY
@options.in_place
@options.form("How the answer is written.")
def import_(
    file: str,
    *,
    mapping: str,
    is_trial: bool,
    place: Place,
    form: str,
) -> int:
    """Append what the CSV in FILE says to the runtime's own log; a yes without its date, words and source gives nothing."""
    from verbline.cli.consenting import take_list

    return take_list(place, file, mapping, form, is_trial=is_trial)


@consent.command(short_help="Erase somebody, and know their addresses again.")
@options.PERSON
@click.option(
    "--overwrite",
    "overwrites",
    is_flag=True,
    help="Overwrite what the log says about them, in place.",
)
@options.DRY
@options.BY
@options.in_place
@options.form("How the answer is written.")
def erase(
    person: str,
    *,
    overwrites: bool,
    is_trial: bool,
    by: str | None,
    place: Place,
    form: str,
) -> int:
    """Delete what PERSON said, and keep of each address a keyed mark. Ends in 1 where a legal hold keeps everything."""
    from verbline.cli.erasing import Wish
    from verbline.cli.erasing import erase as erase_

    wish = Wish(by, form, overwrites=overwrites, is_trial=is_trial)
    return erase_(place, person, wish)


@consent.command(short_help="Let nothing about somebody be deleted.")
@options.PERSON
@options.BY
@options.WHY
@options.in_place
def hold(person: str, *, by: str | None, why: str, place: Place) -> int:
    """Put PERSON under a legal hold: what they said is kept until it is released."""
    from verbline.cli.consenting import hold as hold_

    return hold_(place, person, "verbline.person.held", by, why)


@consent.command(short_help="End a hold.")
@options.PERSON
@options.BY
@options.WHY
@options.in_place
def release(person: str, *, by: str | None, why: str, place: Place) -> int:
    """Let what is on record about PERSON be deleted again."""
    from verbline.cli.consenting import hold as hold_

    return hold_(place, person, "verbline.person.released", by, why)


@consent.command(short_help="What has to be known again after a backup is put back.")
@click.option("--since", metavar="TIME", help="Only what was recorded since then.")
@options.in_place
def withdrawals(since: str | None, place: Place) -> int:
    """Write every no and all that operators said, erasures too, one event a line, to be kept somewhere else."""
    from verbline.cli.consenting import write_list

    return write_list(place, since)


@consent.command(short_help="Put back what was said since a backup.")
@click.argument("list_", metavar="LIST")
@options.in_place
def replay(list_: str, place: Place) -> int:
    """Append to the runtime's own log what LIST, written by `consent withdrawals`, holds and the log does not.

    Where VERBLINE_CONSENT_ANCHOR_FILE names the lines of `consent anchor`, nobody is answered about before that.
    """
    from verbline.cli.consenting import replay as replay_

    return replay_(place, list_)
