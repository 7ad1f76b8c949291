"""Sentences by chance. Rule: whatever is made is a journey that an author could write, and `check` finds nothing in it.

Only the numbers, the order and the choice of the sentences are left to chance; the names are those of `vocabulary`.
"""

from __future__ import annotations

from random import Random

from tests.oracle.added import clauses, hours

# Lengths that a history repeats, so that what happens falls on the instant at which something is due.
LENGTHS = ("1 day", "2 days", "36 hours", "3 hours", "1 week", "45 minutes", "1 month")
SHORT = ("3 hours", "1 day", "36 hours", "45 minutes")
OUTCOMES = ("well", "badly", "late", "neither", "other")
MOMENTS = ("pays", "leaves", "visits", "tells age")
# What a `where` may ask: only what the moment carries.
WHERE = {"pays": " where amount is at least 20 EUR", "tells age": " where age is more than 12"}
SEGMENTS = ("grown up", "northern", "recent payers", "eager", "gone quiet")
PURPOSES = ("care", "care", "news", "buyers", "account", "recall")
CHANNELS = {"recall": ("email",), "care": ("email", "sms", "push")}


def indented(lines: list[str]) -> list[str]:
    """Return lines one level deeper."""
    return ["  " + line for line in lines]


class Phrases:
    """The sentences of one journey: ``carried`` says that its start carries number, seats and day."""

    def __init__(self, dice: Random, others: list[str], *, carried: bool) -> None:
        self.dice = dice
        self.later = Random(hash(dice.getstate()[1]))  # noqa: S311 - chance that can be repeated
        self.others = others
        self.carried = carried
        self.experiments = 0

    def one(self, *choices: str) -> str:
        """Return one of some texts."""
        return self.dice.choice(choices)

    def often(self, share: float) -> bool:
        """Return yes in some share of cases."""
        return self.dice.random() < share

    def length(self) -> str:
        """Return a length that histories repeat."""
        return self.dice.choice(LENGTHS)

    def condition(self) -> str:
        """Return a condition."""
        simple = [
            f"age is at least {self.dice.choice((10, 18, 30))}",
            "age is between 12 and 40",
            'region is "north"',
            "region is unknown",
            "age + 2 is more than 20",
            'topics-liked contains "winter"',
            f"interest is at least {self.dice.choice((5, 10, 20))}",
            "born is before 2000-01-01",
            "born + 30 days is after today",
            f'the member is in segment "{self.one(*SEGMENTS)}"',
            f'the member had "{self.one(*MOMENTS)}" in the last {self.one("2 days", "36 hours")}',
            f'the member had "{self.one(*MOMENTS)}" at least 2 times',
            f'the member had no "{self.one(*MOMENTS)}"',
            'the member agrees to "news"',
            'the member does not agree to "buyers" by email',
            "the member was silent for 2 days",
            'the member is qualified as "ready"',
        ]
        if self.carried:
            simple += ["seats is at least 2", "day is before today", "day is more than 2 days ago"]
        found = self.dice.choice(simple)
        if self.often(0.2):
            found = f"not ({found})"
        if self.often(0.25):
            found = f"({found}) {self.one('and', 'or')} ({self.dice.choice(simple)})"
        return found

    # ---------- clauses ----------

    def clauses(self, starts: list[str]) -> list[str]:
        """Return the clauses of a journey with these starts."""
        found = list(starts)
        chance = [
            (0.25, f'stops when "{self.one("leaves", "pays")}" as "stopped here"'),
            (0.1, f'stops when people enter segment "{self.one(*SEGMENTS)}"'),
            (0.15, 'stops when the member withdraws "news" as "withdrew"'),
            (0.15, f'only for people in segment "{self.one("grown up", "northern")}"'),
            (0.1, f'except people in segment "{self.one("eager", "recent payers")}"'),
            (0.25, "runs once per " + ("number" if self.carried else "person")),
            (0.25, f"runs again after {self.length()}"),
            (0.5, f"keeps quiet from {self.one('20:00', '22:30')} to {self.one('02:30', '08:00')}"),
            (
                0.3,
                f"sends at most {self.one('1', '2')} messages in {self.one('1 day', '20 hours')}",
            ),
            (0.3, f"gives up after {self.one('2 days', '1 week', '36 hours')}"),
            (0.15, f"reacts within {self.one('1 minute', '2 minutes')}"),
            (0.1, "may wait until 08:00 at the latest"),
            (0.2, "starts even if the profile is incomplete"),
        ]
        found += [clause for share, clause in chance if self.often(share)]
        return found + clauses(self.later)

    # ---------- steps ----------

    def steps(self, number: int, depth: int) -> list[str]:
        """Return some steps, no deeper than ``depth`` blocks in each other."""
        found: list[str] = []
        for _ in range(number):
            found += self.step(depth)
        return found

    def step(self, depth: int) -> list[str]:
        """Return one step with what stands under it."""
        kinds = [
            self.wait,
            self.wait_for,
            self.notify,
            self.notify,
            self.notify,
            self.fact,
            self.offer,
        ]
        kinds += [self.task, self.confirm, self.ask, self.wait_absent]
        if depth:
            kinds += [self.branch, self.branch, self.depending, self.repeat, self.qualify]
            kinds += [self.experiment]
        return self.dice.choice(kinds)(depth)

    def way(self, line: str, depth: int) -> list[str]:
        """Return a branch: its line, and steps or an end under it."""
        if self.often(0.25):
            end = f'finish as "{self.one(*OUTCOMES)}"'
            if self.others and self.often(0.2):
                end = f'continue with journey "{self.one(*self.others)}"'
            return [line, *indented([*self.steps(self.dice.randint(0, 1) if depth else 0, 0), end])]
        if depth:
            return [line, *indented(self.steps(1, depth - 1))]
        return [line, *indented(self.dice.choice((self.plain, self.fact, self.fact))(0))]

    def ways(self, head: list[str], lines: list[str], depth: int, share: float = 0.6) -> list[str]:
        """Return a step and those of its branches that chance leaves in."""
        for line in lines:
            if self.often(share):
                head += indented(self.way(line, depth))
        return head

    def wait(self, depth: int) -> list[str]:
        """Return a wait for time."""
        plain = [
            f"wait {self.length()}",
            "wait 4 working hours",
            "wait 2 working days",
            f"wait until {self.one('02:30', '08:00', '09:00', '20:00')}",
            "wait until 09:00 on the next working day",
        ]
        if not self.carried or self.often(0.5):
            return [self.dice.choice(plain)]
        dated = [
            "wait until day",
            "wait until day at 02:30",
            "wait until day up to 3 days",
            "wait until 2 days before day at 10:00",
            "wait until 1 day after day",
            "wait until 5 hours before day",
        ]
        return self.ways([self.dice.choice(dated)], ["if it is already past"], depth, 0.4)

    def wait_for(self, depth: int) -> list[str]:
        """Return a wait for a moment or one of two."""
        first, second = self.dice.sample(MOMENTS, 2)
        since = self.one("", "", " since the journey started")
        limit = f"up to {self.length()}"
        if self.often(0.35):
            line = f'wait for "{first}" or "{second}"{since} {limit}'
            lines = [f'if "{first}" happens', f'if "{second}" happens', "if neither happens"]
            return self.ways([line], lines, depth, 1)
        where = WHERE.get(first, "") if self.often(0.4) else ""
        line = f'wait for "{first}"{since}{where} {limit}'
        return self.ways([line], ["if it happens", "if it does not happen"], depth, 1)

    def wait_absent(self, depth: int) -> list[str]:
        """Return a wait for silence."""
        line = (
            f'wait until there is no "{self.one(*MOMENTS)}" for {self.one(*SHORT)} up to 71 hours'
        )
        return self.ways([line], ["if it happens", "if it does not happen"], depth, 1)

    def plain(self, _depth: int) -> list[str]:
        """Return a message without branches."""
        return [
            f'notify the member by email or sms with "Hello" for "{self.one("care", "account")}"'
        ]

    def notify(self, depth: int) -> list[str]:
        """Return a message."""
        purpose = self.one(*PURPOSES)
        known = CHANNELS.get(purpose, ("email", "sms"))
        channels = " or ".join(self.dice.sample(known, self.dice.randint(1, len(known))))
        message = self.one("Hello", "Leaflet") if purpose in ("news", "buyers") else "Hello"
        line = f'notify the member by {channels} with "{message}" for "{purpose}"'
        if purpose == "news" and self.often(0.3):
            line += ' about "winter"'
        late = [f"  at most {self.one('2 hours', '1 day')} late"] if self.often(0.25) else []
        late += hours(self.later)
        return self.ways([line, *late], ["if it was sent", "if nothing was sent"], depth, 0.25)

    def offer(self, depth: int) -> list[str]:
        """Return an offer."""
        what = self.one('offer "tour"', 'offer the best of "tour", "stay"')
        line = f'{what} by {self.one("email", "sms or email")} for "{self.one("news", "buyers")}"'
        lines = ["if it was sent", "if nothing was sent", "if nothing fits"]
        return self.ways([line], lines, depth, 0.4)

    def task(self, depth: int) -> list[str]:
        """Return a task, or a message for a desk."""
        if self.often(0.2):
            return [self.one('route to desk "Front"', 'route to desk "Back"')]
        desks = ['to desk "Front"', 'to desk "Back"', "to the routed desk"]
        desk = self.one(*desks, "to the desk named in desk-name")
        within = self.one(
            "", " within 4 working hours", " within 36 hours", " within 1 working day"
        )
        if desk.startswith("to the "):
            within = within or " within 1 day"
        if self.carried and self.often(0.15):
            within = " before day"
        head = [f'escalate {desk}{within} because "It matters"', "  show age"]
        lines = ['if the answer is "won" or "lost"', "if somebody answers"]
        if desk.startswith("to the "):
            lines.append("if there is no such desk")
        head = self.ways(head, lines, depth, 0.5)
        if self.often(0.3):
            up = ['pass it up to desk "Back" within 3 working hours because "Nobody answered"']
            return [*head, "  if nobody answers", *indented(indented([*up, "  show age"]))]
        return self.ways(head, ["if nobody answers"], depth, 0.5)

    def confirm(self, depth: int) -> list[str]:
        """Return a question."""
        purpose = self.one("care", "account", "news")
        by = self.one("email", "sms", "sms or email")
        head = [f'confirm "Are you coming?" by {by} within {self.one(*SHORT)} for "{purpose}"']
        return self.ways(head, ["if yes", "if no", "if there is no answer"], depth, 1)

    def ask(self, depth: int) -> list[str]:
        """Return a question that a form answers."""
        head = [f'ask the member for age by email with "Hello" up to {self.length()} for "care"']
        return self.ways(head, ["if it is answered", "if there is no answer"], depth, 1)

    def fact(self, depth: int) -> list[str]:
        """Return a step that changes what is known."""
        choices = [
            "learn that age is age + 1",
            f"learn that age is {self.dice.randint(10, 40)}",
            f'learn that region is "{self.one("north", "south")}"',
            'learn that topics-liked is "winter", "summer"',
            f'learn that desk-name is "{self.one("Front", "Back", "Nowhere")}"',
            f'signal "is noticed" with seats {self.dice.randint(1, 3)}',
            'stop writing to the member for "news"',
            'notify desk "Front" with "Hello"',
        ]
        return [self.dice.choice(choices)]

    def branch(self, depth: int) -> list[str]:
        """Return an `if` with what may follow it."""
        found = self.way(f"if {self.condition()}", depth)
        if self.often(0.3):
            found += self.way("if unknown", depth)
        if self.often(0.3):
            found += self.way(f"otherwise if {self.condition()}", depth)
        if self.often(0.5):
            found += self.way("otherwise", depth)
        return found

    def depending(self, depth: int) -> list[str]:
        """Return ways by value."""
        lines = ['when it is "north"', 'when it is "south"' + self.one("", " or unknown")]
        return self.ways(["depending on region"], [*lines, "when it is anything else"], depth, 1)

    def repeat(self, depth: int) -> list[str]:
        """Return turns."""
        until = f", until {self.condition()}" if self.often(0.5) else ""
        head = f"repeat up to {self.dice.randint(2, 3)} times, every {self.one(*SHORT)}{until}"
        return [head, *indented(self.steps(self.dice.randint(1, 2), depth - 1))]

    def qualify(self, depth: int) -> list[str]:
        """Return a label."""
        head = self.ways([f'qualify as "ready" if {self.condition()}'], ["otherwise"], depth, 1)
        return self.ways(head, ["if unknown"], depth, 0.4)

    def experiment(self, depth: int) -> list[str]:
        """Return an experiment with three arms."""
        self.experiments += 1
        name = f"try {len(self.others)}-{self.experiments}"
        head = [f'experiment "{name}" judged by "payers" after 10 days']
        arms = ['30% of people get "a"', '50% of people get "b"', '20% of people get "c"']
        return self.ways(head, arms, depth, 1)
