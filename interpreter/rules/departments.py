"""Names that no person bears. Rule: a name counts as a department only if a word says so, or if every word of it does."""

from __future__ import annotations

import re

from verbline.interpreter.nearness import plain

WORDS = re.compile(r"[^\W\d_]+")


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# One of these is enough, in any of the languages: "The Welcome Team", "Oddelek za nakup".
SURE = _of(
    """team teams department departments dept division unit committee board staff helpdesk
    oddelek sluzba sektor ekipa tim odbor uprava skupina pisarna"""
)
# A name made of nothing but these: "Marketing", "Customer Care", "Trade Marketing and Sales", "Prodaja".
FIELDS = _of(
    """marketing sales it hr pr crm finance finances operations support service services care customer customers client
    clients member members membership trade digital product products data communication communications legal compliance
    logistics distribution ecommerce commerce retail human resources growth brand content event events procurement
    purchasing administration engineering development research accounts accounting aftersales back front office help desk
    call contact centre center success experience insights analytics management agency web online email privacy security
    trzenje prodaja nabava finance kadri kadrovska pravna razvoj informatika logistika distribucija podpora pomoc
    uporabnikom uporabnikov strankam strank stranke clanske clanska storitve storitev skrb digitalni digitalna
    komuniciranje komunikacije odnosi javnostmi racunovodstvo e"""
)
JOINING = _of("and of for the in za z s")


def is_department(name: str) -> bool:
    """Return whether ``name`` is that of a department rather than of a person."""
    words = WORDS.findall(plain(name))
    if not SURE.isdisjoint(words):
        return True
    told = [word for word in words if word not in JOINING]
    return bool(told) and FIELDS.issuperset(told)
