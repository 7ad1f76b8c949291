"""`verbline people`. Rule: see `cli.peopling`, which does the work, and `cli.people_text` for the text."""

from __future__ import annotations

import click

from verbline.cli import options
from verbline.cli.suggest import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.knowing import Place

OTHER = click.argument("other")
FORM = options.form("How the answer is written.")


@click.group(short_help="Tell who is who, join people and take them apart.")
def people() -> None:
    """Tell who is who, join people and take them apart.

    PERSON is an id such as P7, or something that one person alone holds: member-number=M-7, email=tina@mail.example.
    What changes something is appended to the runtime's own log, and is said again whenever the log is read.
    """


people.add_command(suggest)


@people.command(short_help="How many people there are.")
@options.in_place
@FORM
def count(place: Place, form: str) -> int:
    """Count people: those who are surely one, those who only share addresses, devices of nobody who is known.

    What cannot be known is counted apart: the answer is a range, from all open proposals being right to none.
    """
    from verbline.cli.peopling import count_people

    return count_people(place, form)


@people.command(short_help="What is known of somebody, and how.")
@options.PERSON
@options.in_place
@FORM
def show(person: str, place: Place, form: str) -> int:
    """Tell what PERSON is known by, since when and how; who turned out to be PERSON, and why; what is still open."""
    from verbline.cli.peopling import show_person

    return show_person(place, person, form)


@people.command(short_help="What several people share.")
@click.option("--all", "is_all", is_flag=True, help="All of it, not only what most people share.")
@options.in_place
@FORM
def collisions(
    *, is_all: bool, place: Place, form: str
) -> int:  # fmt: skip
    """Tell what several people hold, by kind and by how many they are, and which devices are everybody's."""
    from verbline.cli.peopling import show_collisions

    return show_collisions(place, form, is_all=is_all)


@people.command(short_help="Say that two people are one.")
@options.PERSON
@OTHER
@options.BY
@options.WHY
@options.DRY
@options.in_place
@FORM
def merge(
    person: str,
    other: str,
    *,
    by: str | None,
    why: str,
    is_trial: bool,
    place: Place,
    form: str,
) -> int:
    """Say that PERSON and OTHER are one: the id known longer stays, the other leads to it.

    Told is what joins, which consents become one history, and for what the answer changes. Your word stands above every
    rule; `verbline people split` takes it back.
    """
    from verbline.cli.peopling import Word, merge_people

    word = Word(place, by, why, form, is_trial=is_trial)
    return merge_people(word, person, other)


@people.command(short_help="Say that one person is two.")
@options.PERSON
@click.option("--apart", metavar="PERSON", help="Who is somebody else, such as P5.")
@click.option(
    "--identifier",
    "identifiers",
    metavar="KIND=VALUE",
    multiple=True,
    help="What somebody else holds; as often as needed.",
)
@options.BY
@options.WHY
@options.DRY
@options.in_place
@FORM
def split(
    person: str,
    *,
    apart: str | None,
    identifiers: tuple[str, ...],
    by: str | None,
    why: str,
    is_trial: bool,
    place: Place,
    form: str,
) -> int:
    """Say that PERSON is not the one that --apart names, or not the one who holds what --identifier names.

    Whoever was joined gets back what they brought, and what came with it since. Nothing joins the two again but a
    later word of yours.
    """
    from verbline.cli.peopling import Word, split_people

    word = Word(place, by, why, form, is_trial=is_trial)
    return split_people(word, person, apart, identifiers)
