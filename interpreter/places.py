"""Which sentence may stand under which. Rule: one table, read by the parser, the messages and the reference."""

from __future__ import annotations

from verbline.interpreter.nodes import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Node, Sentence

STEPS = frozenset(
    [
        "wait",
        "wait_until",
        "wait_until_workday",
        "wait_before",
        "wait_after",
        "wait_for",
        "wait_absent",
        "notify",
        "notify_desk",
        "notify_routed",
        "stop_writing",
        "ask",
        "escalate",
        "escalate_routed",
        "escalate_named",
        "route",
        "qualify",
        "confirm",
        "learn",
        "learn_list",
        "signal",
        "offer_best",
        "offer",
        "experiment",
        "repeat",
        "continue_with",
        "finish",
        "go_on",
        "depending",
        "if_",
        "otherwise_if",
        "otherwise",
        "if_unknown",
    ]
)
DECLARATIONS = frozenset(
    [
        "moment",
        "purpose",
        "person",
        "segment",
        "score",
        "metric",
        "message",
        "form",
        "desk",
        "offer_decl",
        "journey",
        "scenario",
    ]
)
HEADERS = frozenset(("use", "language"))
SCENARIO = frozenset(
    [
        "g_now",
        "g_person",
        "g_other_person",
        "g_agrees",
        "g_disagrees",
        "g_segment",
        "g_qualified",
        "g_has_no",
        "g_not_known",
        "g_exp",
        "w_event",
        "w_pass",
        "w_desk",
        "w_answers",
        "w_agrees",
        "w_withdraws",
        "w_merge",
        "w_merge_named",
        "w_split",
        "w_split_named",
        "t_gets",
        "t_once",
        "t_offer",
        "t_asked",
        "t_not",
        "t_no_offer",
        "t_nothing",
        "t_no_more",
        "t_task",
        "t_no_task",
        "t_told",
        "t_not_told",
        "t_responsible",
        "t_fact",
        "t_finish",
        "t_waiting",
        "examples",
    ]
)
JOURNEY_CLAUSES = frozenset(
    [
        "owned_by",
        "because",
        "aims_for",
        "starts_when",
        "starts_segment",
        "starts_also",
        "stops_when",
        "stops_segment",
        "stops_withdrawn",
        "only_for",
        "only_verified",
        "except_for",
        "once_per",
        "again_after",
        "priority",
        "reacts",
        "relaxed",
        "relaxed_morning",
        "quiet",
        "cap",
        "entry_brake",
        "takes_in_until",
        "gives_up",
        "no_longer",
        "inside_finish",
        "inside_move",
        "start_incomplete",
        "reviewed",
    ]
)
MESSAGE_LINES = frozenset(["goes_at_once", "goes_between", "late_at_most", "topics"])
DESK_ANSWERS = frozenset(["show", "if_nobody", "if_somebody", "if_answer"])


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


