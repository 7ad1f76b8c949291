"""``verbline.toml``: what is read, and what is found wrong with it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tree import ROOT
from verbline.interpreter.allowed import with_holidays
from verbline.interpreter.problems import codes, page
from verbline.interpreter.settings import settings_of
from verbline.interpreter.toml import place_in

RIGHT = """\
[project]
name = "club"
language = "sl"
zone = "Europe/Ljubljana"
country = "SI"
holidays = "SI"
work = "monday to friday from 09:00 to 17:00"
marketing = "at most 4 messages in 7 days"

[people]
"Maja Kos" = { role = "Head of Member Services", email = "maja@club.example" }

[people."Luka Bevc"]
role = "Adviser"

[rules]
P002 = "hint"

[sources."booking system"]
anything = 3

[environments.test]
channels.email.adapter = "file"
"""
PROJECT = '[project]\nzone = "UTC"\ncountry = "SI"\n'


def found(text: str) -> list[str]:
    """Return the findings in a settings file, one line each: place, code, variant."""
    problems = settings_of("verbline.toml", text.encode("utf-8", "surrogateescape")).problems
    return [f"{one.span!r} {one.code} {one.variant}".strip() for one in problems]


def test_what_is_right_is_read() -> None:
    """Every setting that the checks use arrives as it was written, and nothing is found wrong."""
    settings = settings_of("verbline.toml", RIGHT.encode())
    assert settings.problems == ()
    assert (settings.name, settings.language, settings.zone) == ("club", "sl", "Europe/Ljubljana")
    assert (settings.country, settings.holidays) == ("SI", "SI")
    assert settings.work == (((0, 1, 2, 3, 4), 9 * 60, 17 * 60),)
    assert settings.marketing == (4, (7, "day"))
    assert settings.people == frozenset(("Maja Kos", "Luka Bevc"))
    assert settings.rules == {"P002": "hint"}


def test_a_project_without_people_knows_none() -> None:
    """No table of people is not the same as an empty one."""
    assert settings_of("verbline.toml", PROJECT.encode()).people is None
    assert settings_of("verbline.toml", f"{PROJECT}[people]\n".encode()).people == frozenset()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_editor_will_do(mark: str, end: str) -> None:
    """A byte order mark and Windows line ends change nothing, not even a place."""
    text = f'{mark}[project]\nzoen = "UTC"\ncountry = "SI"\n'.replace("\n", end)
    assert found(text) == ["2:1-2:5 P002"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1-1:2 P003 zone", "1:1-1:2 P003 country"]),
        ("[project]\n", ["1:2-1:9 P003 zone", "1:2-1:9 P003 country"]),
        ('project = "club"\n', ["1:1-1:8 P004"]),
        ('[project]\ntimezone = "UTC"\ncuntry = "SI"\n', ["2:1-2:9 P002", "3:1-3:7 P002"]),
        (f'{PROJECT}qqqqq = "x"\n', ["4:1-4:6 P002 none"]),
        (f"{PROJECT}[rulez]\n", ["4:2-4:7 P002 table"]),
        (f"{PROJECT}[qqqqq]\n", ["4:2-4:7 P002 table_none"]),
        (f"{PROJECT}name = 3\n", ["4:1-4:5 P004"]),
        (f'{PROJECT}language = "si"  # what?\n', ["4:12-4:16 P006 language"]),
        ('[project]\nzone = "Ljubljana"\ncountry = "SI"\n', ["2:8-2:19 P006 zone"]),
        ('[project]\nzone = "UTC"\ncountry = "si"\n', ["3:11-3:15 P006 country"]),
        ('[project]\nzone = "Europe/Nowhere"\ncountry = "SI"\n', ["2:8-2:24 P006 zone_unknown"]),
        ('[project]\nzone = "europe/ljubljana"\ncountry = "SI"\n', ["2:8-2:26 P006 zone_unknown"]),
        ('[project]\nzone = "UTC"\ncountry = "XX"\n', ["3:11-3:15 P006 country_unknown"]),
        (f'{PROJECT}holidays = "FR"\n', ["4:12-4:16 P006 holidays"]),
        (f'{PROJECT}holidays = "Slovenia"\n', ["4:12-4:22 P006 holidays"]),
        (f'{PROJECT}work = "sometimes"\n', ["4:8-4:19 P006 work"]),
        (f'{PROJECT}work = "monday from 17:00 to 09:00"\n', ["4:8-4:36 P006 work"]),
        (f'{PROJECT}work = "monday from 09:00 to 24:00"\n', ["4:8-4:36 P006 work"]),
        (f'{PROJECT}work = "monday from 09:00 to 10:00,"\n', ["4:8-4:37 P006 work"]),
        (f'{PROJECT}marketing = "seldom"\n', ["4:13-4:21 P006 marketing"]),
        (f'{PROJECT}marketing = "at most 0 messages in 7 days"\n', ["4:13-4:43 P006 marketing"]),
        (f'{PROJECT}marketing = "at most 1 message in 0 days"\n', ["4:13-4:42 P006 marketing"]),
        (f'{PROJECT}marketing = "at most 1.5 messages in 7 days"\n', ["4:13-4:45 P006 marketing"]),
        (f'{PROJECT}[people]\n"M K" = "x"\n', ["5:2-5:5 P004"]),
        (f'{PROJECT}[people]\n"M" = {{ role = 1, mail = "x" }}\n', ["5:9-5:13 P004", "5:19-5:23 P002"]),
        (f'{PROJECT}[rules]\nP002 = "fatal"\n', ["5:8-5:15 P006 level"]),
        (f'{PROJECT}[rules]\nP02 = "error"\n', ["5:1-5:4 P002 rule"]),
        (f'{PROJECT}[rules]\nwait = "error"\n', ["5:1-5:5 P002 rule_none"]),
        (f"{PROJECT}rules = 3\n", ["4:1-4:6 P002 none"]),
        (f'rules = "x"\n{PROJECT}', ["1:1-1:6 P004"]),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_at_its_place(text: str, expected: list[str]) -> None:
    """A slip is told once, where it stands; what it was meant for is not reported as missing too."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[project]\nzone = Europe/Ljubljana  # home\n", "2:8-2:24 P001 quotes"),
        ("[project]\nzone = “UTC”\n", "2:8-2:13 P001 quotes"),
        ('[project]\nzone: "UTC"\n', "2:5-2:6 P001"),
        ('[project]\nzone = "UTC\ncountry = "SI"\n', "2:12-2:13 P001 open"),
        ('[project]\nzone = "UTC', "2:1-2:12 P001 open"),
        ("[rules]\nx = [1,\n\n", "2:1-2:8 P001 open"),
        ('[project]\nzone = "UTC"\nzone = "UTC"\n', "3:1-3:13 P001 twice"),
        ("[project]\n[project]\n", "2:1-2:10 P001 twice"),
        ("[project]\n# caf\udce9\n", "2:6-2:7 P001 encoding"),
        (f"x = {'[' * 5000}", "1:1-1:2 P001 deep"),
    ],
)
def test_what_is_no_toml_is_told_at_its_place(text: str, expected: str) -> None:
    """One finding says where the file stops being readable, and no other follows from it."""
    assert found(text) == [expected]


