"""Where a telephone number is at home, and what that means for who may be written to."""

import tomllib

import pytest

from tests.cases import project_of
from tests.tree import ROOT
from verbline.interpreter.person.record import Contact, Person, put
from verbline.interpreter.program.calling import CODES
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.zones import zones_of_country

FILES = {
    "verbline.toml": '[project]\nname = "x"\nlanguage = "en"\nzone = "UTC"\ncountry = "US"\n',
    "a.journey": "person reader\n  also known by email, phone\n  country from home-country, phone\n"
    "  has home-country as text\n",
}


@pytest.mark.parametrize(
    ("number", "project", "country"),
    [
        ("+386 40 111 222", "US", "SI"),
        ("+4915112345678", "US", "DE"),
        ("+12025550123", "US", "US"),
        ("+12025550123", "CA", "CA"),
        ("+12025550123", "SI", ""),
        ("+99912345678", "SI", ""),
        ("+", "SI", ""),
    ],
)
def test_a_number_has_the_country_of_its_calling_code(
    number: str, project: str, country: str
) -> None:
    """A code that several countries share is the project's, if it is one of them; what nobody knows is open."""
    settings = FILES["verbline.toml"].replace('"US"', f'"{project}"')
    program = compile_project(project_of({**FILES, "verbline.toml": settings}))
    person = Person("P1")
    person.contacts.append(Contact("phone", number, 0))
    assert program.country_of(person) == country


def test_every_country_of_the_table_has_a_calling_code() -> None:
    """A country that gets a row of its own gets its code too."""
    table = tomllib.loads((ROOT / "stdlib/countries.toml").read_text("utf-8"))
    rows = set(table["countries"]) - {"unknown"}
    for base in table["bases"].values():
        rows.update(base["members"])
    assert rows <= {country for countries in CODES.values() for country in countries}


def test_the_phone_counts_where_no_country_is_said() -> None:
    """The fields count in the order in which the person noun names them; the project's country comes last."""
    program = compile_project(project_of(FILES))
    person = Person("P1")
    assert program.country_of(person) == "US"
    person.contacts.append(Contact("phone", "+4915112345678", 0))
    assert program.country_of(person) == "DE"
    put(person, "values", "home-country", "si")
    assert program.country_of(person) == "SI"


@pytest.mark.parametrize(
    ("country", "zones"),
    [
        ("SI", ["Europe/Ljubljana"]),
        ("DE", ["Europe/Berlin"]),
        ("PT", ["Europe/Lisbon", "Atlantic/Azores"]),
        ("XX", []),
        ("", []),
        ("#", []),
    ],
)
def test_a_country_has_the_zones_whose_clocks_differ(country: str, zones: list[str]) -> None:
    """Zones that show the same are one: Büsingen's clock is Berlin's, Madeira's is Lisbon's."""
    assert [one.name for one in zones_of_country(country)] == zones
    assert zones_of_country(country) is zones_of_country(country)
