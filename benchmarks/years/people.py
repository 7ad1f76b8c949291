"""Invented people and firms. Rule: names may exist, addresses and numbers cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from benchmarks.dice import Dice

FIRST_NAMES = (
    "Ana Andrej Anja Bojan Bor Branka Cene Danica Darja Eva Filip Gaja Gregor Hana Igor Irena Iva Jaka Jan Jasna Jure Katja Klara "
    "Lan Lara Lenart Luka Maja Marko Matej Mia Miha Mojca Nejc Neža Nika Oskar Petra Rok Sara Simon Tadej Tilen Tina Urban Vida Žan Živa"
)
LAST_NAMES = (
    "Bergant Bevc Bizjak Cerar Debeljak Dolinar Erjavec Ferk Gorjup Hafner Hribernik Jelen Kavčič Kern Kolar Kos Kovač Kranjc Lah "
    "Lesjak Mlakar Novak Oblak Pavlin Perko Pirc Potočnik Rant Rupnik Sever Sitar Šuštar Tavčar Turk Urbanc Vidic Zajc Zupan Žnidar"
)
PLACES = "Brod Dobrava Gorica Hrib Javor Kamen Lipa Log Polje Potok Ravne Selo Vrh Zatok"
# One person in so many gives the address of the household, one in so many a telephone that is somebody else's too.
SHARING, SAME_PHONE, NO_EMAIL, NO_PHONE = 0.06, 0.04, 0.08, 0.2
ASCII = str.maketrans("čćšžđ", "ccszd")


class Someone(NamedTuple):
    """One invented person; email and phone are empty where they gave none."""

    number: int
    first: str
    last: str
    email: str
    phone: str

    @property
    def addresses(self) -> dict[str, str]:
        """What they can be reached at."""
        found = {"email": self.email, "phone": self.phone}
        return {kind: value for kind, value in found.items() if value}


def everybody(dice: Dice, number: int, domain: str = "mail.example") -> list[Someone]:
    """Return so many people; some live together and share an address."""
    found: list[Someone] = []
    first_names, last_names = FIRST_NAMES.split(), LAST_NAMES.split()
    for place in range(1, number + 1):
        first, last = dice.one(first_names), dice.one(last_names)
        email = f"{first}.{last}{place}@{domain}".lower().translate(ASCII)
        phone = f"+38641{500_000 + place:06}"
        if found and dice.share() < SHARING:
            email, last = found[-1].email, found[-1].last
        if found and dice.share() < SAME_PHONE:
            phone = found[-1].phone
        email = "" if dice.share() < NO_EMAIL else email
        phone = "" if email and dice.share() < NO_PHONE else phone
        found.append(Someone(place, first, last, email, phone))
    return found