def test_a_text_without_quotes_is_given_back_with_them() -> None:
    """The sentence to copy is the author's own line."""
    (problem,) = settings_of("verbline.toml", b"[project]\nzone = Europe/Ljubljana # x\n").problems
    assert problem.suggestion == 'zone = "Europe/Ljubljana"'


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('zone = "Ljubljana"', 'zone = "Europe/Ljubljana"'),
        ('zone = "europe/ljubljana"', 'zone = "Europe/Ljubljana"'),
        ('zone = "America/New York"', 'zone = "America/New_York"'),
        ('zone = "Europe/Lubljana"', 'zone = "Europe/Ljubljana"'),
        ('zone = "qqqqqqqqqqqqqqqqqqqqqqqqq/Q"', 'zone = "Europe/Ljubljana"'),
        ('country = "si"', 'country = "SI"'),
        ('country = "Slovenia"', 'country = "SI"'),
        ('country = "UK"', 'country = "GB"'),
        ('country = "XX"', ""),
        ('holidays = "Slovenia"', 'holidays = "SI"'),
        ('holidays = "France"', ""),
        ('work = "Mon-Fri 9-17"', 'work = "monday to friday from 09:00 to 17:00"'),
        ('work = "mon 8.30-12h; tue 9:00-11"', 'work = "monday from 08:30 to 12:00, tuesday from 09:00 to 11:00"'),
        ('work = "weekdays"', 'work = "monday to friday from 09:00 to 17:00"'),
        ('marketing = "4 a week"', 'marketing = "at most 4 messages in 7 days"'),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_shown_the_one_that_was_meant(line: str, meant: str) -> None:
    """The line to copy is a right one: nothing is found in a file that holds it."""
    key = line.partition(" ")[0]
    kept = "".join(one for one in PROJECT.splitlines(keepends=True) if not one.startswith(key))
    (problem,) = settings_of("verbline.toml", f"{kept}{line}\n".encode()).problems
    assert (problem.code, problem.suggestion) == ("P006", meant)
    assert found(f"{kept}{meant}\n") == [] or not meant


