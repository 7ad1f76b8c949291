"""The country of a telephone number. Rule: a number of which nobody knows where it is at home takes the strictest rules.

Calling codes are those of Recommendation ITU-T E.164. Only countries with a row in ``stdlib/countries.toml`` need one here.
"""

from __future__ import annotations

# Calling code -> the countries that share it.
CODES = {
    "1": ("US", "CA"), "30": ("GR",), "31": ("NL",), "32": ("BE",), "33": ("FR",), "34": ("ES",), "351": ("PT",),
    "352": ("LU",), "353": ("IE",), "354": ("IS",), "356": ("MT",), "357": ("CY",), "358": ("FI",), "359": ("BG",),
    "36": ("HU",), "370": ("LT",), "371": ("LV",), "372": ("EE",), "385": ("HR",), "386": ("SI",), "39": ("IT",),
    "40": ("RO",), "41": ("CH",), "420": ("CZ",), "421": ("SK",), "423": ("LI",), "43": ("AT",), "44": ("GB",),
    "45": ("DK",), "46": ("SE",), "47": ("NO",), "48": ("PL",), "49": ("DE",),
}  # fmt: skip
LONGEST = 3


def countries_of_number(number: str) -> tuple[str, ...]:
    """Return the countries in which a number that begins with ``+`` can be at home, as two letters; none where nobody knows."""
    digits = "".join(letter for letter in number if letter in "0123456789")
    for length in range(LONGEST, 0, -1):
        countries = CODES.get(digits[:length])
        if countries is not None:
            return countries
    return ()
