"""What people get, are asked and do not get. Rule: what counts is what was released to go out, not what was planned."""

from __future__ import annotations

from verbline.interpreter.reasons import reason as clause
from verbline.interpreter.scenarios.because import Reason
from verbline.interpreter.scenarios.miss import Miss
from verbline.interpreter.scenarios.story import KEPT_BACK, same_reason
from verbline.interpreter.scenarios.waiting import passing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.scenarios.because import Steps
    from verbline.interpreter.scenarios.judging import Judge
    from verbline.interpreter.step.records import Record

# What each line names, and the steps that can do it.
SENDERS = {
    "message": ("notify", "ask", "offer", "offer_best"),
    "offer": ("offer", "offer_best"),
    "question": ("confirm",),
}
WRITES = ("notify", "ask", "offer", "offer_best", "confirm")


def named(judge: Judge) -> tuple[str, str]:
    """Return what the line names: a message, an offer or a question, and its name; nothing where it names none."""
    for what in SENDERS:
        if judge.node.has(what):
            return what, judge.node.text(what)
    return "", ""


def about(judge: Judge, records: list[Record]) -> list[Record]:
    """Return the records of what the line names."""
    what, name = named(judge)
    story = judge.story
    if what == "message":
        return [one for one in records if story.is_message(one, name)]
    if what == "offer":
        return [one for one in records if story.offer(one) == name]
    if what == "question":
        return [
            one
            for one in records
            if one.more.get("told") == "question" and one.more.get("message") == name
        ]
    return records


def senders(judge: Judge) -> Steps:
    """Return the steps in sight that can send what the line names."""
    what, name = named(judge)
    found: Steps = []
    for line, journey, step in judge.story.steps(SENDERS.get(what, WRITES)):
        node = step.node
        assert node is not None
        if not what or name in sendable(
            judge,
            what,
            step.shape,
            [
                word.text
                for part in ("message", "question", "offer", "offers")
                for word in node.words(part)
            ],
        ):
            found.append((line, journey, step))
    return found


def sendable(judge: Judge, what: str, shape: str, names: list[str]) -> list[str]:
    """Return what a step of ``shape`` can send: for offers the messages that they show."""
    if what != "message" or shape not in SENDERS["offer"]:
        return names
    offers = (judge.stage.program.offers.get(name) for name in names)
    return [offer.message.name for offer in offers if offer and offer.message]


def gets(judge: Judge) -> Miss | None:
    """Judge that something went out, by a channel, at a time."""
    found = about(judge, judge.story.sent(judge.person))
    by_channel = [one for one in found if judge.channel in ("", one.more.get("channel"))]
    if judge.at_instant(by_channel):
        return None
    if by_channel:
        return at_another_time(judge, by_channel[-1])
    if found:
        return by_another_channel(judge, found[-1])
    return never(judge)


def nothing_asked(judge: Judge) -> Miss:
    """Return that a person who answers was never asked anything, and why."""
    steps = [*judge.story.steps(("confirm",))]
    return judge.miss(judge.tell("nothing-asked"), judge.because.unreached(judge.person, steps))


def once(judge: Judge) -> Miss | None:
    """Judge that something went out exactly once."""
    found = about(judge, judge.story.sent(judge.person))
    by_channel = [one for one in found if judge.channel in ("", one.more.get("channel"))]
    if len(by_channel) == 1:
        return None
    if not by_channel:
        return by_another_channel(judge, found[-1]) if found else never(judge)
    times = ", ".join(judge.tell("once-at", one) for one in by_channel)
    instead = judge.tell("went-out-times", count=len(by_channel), times=times)
    return judge.miss(instead, judge.because.anyway(by_channel[-1], judge.outcome))


def at_another_time(judge: Judge, record: Record) -> Miss:
    """Return that it went out, but not then."""
    instead = judge.tell("other-time", record)
    records = judge.story.records
    before = [
        one
        for one in records[: records.index(record)]
        if one.visit == record.visit and one.at <= record.at
    ]
    for one in reversed(before):
        if one.line == record.line and (one.kind, one.verdict) == ("message", "held"):
            held = judge.teller.tell(
                "why-held", at=judge.teller.at(one.at), reason=judge.teller.reason(one)
            )
            return Miss(instead, held)
    for one in reversed(before):
        sentence = judge.story.sentence(one.line)
        if one.kind in ("wait", "task") and sentence is not None:
            place = judge.teller.place(one.line)
            return Miss(instead, judge.teller.tell("why-stood", place=place, sentence=sentence.raw))
    return Miss(instead)


def by_another_channel(judge: Judge, record: Record) -> Miss:
    """Return that it went out, but elsewhere; why the channel that was asked for did not do."""
    instead = judge.tell("other-channel", record)
    kept = judge.story.messages(judge.person, *KEPT_BACK)
    for one in reversed(judge.by_channel(about(judge, kept))):
        return Miss(instead, judge.why(one), agreeing(judge, one), "scenario")
    return Miss(instead)


def never(judge: Judge) -> Miss:
    """Return that it never went out: it was kept back, something else went out, or nobody came so far."""
    kept = judge.by_channel(about(judge, judge.story.messages(judge.person, *KEPT_BACK)))
    if kept:
        return kept_back(judge, kept[-1])
    steps = senders(judge)
    beside = another_offer(judge, steps)
    if beside is not None:
        return beside
    reason = judge.because.unreached(judge.person, steps)
    instead = sent_instead(judge, steps) if named(judge)[0] != "question" else None
    if instead is not None:
        return something_else(judge, instead, reason)
    return judge.miss(judge.tell("nothing-sent"), reason)