def test_working_time_is_read_in_the_words_of_either_language() -> None:
    """Several spans have commas between them; a Slovenian project may say them in English."""
    told = [
        "monday to thursday from 08:00 to 12:00, friday from 09:00 to 13:00",
        "od ponedeljka do četrtka od 08:00 do 12:00, ob petkih od 09:00 do 13:00",
    ]
    for language in ("en", "sl"):
        for text in told:
            settings = settings_of(
                "verbline.toml", f'{PROJECT}language = "{language}"\nwork = "{text}"\n'.encode()
            )
            assert settings.work == (((0, 1, 2, 3), 480, 720), ((4,), 540, 780)), (language, text)
    sl = f'{PROJECT}language = "sl"\nwork = "pon-pet 9-17"\nmarketing = "x"\n'
    problems = settings_of("verbline.toml", sl.encode()).problems
    assert [problem.suggestion for problem in problems] == [
        'work = "od ponedeljka do petka od 09:00 do 17:00"',
        'marketing = "največ 4 sporočila v 7 dneh"',
    ]


def test_a_value_that_is_none_counts_as_not_there() -> None:
    """What runs journeys never meets a zone, a country or hours that do not exist."""
    settings = settings_of(
        "verbline.toml", b'[project]\nzone = "A/B"\ncountry = "XX"\nholidays = "FR"\nwork = "x"\n'
    )
    assert (settings.zone, settings.country, settings.holidays) == ("UTC", "", "")
    assert (settings.work, settings.marketing) == (None, None)


def test_without_the_database_a_zone_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """`lint` needs no package beside it; whatever runs journeys looks the zone up again."""
    monkeypatch.setattr("importlib.machinery.PathFinder.find_spec", lambda _name: None)
    assert found('[project]\nzone = "Europe/Nowhere"\ncountry = "XX"\n') == []


def test_findings_speak_the_language_of_the_project() -> None:
    """In a Slovenian project the findings about its settings are Slovenian."""
    (problem,) = settings_of(
        "verbline.toml", f'{PROJECT}language = "sl"\nx = 1\n'.encode()
    ).problems
    assert problem.message.startswith('V [project] ni nastavitve "x"')


def test_the_language_is_seen_in_a_file_that_is_no_toml() -> None:
    """One slip in the settings makes no sentence of the project a mistake."""
    for text, language in (
        ('[project]\nlanguage = "sl"\nzone = UTC\n', "sl"),
        ('[project\nlanguage = "si"\n', "en"),
        ('[project\n# language = "sl"\n', "en"),
    ):
        settings = settings_of("verbline.toml", text.encode())
        assert settings.language == language
        told = [(problem.code, problem.language) for problem in settings.problems]
        assert told == [("P001", language)]


