"""`verbline compile`. Rule: what is printed is the program that runs, not a picture of it."""

import click

from verbline.cli import options
from verbline.cli.output import write_document, write_utf8


@click.command(name="compile", short_help="Show the compiled form of a project.")
@options.PROJECT
@options.form("How the compiled form is written; docs/program.schema.json describes the JSON.")
def compile_(project: str | None, form: str) -> int:
    """Show the compiled form of a project.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Every
    journey is shown with its version, which is the hash of what it means, and every step with its
    identity, the ways that lead on, and what the guard is asked. Ends in 1 when there is an error.
    """
    import json

    from verbline.cli.programs import compiled
    from verbline.interpreter.program.dump import program_form

    found = compiled(project)
    if found is None:
        return 1
    told = program_form(found.program)
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        from verbline.interpreter.program.tell import program_text

        write_document(program_text(told))
    return 0
