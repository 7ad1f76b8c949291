"""What leaving needs of a project, and how it is put together. Rule: one place knows what belongs to what.

kit = Kit(project, program, settings, folder, links=…, owners=…)
leaving = live(kit, writer, ledger, own_log(log), now)       # its `out` is `Rows`: the outbox for `Dispatch`, `append`, `heed`
leaving = rehearsed(kit, writer, folder / "intents.jsonl")   # every channel replaced by a file
"""

from __future__ import annotations

import tomllib

from verbline.interpreter.program.words import message_in
from verbline.interpreter.step.confirming import USUAL_WORDS
from verbline.runtime.channels.making import AdapterError
from verbline.runtime.leaving.check import Check
from verbline.runtime.leaving.drafts import Drafts
from verbline.runtime.leaving.leaving import Leaving
from verbline.runtime.leaving.owners import MAIL, Owners
from verbline.runtime.leaving.rehearsal import Rehearsal
from verbline.runtime.leaving.rows import Rows
from verbline.runtime.leaving.words import Wording
from verbline.runtime.templates.rendering import Renderer
from verbline.runtime.templates.worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from verbline.interpreter.program.parts import Message
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.channels.links import Links
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.settings.tables import Runtime
    from verbline.runtime.store.writer import Writer


class Kit:
    """See the module. ``links`` make the links of messages, None where the settings know no base. It is closed at the end.

    `AdapterError` where a layout cannot be read.
    """

    def __init__(
        self,
        project: Project,
        program: Program,
        settings: Runtime,
        folder: Path,
        links: Links | None = None,
    ) -> None:
        secrets = {name for name, guard in project.overview.guards.items() if guard == "secret"}
        self.program = program
        self.drafts = Drafts(program, frozenset(secrets), usual_of(project))
        self.worker = Worker()
        layouts = layouts_of(settings, folder)
        self.wording = Wording(Renderer(self.worker), links, layouts)
        has_mail = MAIL in settings.channels
        self.owners = Owners(program, owners_in(folder) if has_mail else {})

    def close(self) -> None:
        """End the process that renders."""
        self.worker.close()


def live(
    kit: Kit,
    writer: Writer,
    ledger: Ledger,
    own: Path,
    now: Callable[[], int],
    ids: Callable[[str], tuple[str, ...]] = lambda person: (person,),
) -> tuple[Leaving, Rows]:
    """Return what takes decisions, and the rows they become; ``own`` is the runtime's own log.

    ``ids`` gives all ids that somebody has had, the one they bear now first, by one of them.
    """
    check = Check(kit.program, ledger, now, ids)
    rows = Rows(writer, own, refusal=check.refusal, note=kit.owners.unknown, clock=now)
    return anew(kit, rows, ledger, now), rows


def anew(kit: Kit, rows: Rows, ledger: Ledger, now: Callable[[], int] | None) -> Leaving:
    """Return what takes decisions into ``rows``, with nothing in it."""
    seq, note = lambda: ledger.last().seq, kit.owners.failed
    return Leaving(kit.drafts, kit.wording, rows, ledger=seq, note=note, clock=now)


def rehearsed(kit: Kit, writer: Writer, path: Path) -> Leaving:
    """Return what takes decisions where nothing is to leave, and writes them into the file at ``path``."""
    return Leaving(kit.drafts, kit.wording, Rehearsal(writer, path))


def usual_of(project: Project) -> dict[str, Message]:
    """Return the messages that are sent though no file declares them: the request to confirm of the library."""
    names = project.used("standard/consent")
    declared = names.declared["message"].get(USUAL_WORDS) if names is not None else None
    return {} if declared is None else {USUAL_WORDS: message_in(project, declared)}


def layouts_of(settings: Runtime, folder: Path) -> dict[str, str]:
    """Return the templates around mails, by channel."""
    found = {}
    for name, table in settings.channels.items():
        if table.layout:
            try:
                found[name] = (folder / table.layout).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                told = f'The layout "{table.layout}" of [channels.{name}] cannot be read: {error}'
                raise AdapterError(told) from error
    return found


def owners_in(folder: Path) -> Mapping[str, str]:
    """Return the addresses of the people in the settings, by name."""
    try:
        people = tomllib.loads((folder / "verbline.toml").read_text("utf-8")).get("people", {})
    except (OSError, ValueError):
        return {}
    return {
        name: one["email"]
        for name, one in people.items()
        if isinstance(one, dict) and isinstance(one.get("email"), str)
    }