UNDER: dict[str, frozenset[str]] = {
    "": HEADERS | DECLARATIONS,
    "journey": JOURNEY_CLAUSES | STEPS,
    "scenario": SCENARIO,
    "person": _of(
        """also_written known_by also_known_by recognised_by zone_from country_from has_field merge_when merge_ask
        merge_never trust strictest"""
    ),
    "purpose": _of(
        """is_transactional is_service is_marketing is_legal is_tracking is_recognition rests_on also_rests_on topics covers
        confirmed_by_link lapses asked_with kept_in owned_by cap"""
    ),
    "moment": _of("comes_from arrives heartbeat carries sign_of_life also_called owned_by"),
    "segment": _of("people_where"),
    "score": _of("adds takes halves stays owned_by"),
    "metric": _of("owned_by counts measures sums over should"),
    "message": _of("subject says text_from in_lang"),
    "in_lang": _of("subject says text_from"),
    "form": _of("captured_by asks asks_agreement form_signals"),
    "desk": _of("owned_by led_by answers_within open_hours backed_up"),
    "offer_decl": _of("suits ranked_by shows not_again"),
    # steps that hold lines of their own
    "wait_until": _of("if_past"),
    "wait_until_workday": _of("if_past"),
    "wait_before": _of("if_past"),
    "wait_after": _of("if_past"),
    "wait_for": _of("if_happens if_not_happens if_this_happens if_neither"),
    "wait_absent": _of("if_happens if_not_happens"),
    "notify": MESSAGE_LINES | _of("if_sent if_nothing_sent"),
    "offer": MESSAGE_LINES | _of("if_sent if_nothing_sent if_nothing_fits"),
    "offer_best": MESSAGE_LINES | _of("if_sent if_nothing_sent if_nothing_fits"),
    "confirm": MESSAGE_LINES | _of("if_yes if_no if_no_answer"),
    "ask": MESSAGE_LINES | _of("if_answered if_no_answer"),
    "notify_desk": _of("show"),
    "notify_routed": _of("show if_no_desk"),
    "escalate": DESK_ANSWERS,
    "escalate_routed": DESK_ANSWERS | _of("if_no_desk"),
    "escalate_named": DESK_ANSWERS | _of("if_no_desk"),
    "pass_up": DESK_ANSWERS,
    "qualify": _of("otherwise if_unknown"),
    "experiment": _of("arm"),
    "depending": _of("case_ case_else"),
    "repeat": STEPS,
    "if_nobody": STEPS | _of("pass_up"),
}
BRANCHES = _of(
    """if_ otherwise_if otherwise if_unknown if_past if_happens if_not_happens if_this_happens if_neither if_somebody
    if_no_desk if_answer if_yes if_no if_no_answer if_answered if_nothing_fits if_nothing_sent if_sent case_ case_else arm"""
)
for _branch in sorted(BRANCHES):
    UNDER[_branch] = STEPS

# Sentences whose condition may be a list of conditions, one a line under them.
LISTING = _of("if_ otherwise_if qualify people_where suits condition")
# Sentences that hold a block of text between lines of three quotes.
TEXT_UNDER = _of("message in_lang")
# What stands under a step where others would write "otherwise": the one case that is left beside its answer.
REMAINING = {
    "wait_for": "if_not_happens",
    "ask": "if_no_answer",
    "escalate": "if_nobody",
    "escalate_routed": "if_nobody",
    "escalate_named": "if_nobody",
    "pass_up": "if_nobody",
    "notify": "if_nothing_sent",
    "offer": "if_nothing_sent",
    "offer_best": "if_nothing_sent",
    "depending": "case_else",
}
# The first line of an `if` that these continue.
CONTINUES_IF = {
    "otherwise_if": _of("if_ otherwise_if if_unknown"),
    "if_unknown": _of("if_ otherwise_if"),
    "otherwise": _of("if_ otherwise_if if_unknown"),
}


def remaining(step: Sentence | None) -> str:
    """Return the shape of the line that says "otherwise" under ``step``, or nothing."""
    if step is None or step.node is None:
        return ""
    several = step.shape == "wait_for" and len(step.node.items("moments")) > 1
    return "if_neither" if several else REMAINING.get(step.shape, "")


def may_stand(shape: str, under: str) -> bool:
    """Return whether a sentence ``shape`` may stand directly under one of shape ``under`` (empty: at column 1)."""
    return shape in UNDER.get(under, ())


def holds_lines(shape: str) -> bool:
    """Return whether lines may be nested under a sentence of ``shape``."""
    return shape in UNDER or shape in LISTING or shape == "examples"


def homes(shape: str) -> list[str]:
    """Return the shapes under which ``shape`` may stand, in the order of the table."""
    return [under for under, shapes in UNDER.items() if shape in shapes]


def lists_conditions(sentence: Sentence) -> bool:
    """Return whether the condition of ``sentence`` is the list of lines under it."""
    if sentence.node is None or sentence.shape not in LISTING:
        return False
    part = sentence.node.parts.get("condition")
    return isinstance(part, Word) and part.kind in ("ALL_TRUE", "ANY_TRUE")


def conditions_under(sentence: Sentence) -> list[Node]:
    """Return the conditions listed under ``sentence``, one a line."""
    return [inner.node for inner in sentence.of("condition") if inner.node]