def test_no_setting_commands_the_terminal() -> None:
    """A key or a value with an escape in it is shown with a mark in its place."""
    text = PROJECT + '"a\\u001b[31m" = 1\nlanguage = "\\u009b2J"\n'
    told = [one.message for one in settings_of("verbline.toml", text.encode()).problems]
    assert ["a\ufffd[31m" in told[0], "\ufffd2J" in told[1]] == [True, True]
    assert not set("".join(told)) & {"\x1b", "\x9b"}


PAGES = [code for code in codes() if code.startswith("P") and "## Bad" in page(code)["body"]]
PAGES.remove("P007")  # of the runtime: tests/test_runtime_settings.py


@pytest.mark.parametrize("code", PAGES)
def test_the_examples_of_the_pages_are_run(code: str) -> None:
    """The bad example of a page has this finding and no other, the good one has none."""
    for kind, expected in (("Bad", {code}), ("Good", set())):
        (example,) = re.findall(rf"## {kind}\n```journey\n(.*?)```", page(code)["body"], re.DOTALL)
        text = example.partition("=== verbline.toml\n")[2].partition("=== ")[0]
        problems = settings_of("verbline.toml", text.encode()).problems
        assert {problem.code for problem in problems} == expected


def test_only_a_file_that_cannot_be_read_has_no_example() -> None:
    """Every other finding about settings can be shown."""
    assert PAGES == ["P001", "P002", "P003", "P004", "P006"]


@pytest.mark.parametrize(
    ("lines", "keys", "place"),
    [
        (["[a]", "b = 1"], ("a", "b"), "2:1-2:2"),
        (["a.b = 1"], ("a", "b"), "1:3-1:4"),
        (["[a.b]", "c = 1"], ("a", "b", "c"), "2:1-2:2"),
        (['["a.b"]', "'c d' = 1"], ("a.b", "c d"), "2:2-2:5"),
        (["[a]", "b = { c = 1, d = 2 }"], ("a", "b", "d"), "2:14-2:15"),
        (["[a]", "b = {", "}"], ("a", "b", "d"), "2:1-2:2"),
        (["[[a]]", "b = 1"], ("a", "b"), "2:1-2:2"),
        (["x = 1", "[a]"], ("a", "b"), "2:2-2:3"),
        (["x = 1"], ("a", "b"), "1:1-1:6"),
        ([""], ("a",), "1:1-1:2"),
        (["  [ a ]", "\tb = 1"], ("a", "b"), "2:2-2:3"),
        (["[b]", "c = 1", "[a]", "c = 1"], ("a", "c"), "4:1-4:2"),
    ],
)
def test_a_key_is_found_where_it_stands(
    lines: list[str], keys: tuple[str, ...], place: str
) -> None:
    """A key is found in a table, a dotted name or a table on one line; else the nearest one above it."""
    assert repr(place_in(lines, keys)) == place


PIECES = ["[", "]", '"', "'", "=", "\n", ".", "{", "}", ",", "#", " ", "1", "\x00", "č", "\udce9"]
PIECES += ["project", "zone", "people", "rules", "P002", "error", '"""', "\r\n", "\ufeff", "true"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_nothing_that_can_stand_in_a_file_breaks_the_reader(text: str) -> None:
    """Whatever a settings file holds, every finding has a place in it and a sentence."""
    content = text.encode("utf-8", "surrogateescape")
    lines = text.replace("\r\n", "\n").split("\n")
    for problem in settings_of("verbline.toml", content).problems:
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1
        assert problem.message


def test_the_settings_of_the_manual_are_right() -> None:
    """The example of the language reference has no finding, and the holidays it lists are those that are known."""
    manual = (ROOT / "grammar" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(\[project\]\n.*?)```", manual, re.DOTALL)
    assert found(example) == []
    (listed,) = re.findall(r"Holidays are known for (.*?);", manual, re.DOTALL)
    assert re.findall(r"[A-Z]{2}", listed) == sorted(with_holidays())
