"""Every command there is. Rule: a command is named here and nowhere else, with no import."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry:
    """Where a command stands, as ``module:function``, and its line in the list of commands."""

    __slots__ = ("place", "summary")

    def __init__(self, place: str, summary: str) -> None:
        self.place = place
        self.summary = summary


# The order is the order of the list that a reader sees: first what is used first.
COMMANDS: Mapping[str, Entry] = {
    "new": Entry("verbline.cli.new:new", "Make a project to start from."),
    "check": Entry("verbline.cli.check:check", "Find mistakes in sentences, names and kinds."),
    "fmt": Entry("verbline.cli.fmt:fmt", "Write journeys in their one true form."),
    "lint": Entry("verbline.cli.lint:lint", "Find what is allowed but unwise."),
    "test": Entry("verbline.cli.test:test", "Run the scenarios in virtual time."),
    "play": Entry("verbline.cli.play:play", "Step through one person's journey."),
    "simulate": Entry("verbline.cli.simulate:simulate", "Run the journeys over a log, in memory."),
    "run": Entry("verbline.cli.run_project:run", "Run the journeys on a log, for good."),
    "plan": Entry("verbline.cli.plan:plan", "Show what a change would do, before it is live."),
    "explain": Entry("verbline.cli.explain:explain", "Say why somebody got something, or did not."),
    "report": Entry("verbline.cli.report:report", "Compute the numbers of a project from its log."),
    "replay": Entry("verbline.cli.replay:replay", "Check that recorded decisions come out again."),
    "score": Entry("verbline.cli.score:score", "Show what a change of a score does."),
    "collisions": Entry(
        "verbline.cli.collisions:collisions", "Show where journeys meet in one person."
    ),
    "rebuild": Entry("verbline.cli.rebuild:rebuild", "Make the store again from the log."),
    "audit": Entry("verbline.cli.audit:audit", "Find what to mend in a log before any journey."),
    "people": Entry(
        "verbline.cli.people:people", "Tell who is who, join people and take them apart."
    ),
    "identity": Entry(
        "verbline.cli.identity:identity", "Show what a change of the rules of who is who does."
    ),
    "consent": Entry("verbline.cli.consent:consent", "Tell and change what people agreed to."),
    "desk": Entry("verbline.cli.desk:desk", "Write down what a desk answers."),
    "reply": Entry("verbline.cli.reply:reply", "Write down what a link in a message says."),
    "returned": Entry(
        "verbline.cli.returned:returned",
        "Write down what came back: bounces, complaints, call-backs.",
    ),
    "outbox": Entry(
        "verbline.cli.outbox:outbox", "Show what is to leave, and decide what nobody knows about."
    ),
    "health": Entry(
        "verbline.cli.health:health", "Tell how a running project is, and what needs somebody."
    ),
    "parked": Entry(
        "verbline.cli.parked:parked",
        "Show lines that were set aside, and decide about them.",
    ),
    "doctor": Entry("verbline.cli.doctor:doctor", "Find what stands in the way of `run`."),
    "compile": Entry("verbline.cli.compile:compile_", "Show the compiled form of a project."),
    "prove": Entry("verbline.cli.prove:prove", "Show that no message leaves without the guard."),
    "rules": Entry("verbline.cli.rules:rules", "Show what a rule asks for, and why."),
    "read": Entry("verbline.cli.read:read", "Tell a journey in prose."),
    "diagram": Entry("verbline.cli.diagram:diagram", "Draw a journey as Mermaid or DOT text."),
    "translate": Entry("verbline.cli.translate:translate", "Write a journey in another language."),
}
