"""The compiled form: what it says, how it is described, and what changes a version."""

import json
from collections.abc import Callable
from typing import Any

import fastjsonschema
import pytest

from tests.cases import project_of
from tests.oracle.invent import invent
from tests.tree import ROOT
from verbline.cli.app import run
from verbline.cli.paths import readings
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.dump import program_form
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.tell import program_text

PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))
COURSE = ROOT / "journeys/mobility"


def described() -> Callable[[Any], Any]:
    """Return what checks JSON against the published description."""
    text = (ROOT / "docs/program.schema.json").read_text("utf-8")
    found: Callable[[Any], Any] = fastjsonschema.compile(json.loads(text))
    return found


def program_at(folder: str, change: Callable[[str], str] | None = None) -> Program:
    """Return the program of a project on disk, with its journey files changed."""
    [reading] = readings([folder])
    if change is not None:
        for name, content in reading.contents.items():
            reading.contents[name] = change(content.decode()).encode()
    return compile_project(reading.project())


def test_a_journey_that_has_only_begun_to_be_written_is_compiled() -> None:
    """It has a version and no steps, as text and as JSON."""
    project = project_of(
        {
            "verbline.toml": '[project]\nname = "begun"\nzone = "UTC"\ncountry = "SI"\n',
            "a.journey": 'journey "Begun"\n',
        }
    )
    form = program_form(compile_project(project))
    described()(form)
    assert program_text(form).splitlines()[2].startswith("Begun")


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_the_json_of_every_example_is_as_described(folder: Any) -> None:
    """Nothing is printed that the schema does not know."""
    form = program_form(program_at(str(folder)))
    described()(json.loads(json.dumps(form)))


def test_the_json_of_invented_projects_is_as_described() -> None:
    """Nor for journeys that use every sentence."""
    check = described()
    for seed in range(40):
        form = program_form(compile_project(invent(seed).project))
        check(json.loads(json.dumps(form)))


def test_a_description_that_lacks_a_field_is_noticed() -> None:
    """The schema allows no field that it does not name."""
    form = program_form(program_at(str(COURSE)))
    form["journeys"][0]["mood"] = "good"
    with pytest.raises(fastjsonschema.JsonSchemaException):
        described()(form)


def version(change: Callable[[str], str] | None = None) -> str:
    """Return the version of the course journey, with its file changed."""
    [journey] = program_at(str(COURSE), change).journeys.values()
    return journey.version


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  wait until 09:00", "  # the next morning\n  wait until 09:00"),
        ('"Head of Member Services"', '"Director of Member Services"'),
        ("runs once per booking-number", "Runs  once per booking-number."),
        ("reviewed every", "reviewed  every"),
    ],
)
def test_layout_and_talk_are_no_new_version(old: str, new: str) -> None:
    """A comment, blanks, capitals and a new title of the owner change nothing that happens."""
    assert version(lambda text: text.replace(old, new)) == version()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("up to 14 days", "up to 15 days"),
        ('finish as "never came"', 'finish as "stayed away"'),
        ("  gives up after", "  keeps quiet from 20:00 to 08:00\n  gives up after"),
        ("sends at most 3 messages", "sends at most 4 messages"),
        ('subject "', 'subject "New: '),
    ],
)
def test_what_changes_what_happens_is_a_new_version(old: str, new: str) -> None:
    """A wait, an outcome, a cap, quiet hours and the words of a message belong to the version."""
    text = "".join(path.read_text("utf-8") for path in COURSE.rglob("*.journey"))
    assert old in text, "the example still says so"
    assert version(lambda text: text.replace(old, new)) != version()


def test_steps_keep_their_identity_when_others_come_and_go() -> None:
    """A step that is added changes the identity of no other."""
    [before] = program_at(str(COURSE)).journeys.values()
    add = '  learn that family-drivers is family-drivers + 1\n  wait for "member attends'
    [after] = program_at(
        str(COURSE), lambda text: text.replace('  wait for "member attends', add)
    ).journeys.values()
    assert before.steps.keys() < after.steps.keys()
    assert len(after.steps) == len(before.steps) + 1


def test_the_same_journey_in_another_language_has_the_same_steps() -> None:
    """Identity is made of meaning; only texts and names differ between the languages."""
    form = program_form(program_at(str(ROOT / "journeys/mobility-sl")))
    english = program_form(program_at(str(COURSE)))
    shapes = [step["shape"] for step in form["journeys"][0]["steps"]]
    assert shapes == [step["shape"] for step in english["journeys"][0]["steps"]]


def test_every_way_says_what_opens_it() -> None:
    """A wait for a moment is opened by the event or, in the end, by the clock; what is done at once by neither."""
    [journey] = program_form(program_at(str(COURSE)))["journeys"]
    driven = {step["shape"]: step.get("driven", {}) for step in journey["steps"]}
    assert set(driven["wait_for"].values()) == {"event", "clock"}
    assert driven["escalate"] == {"somebody": "event", "nobody": "clock"}
    assert driven["wait_until_workday"] == {"then": "clock"}
    assert driven["notify"] == driven["finish"] == {}


def test_compile_prints_json_and_text(capfd: pytest.CaptureFixture[str]) -> None:
    """Both forms name the same steps."""
    assert run(["compile", str(COURSE), "--format", "json"]) == 0
    form = json.loads(capfd.readouterr().out)
    assert run(["compile", str(COURSE)]) == 0
    text = capfd.readouterr().out
    assert all(step["id"] in text for step in form["journeys"][0]["steps"])


def test_a_project_with_errors_is_not_compiled(
    tmp_path: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is told on standard error, and the command ends in 1."""
    (tmp_path / "verbline.toml").write_text(
        '[project]\nname = "x"\nlanguage = "en"\nzone = "UTC"\ncountry = "SI"\n'
    )
    (tmp_path / "a.journey").write_text('journey "A"\n  starts when "nobody knows"\n')
    assert run(["compile", str(tmp_path)]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert "nobody knows" in told.err
