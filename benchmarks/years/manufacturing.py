"""A year of a maker of drives, and of the engineers who look at them. Rule: interest comes in stretches, then an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.years.diary import DAY, FIRST, MINUTE, OWN, Diary, Hours, workdays_on
from benchmarks.years.people import PLACES, everybody

if TYPE_CHECKING:
    from datetime import date, datetime

    from benchmarks.dice import Dice
    from benchmarks.years.people import Someone

FILES = {"website": "website", "sales": "crm"}
LINES = ["servo", "servo", "servo", "linear", "linear", "hollow shaft"]
RELATIONS = ["prospect"] * 12 + ["customer"] * 6 + ["employee", "supplier"]
# What is done in one stretch of looking about, how often, whether it tells the line of products, and what it counts.
READING = (
    ("note.read", 0.8, False, 5),
    ("datasheet.downloaded", 0.7, True, 5),
    ("comparison.opened", 0.4, True, 10),
    ("sizing.completed", 0.3, True, 15),
)
DESKS = {"servo": "Servo sales", "linear": "Linear sales", "hollow shaft": "Linear sales"}
# So many points mean close interest; half of them are gone after so many days.
CLOSE, HALF = 40, 30
SEASONS = (1.1, 1.1, 1.2, 1.1, 1.0, 0.9, 0.6, 0.5, 1.1, 1.2, 1.1, 0.6)
OPENING, AGREEING, ASKING, CALLED, CREATED, WON, LEAVING = 0.6, 0.6, 0.12, 0.75, 0.35, 0.3, 0.06
PURPOSE = "recognising my visits"


def year(dice: Dice, people: int) -> Diary:
    """Return what the website and the sales system write in a year."""
    diary, hours = Diary(dice, FILES), Hours(dice, SEASONS)
    for engineer in everybody(dice, people, "machines.example"):
        about = About(engineer, dice)
        first = hours.some_day()
        looked(diary, hours, about, hours.at_work(first))
        if dice.share() < OPENING:
            opened(diary, hours, about, hours.at_work(first + DAY * dice.number(0, 20)))
        day = first
        for _ in range(dice.number(0, 5)):
            day += DAY * dice.number(1, 45)
            looked(diary, hours, about, hours.at_work(day))
    return diary


class About:
    """One engineer: who they are, what they look for, and by what the website knows them."""

    def __init__(self, engineer: Someone, dice: Dice) -> None:
        self.engineer = engineer
        self.line = dice.one(LINES)
        self.firm = f"{dice.one(PLACES.split())} Machines"
        self.relation = dice.one(RELATIONS)
        self.cookie = f"c-{engineer.number:05}-{dice.number(1000, 9999)}"
        self.account = ""
        self.agrees = False
        self.points = 0.0
        self.counted = FIRST
        self.alerted = FIRST - DAY * HALF

    def count(self, points: int, day: date) -> bool:
        """Count what was done; return whether sales hears of it now."""
        before = self.points * 0.5 ** ((day - self.counted).days / HALF)
        self.points, self.counted = before + points, day
        hears = self.agrees and before < CLOSE <= self.points and day >= self.alerted + DAY * HALF
        if hears:
            self.alerted = day
        return hears and self.relation in ("prospect", "customer")

    @property
    def names(self) -> dict[str, Any]:
        """What names the engineer on the website."""
        return {"visitor": self.cookie} | ({"account": self.account} if self.account else {})


def opened(diary: Diary, hours: Hours, about: About, at: datetime) -> None:
    """Let an engineer open an account, and sales say who that is."""
    dice, engineer = diary.dice, about.engineer
    about.account = f"A-{engineer.number:04}"
    content = about.names | engineer.addresses
    content |= {"first-name": engineer.first, "company-name": about.firm}
    about.agrees = bool(engineer.email) and dice.share() < AGREEING
    agrees = {PURPOSE: {"email": about.agrees}} if engineer.email else {}
    diary.add("website", "account.opened", at, content, agrees=agrees)
    about.count(5, at.date())
    told: dict[str, Any] = {"account": about.account, "company": about.firm}
    told["relation"] = about.relation
    if dice.share() < AGREEING:
        told["yearly-volume"] = dice.number(1, 40) * 50
    diary.add("sales", "account.saved", hours.at_work(workdays_on(at.date(), 1)), told)
    if engineer.email and dice.share() < LEAVING:
        no = [{"purpose": PURPOSE, "channel": "email", "act": "withdraw", "actor": "subject", "contact": engineer.email}]  # fmt: skip
        later = hours.at_leisure(at.date() + DAY * dice.number(10, 120))
        diary.add("website", "preferences.saved", later, about.names, consent=no)


def looked(diary: Diary, hours: Hours, about: About, at: datetime) -> None:
    """Let an engineer look about, and perhaps ask for a sample."""
    dice = diary.dice
    for kind, share, tells, points in READING:
        for _ in range(2):
            if dice.share() < share / 2:
                at += MINUTE * dice.number(1, 9)
                told = {"line": about.line} if tells else {}
                diary.add("website", kind, at, about.names | told)
                if about.count(points, at.date()) and dice.share() < CALLED:
                    called(diary, hours, about, DESKS[about.line], at)
    if about.account and dice.share() < ASKING:
        at += MINUTE * dice.number(2, 30)
        asked: dict[str, Any] = {"line": about.line, "quantity": dice.number(1, 30)}
        diary.add("website", "sample.requested", at, about.names | about.engineer.addresses | asked)
        sold(diary, hours, about, at)


def sold(diary: Diary, hours: Hours, about: About, at: datetime) -> None:
    """Let sales take up a request, and what comes of it."""
    dice = diary.dice
    names = {"account": about.account}
    if dice.share() < CALLED:
        talked = called(diary, hours, about, "OEM sales", at)
        if dice.share() < CREATED:
            deal = names | {"deal": f"O-{about.engineer.number:04}-{at:%m%d}"}
            began = hours.at_work((talked + DAY * dice.number(1, 25)).date())
            worth = {"expected-value": f"{dice.number(4, 90) * 500} EUR"}
            diary.add("sales", "opportunity.created", began, deal | worth)
            ended = hours.at_work((began + timedelta(days=dice.number(10, 90))).date())
            if dice.share() < WON:
                won = {"won-value": f"{dice.number(4, 90) * 500} EUR"}
                diary.add("sales", "opportunity.won", ended, deal | won)
            else:
                diary.add("sales", "opportunity.lost", ended, deal | {"loss-reason": "price"})


def called(diary: Diary, hours: Hours, about: About, desk: str, at: datetime) -> datetime:
    """Let a desk take up an alert and call; return when they talked."""
    dice = diary.dice
    taken = at + MINUTE * dice.number(20, 240)
    answer = dice.one(["taken"] * 5 + ["not a fit"])
    told = {"account-number": about.account, "desk": desk, "answer": answer}
    diary.add(OWN, "verbline.desk.answered", taken, told)
    talked = hours.at_work(workdays_on(at.date(), dice.number(1, 3)))
    if answer == "taken":
        kind = dice.one(["call", "call", "meeting", "personal mail"])
        diary.add("sales", "contact.made", talked, {"account": about.account, "contact-kind": kind})
    return talked
