"""Moments as events bring them. Rule: an event is the moment when its type and its system say so, and a form's submission is
the moment that the form signals, or bears the form's name.
"""

from __future__ import annotations

from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.parts import Moment
from verbline.interpreter.program.readers import reader_of
from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.program.systems import system_key
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.names import Declaration
    from verbline.interpreter.program.compile import Compiler
    from verbline.interpreter.program.readers import Reader

UNITS_OF_A_DAY = {"day": DAY, "wday": DAY, "week": 7 * DAY, "month": 31 * DAY, "year": 366 * DAY}


def moments_in(compiler: Compiler) -> dict[str, Moment]:
    """Return the moments of the project and of the library files it uses, by their first names; forms that are one too."""
    found: dict[str, Moment] = {}
    for one in compiler.overview.declarations("moment"):
        moment = moment_of(compiler, one)
        found.setdefault(moment.name, moment)
    for one in compiler.overview.declarations("form"):
        take_form(compiler, one, found)
    for moment in found.values():
        moment.facts = tuple(
            name for name, _read in moment.readers if name in compiler.program.facts
        )
        if moment.code:
            known = compiler.program.by_code
            known[moment.code] = (*known.get(moment.code, ()), moment)
    return found


def moment_of(compiler: Compiler, one: Declaration) -> Moment:
    """Return a declared moment. One without a system is raised by a signal alone, and has no code."""
    sentence = one.sentence
    comes, arrives = sentence.first("comes_from"), sentence.first("arrives")
    fields = fields_of_moment(one)
    readers = {
        field.name: reader_of(kind_of_type(field.kind), compiler.program.zone) for field in fields
    }
    assert sentence.node is not None
    name = sentence.node.text("name")
    code = comes.text("code") or name if comes else ""
    source = system_key(comes.text("system")) if comes else ""
    moment = Moment(name, code, source, readers)
    moment.kinds = {field.name: kind_of_type(field.kind).name for field in fields}
    if arrives is not None:
        number, unit = duration_of(arrives.node("length"))
        moment.patience = (
            int(number * UNITS_OF_A_DAY[unit])
            if unit in UNITS_OF_A_DAY
            else milliseconds(number, "hour" if unit == "whour" else unit)
        )
    return moment


def take_form(compiler: Compiler, one: Declaration, found: dict[str, Moment]) -> None:
    """Take a form: its fields come with the moment that it signals, or with one of its own."""
    sentence = one.sentence
    captured, signals = sentence.first("captured_by"), sentence.first("form_signals")
    system = system_key(captured.text("system")) if captured else ""
    name = compiler.meanings.moment(signals.text("moment")) if signals else one.name
    moment = found.get(name)
    if moment is None:
        moment = found[name] = Moment(one.name, one.name, system, {})
    elif not moment.code:
        moment.code, moment.source = one.name, system
    moment.form = one.name
    known = dict(moment.readers)
    fields = fields_of_people(compiler)
    for line in sentence.of("asks"):
        for word in line.node.words("fields") if line.node else ():
            if word.text in fields:
                known.setdefault(word.text, fields[word.text][1])
                moment.kinds.setdefault(word.text, fields[word.text][0])
    moment.readers = tuple(known.items())


def fields_of_people(compiler: Compiler) -> dict[str, tuple[str, Reader]]:
    """Return the kind of each declared field of a person, and what reads it."""
    return {
        field.name: (
            (kind := kind_of_type(field.kind)).name,
            reader_of(kind, compiler.program.zone),
        )
        for one in compiler.overview.declarations("person")
        for field in fields_of_person(one)
    }


def submissions(compiler: Compiler, fields: tuple[str, ...]) -> list[str]:
    """Return the moments that the submission of a form is which asks for all of ``fields``."""
    found = []
    for one in compiler.overview.declarations("form"):
        asked = {
            word.text
            for line in one.sentence.of("asks")
            if line.node
            for word in line.node.words("fields")
        }
        if asked.issuperset(fields):
            signals = one.sentence.first("form_signals")
            name = compiler.meanings.moment(signals.text("moment")) if signals else one.name
            found.append(name)
    return found