def another_offer(judge: Judge, steps: Steps) -> Miss | None:
    """Return that the step that could have sent the offer sent a better one, or found none that fits."""
    lines = {line for line, _name, step in steps if step.shape in SENDERS["offer"]}
    mine = judge.story.sent(judge.person) + judge.story.of(judge.person, "branch")
    for record in reversed([one for one in mine if one.line in lines]):
        place = judge.teller.place(record.line)
        if record.kind == "branch":
            return Miss(judge.tell("nothing-sent"), judge.teller.tell("why-unfit", place=place))
        instead = judge.tell("other-offer", record, offer=judge.story.offer(record))
        return Miss(instead, judge.teller.tell("why-ranked", place=place))
    return None


def sent_instead(judge: Judge, steps: Steps) -> Record | None:
    """Return what went out after another way was taken than the one to ``steps``."""
    records = judge.story.records
    for line, _name, step in steps:
        turned = judge.because.turned_off(judge.person, line, step)
        if turned is not None:
            behind = records[records.index(turned) :]
            return next((one for one in judge.story.sent(judge.person) if one in behind), None)
    return None


def something_else(judge: Judge, last: Record, reason: Reason) -> Miss:
    """Return what went out instead, where another way was taken."""
    offer, wants_offer = judge.story.offer(last), named(judge)[0] == "offer"
    if wants_offer and offer:
        return judge.miss(judge.tell("other-offer", last, offer=offer), reason)
    return judge.miss(judge.tell("other-message", last, message=judge.story.words(last)), reason)


def kept_back(judge: Judge, record: Record) -> Miss:
    """Return that something was refused, held or dropped, and why."""
    if record.verdict == "held":
        until = record.more.get("until")
        missing = judge.because.line(passing(record, judge.stage.now))
        instead = judge.tell("held-until", record, until=judge.teller.at(until))
        return Miss(instead, judge.why(record), missing, "scenario")
    if record.verdict == "refused":
        instead = judge.tell("refused", record)
        return Miss(instead, judge.why(record), agreeing(judge, record), "scenario")
    return Miss(judge.tell("dropped", record), judge.why(record))


def agreeing(judge: Judge, record: Record) -> str:
    """Return the line by which the person agrees, where that is all that is missing."""
    if record.reason != "no_consent":
        return ""
    noun = judge.stage.cast.noun_of(judge.person)
    purpose, channel = record.more.get("purpose", ""), record.more.get("channel", "")
    by = f" by {channel}" if channel else ""
    about_topic = f' about "{topic}"' if (topic := topic_of(judge, record)) else ""
    return judge.because.line(f'given the {noun} agrees to "{purpose}"{about_topic}{by}')


def topic_of(judge: Judge, record: Record) -> str:
    """Return the topic of what a record is about, or nothing."""
    step = judge.story.sentence(record.line)
    if step is None or step.node is None:
        return ""
    nested = step.first("topics")
    return step.node.text("topic") or (nested.words("topics")[0].text if nested else "")


def gets_not(judge: Judge) -> Miss | None:
    """Judge that something did not go out; with ``because``, that it was kept back for this reason."""
    return kept_away(judge, judge.story.records)


def gets_no_more(judge: Judge) -> Miss | None:
    """Judge that nothing goes out any more from the line on."""
    return kept_away(judge, judge.story.records[judge.since :])


def kept_away(judge: Judge, records: list[Record]) -> Miss | None:
    """Judge that nothing of what the line names went out in ``records``."""
    sent = [one for one in about(judge, judge.story.sent(judge.person)) if one in records]
    sent = [one for one in sent if judge.channel in ("", one.more.get("channel"))]
    if sent:
        return went_out(judge, sent[0])
    wanted = judge.node.text("reason")
    if not wanted:
        return None
    kept = about(judge, judge.story.messages(judge.person, *KEPT_BACK))
    kept = [one for one in judge.by_channel(kept) if one in records]
    if any(same_reason(one, wanted) for one in (*kept, *kept_out(judge))):
        return None
    if not kept:
        reason = judge.because.unreached(judge.person, senders(judge))
        return judge.miss(judge.tell("nothing-refused"), reason)
    told = "held-back" if kept[-1].verdict == "held" else "refused-otherwise"
    return Miss(judge.tell(told, kept[-1]), judge.why(kept[-1]))


def kept_out(judge: Judge) -> list[Record]:
    """Return why the person did not get into the journeys that could have sent what the line names."""
    journeys = {name for _line, name, _step in senders(judge)}
    entries = judge.story.of(judge.person, "entry", "not admitted", "held")
    return [one for one in entries if one.journey in journeys]


def went_out(judge: Judge, record: Record) -> Miss:
    """Return that something went out that should not have, and what would have stopped it."""
    told = {"offer": "went-out-offer", "question": "was-asked"}
    key = told.get(str(record.more.get("told")), "went-out")
    offer = judge.story.offer(record)
    instead = judge.tell(key, record, message=judge.story.words(record), offer=offer)
    reason = judge.because.anyway(record, judge.outcome)
    return judge.miss(instead, reason if reason.why else allowed(judge, record))


def allowed(judge: Judge, record: Record) -> Reason:
    """Return what allowed a message: a no that was about something else, or the reason of the guard."""
    purpose = str(record.more.get("purpose", ""))
    for line in judge.stage.script.lines:
        if line.shape in ("g_disagrees", "w_withdraws") and line.node.text("purpose") != purpose:
            place = judge.teller.tell("line", number=line.number)
            refused = line.node.text("purpose")
            why = judge.teller.tell(
                "why-other-purpose", refused=refused, place=place, purpose=purpose
            )
            return Reason(why)
    code, channel = record.reason, str(record.more.get("channel", ""))
    why = clause(code, judge.teller.language, purpose=purpose, channel=channel)
    return Reason(judge.teller.tell("why-reason", reason=why))
