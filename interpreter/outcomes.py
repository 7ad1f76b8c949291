"""What can come of a step. Rule: this table is the only place that knows; the graph of a journey is laid from it."""

from __future__ import annotations

from verbline.interpreter.places import STEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    # A reason, the lines that open its block, and the part of the step that says how long it takes at least.
    Answer: TypeAlias = "tuple[str, tuple[str, ...], str]"

PLACES = STEPS | {"pass_up"}
ENDS = frozenset(("finish", "continue_with"))
# Where only time passes.
CLOCKS = frozenset(("wait", "wait_until", "wait_until_workday", "wait_before", "wait_after"))
WAITS = CLOCKS | {"wait_for", "wait_absent"}
TASKS = frozenset(("escalate", "escalate_routed", "escalate_named", "pass_up"))
QUESTIONS = frozenset(("confirm", "ask"))
# Where a person stays until time has passed or something has happened.
HOLDS = WAITS | TASKS | QUESTIONS
# What writes to the person, under a purpose.
WRITES = frozenset(("notify", "offer", "offer_best")) | QUESTIONS

DATE: tuple[Answer, ...] = (("then", (), ""), ("past", ("if_past",), ""))
SENT: tuple[Answer, ...] = (
    ("sent", ("if_sent",), ""),
    ("nothing_sent", ("if_nothing_sent",), ""),
)
OFFERED: tuple[Answer, ...] = (*SENT, ("nothing_fits", ("if_nothing_fits",), ""))
TASK: tuple[Answer, ...] = (
    ("somebody", ("if_somebody",), ""),
    ("answer", ("if_answer",), ""),
    ("nobody", ("if_nobody",), "within"),
)
ROUTED: tuple[Answer, ...] = (*TASK, ("no_desk", ("if_no_desk",), ""))
THEN: tuple[Answer, ...] = (("then", (), ""),)

# What can come of a step. An answer to a question can come at once; so can none, where the question may not be sent.
ANSWERS: Mapping[str, tuple[Answer, ...]] = {
    "wait": (("then", (), "length"),),
    "wait_until": DATE,
    "wait_until_workday": DATE,
    "wait_before": DATE,
    "wait_after": DATE,
    "wait_absent": (
        ("happens", ("if_happens",), "length"),
        ("not_happens", ("if_not_happens",), "limit"),
    ),
    "notify": SENT,
    "notify_routed": (("then", (), ""), ("no_desk", ("if_no_desk",), "")),
    "offer": OFFERED,
    "offer_best": OFFERED,
    "confirm": (
        ("yes", ("if_yes",), ""),
        ("no", ("if_no",), ""),
        ("no_answer", ("if_no_answer",), ""),
    ),
    "ask": (("answered", ("if_answered",), ""), ("no_answer", ("if_no_answer",), "")),
    "escalate": TASK,
    "pass_up": TASK,
    "escalate_routed": ROUTED,
    "escalate_named": ROUTED,
}
# Without a line for it, this is no answer of its own.
ONLY_WITH_LINE = ("answer",)
# Here every answer needs its line; where one is missing, that is told, and nothing follows from it.
COMPLETE = ("confirm", "qualify")
