"""A project as `run` reads it, at its start and whenever it was saved. Rule: it is read from one look at the files, or not at all."""

from __future__ import annotations

import json
import os
from importlib import metadata
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.paths import readings
from verbline.cli.project import text_content
from verbline.cli.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbline.cli.project import Reading
    from verbline.interpreter.problems import Problem
    from verbline.runtime.engine.given import Given
    from verbline.runtime.metrics import Metrics

# What `verbline prove --output` writes for `run`, in the folder of the project.
CERTIFICATE = "certificate.json"
# Files that a change of a project can be in, and folders that none is in.
SUFFIXES = (".journey", ".toml", ".json", ".liquid", ".html", ".txt", ".md")
LEFT_OUT = ("outbox", "__pycache__", "node_modules")


class Source:
    """The project at ``path``, and the log that it runs on, with the settings of ``environment``.

    ``ends`` are journeys that are gone and whose people do not finish.
    """

    def __init__(self, path: str | None, log: Path, environment: str) -> None:
        self._path = path
        self._log = log
        self._environment = environment
        self.ends: Sequence[str] = ()
        self.metrics: Metrics | None = None
        self.reading: Reading
        self.given: Given

    def read(self) -> Given:
        """Return the project as it is on disk, with what is wrong with it; `UnreadableError` where something cannot be read."""
        from verbline.runtime.engine.given import UnreadableError

        try:
            return self._read()
        except WrongUsageError as error:
            raise UnreadableError(str(error)) from error

    def _read(self) -> Given:
        from verbline.interpreter.guard.policy import standard_policy
        from verbline.interpreter.settings import settings_of
        from verbline.runtime.engine.given import Given

        found = readings((self._path,) if self._path else ())
        if len(found) != 1 or found[0].settings is None:
            raise WrongUsageError("Name one project: a folder with a verbline.toml.")
        reading = self.reading = found[0]
        content = found[0].settings
        project = reading.project()
        given = self.given = Given(project, self._log)
        given.errors = reading.errors(project)
        given.ends = self.ends
        given.metrics = self.metrics
        given.name = settings_of(reading.settings_shown, content).name
        given.folder = Path(reading.folder)
        given.environment = os.environ
        given.notes = {
            "tz": metadata.version("tzdata"),
            "program": VERSION,
            "policy": standard_policy().version,
        }
        given.certificate = certificate_in(reading.folder)
        if not given.errors:
            self._add(given, content)
        return given

    def _add(self, given: Given, content: bytes) -> None:
        """Add what only the runtime reads."""
        from verbline.runtime.consent.keys import NoKeyError, key_in
        from verbline.runtime.settings.read import UnknownEnvironmentError, runtime_of
        from verbline.runtime.sources import SourcesError, sources_of

        shown = self.reading.settings_shown
        try:
            given.sources = sources_of(content)
            given.key = key_in(os.environ)
            given.settings, problems = runtime_of(shown, content, self._environment)
        except (NoKeyError, SourcesError, UnknownEnvironmentError) as error:
            raise WrongUsageError(str(error)) from error
        except OSError as error:
            raise WrongUsageError(
                f"The key of the ledger cannot be read: {error.strerror}."
            ) from error
        given.errors = problems

    def names(self) -> Iterable[str]:
        """Yield the files that a change of the project can be in."""
        for folder, folders, files in os.walk(self.reading.folder):
            folders[:] = [one for one in folders if one not in LEFT_OUT and not one.startswith(".")]
            yield from (os.path.join(folder, one) for one in files if one.endswith(SUFFIXES))


def certificate_in(folder: str) -> object:
    """Return what the certificate of a project holds; None where there is none, and an empty text where it cannot be read."""
    content = text_content(folder, CERTIFICATE)
    if content is None:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return ""


def report_of(reading: Reading, given: Given, problems: Sequence[Problem]) -> str:
    """Return what is wrong with a project, with the lines it stands in."""
    from verbline.cli.findings import text_of
    from verbline.cli.formats import Report

    paths = [*(reading.shown[name] for name in reading.contents), reading.settings_shown]
    return text_of(Report("check", paths, list(problems), reading.lines(given.project)), "pretty")
