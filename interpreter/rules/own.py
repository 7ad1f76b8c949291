"""Names of the project to fill into what a finding offers. Rule: an offer names what there is, or leaves it open with an ellipsis."""

from __future__ import annotations

from verbline.interpreter.meanings import written
from verbline.interpreter.rules.departments import is_department

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.view import View

OPEN = "…"


def first(view: View, kind: str) -> str:
    """Return the first name of ``kind`` in sight, else the first one of the project's own files."""
    for part in (*view.scope.parts, *view.project.overview.own):
        for name in part.declared.get(kind, {}):
            return name
    return OPEN


def owner(view: View) -> str:
    """Return a person who may own something: one who does already, else one of the project's list."""
    for part in (view.names, *view.project.overview.own):
        for line in part.of("owned_by"):
            name = line.node.text("name") if line.node else ""
            if name and not is_department(name):
                return name
    people = sorted(view.project.settings.people or ())
    return people[0] if people else OPEN


def metric(view: View, journey: Sentence) -> str:
    """Return a metric that counts from a moment on which ``journey`` starts, else the first one."""
    starts = {line.node.text("moment") for line in journey.of("starts_when") if line.node}
    for part in (*view.scope.parts, *view.project.overview.own):
        for line in part.of("counts"):
            declared = line.parent.node if line.parent else None
            if line.node and declared and line.node.text("since") in starts:
                return declared.text("name")
    return first(view, "metric")


def moment(view: View, form: Sentence) -> str:
    """Return a moment that ``form`` could signal: one that its system brings, else the first that no form signals."""
    captured = form.first("captured_by")
    system = captured.text("system") if captured else ""
    free = []
    for part in (*view.scope.parts, *view.project.overview.own):
        for name, one in part.declared.get("moment", {}).items():
            source = one.sentence.first("comes_from")
            if source is not None and system and source.text("system") == system:
                return name
            if id(one.sentence) not in view.project.overview.doors:
                free.append(name)
    return free[0] if free else OPEN


def field(view: View) -> str:
    """Return a field that is asked of people."""
    for name, one in view.project.overview.person_fields.items():
        if one.kind is not None and not one.guard:
            return written(name, view.language)
    return OPEN
