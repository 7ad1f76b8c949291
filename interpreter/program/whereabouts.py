"""Where somebody is: the country and the time zone. Rule: what was said counts before what is assumed, and of several none is picked."""

from __future__ import annotations

from verbline.interpreter.program.calling import countries_of_number
from verbline.interpreter.zones import zone, zones_of_country

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.zones import Zone


def country_code(text: str) -> str:
    """Return the two letters of a country, nothing where ``text`` is none."""
    said = text.strip()
    return said.upper() if len(said) == 2 and said.isascii() and said.isalpha() else ""


def number_of(person: Person) -> str:
    """Return the person's telephone number with its calling code, or nothing."""
    number = next((one.value for one in person.contacts if one.kind == "phone"), "")
    return number if number.startswith("+") else ""


def countries_said(program: Program, person: Person) -> tuple[str, ...] | None:
    """Return the countries that the person's can be as two letters, nothing where what was said is none.

    None where nothing was said. Several share a calling code.
    """
    said = None
    for field in program.country_fields:
        if program.contact_fields.get(field) == "phone":
            number = number_of(person)
            if number:
                return countries_of_number(number)
            continue
        value = person.values.get(field)
        if isinstance(value, str) and field not in program.contact_fields:
            said = ()
            country = country_code(value)
            if country:
                return (country,)
    return said


def country_of(program: Program, person: Person) -> str:
    """Return the person's country as two letters, else the project's; nothing where what was said is none, or open.

    Of several that share a calling code the project's own counts, if it is one of them.
    """
    said = countries_said(program, person)
    if said is None or program.country in said:
        return program.country
    return said[0] if len(said) == 1 else ""


def zones_said(program: Program, person: Person) -> tuple[Zone, ...]:
    """Return the zones in which the person may be by the fields that say the zone, nothing where they say none.

    A field says a zone, or a country by its letters or by the calling code of a number: then all zones of that country.
    """
    for field in program.zone_fields:
        if program.contact_fields.get(field) == "phone":
            found = zones_of_number(person)
        else:
            value = person.values.get(field)
            found = zones_named(value) if isinstance(value, str) else ()
        if found:
            return found
    return ()


def zones_named(text: str) -> tuple[Zone, ...]:
    """Return the zone that ``text`` names, or the zones of the country that it names."""
    country = country_code(text)
    if country:
        return zones_of_country(country)
    found = zone(text)
    return () if found is None else (found,)


def zones_of_number(person: Person) -> tuple[Zone, ...]:
    """Return the zones in which the person's telephone number can be at home."""
    return zones_of_countries(countries_of_number(number_of(person)))


def zones_of_countries(countries: tuple[str, ...]) -> tuple[Zone, ...]:
    """Return the zones of several countries, each once."""
    if len(countries) == 1:
        return zones_of_country(countries[0])
    return tuple(dict.fromkeys(one for country in countries for one in zones_of_country(country)))


def quiet_zones(program: Program, person: Person) -> tuple[Zone, ...]:
    """Return the zones in any of which it may be quiet where the person is, so that nothing is sent.

    They are those that the fields say, where these say none those of the country that was said, else the project's.
    """
    found = zones_said(program, person)
    if not found and program.country_fields:
        found = zones_of_countries(countries_said(program, person) or ())
    return found or (program.zone,)
