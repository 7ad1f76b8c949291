"""A year of a house that sells drinks to bars, restaurants, hotels and shops. Rule: outlets order by habit, and some stop."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from benchmarks.years.diary import DAY, LAST, MINUTE, OWN, Diary, Hours, workdays_on
from benchmarks.years.people import PLACES, everybody

if TYPE_CHECKING:
    from datetime import date

    from benchmarks.dice import Dice
    from benchmarks.years.people import Someone

FILES = {"orders": "erp", "driver": "driver-app", "portal": "trade-portal"}
TYPES = ["bar", "bar", "bar", "restaurant", "restaurant", "hotel", "shop"]
SEASONS = (0.7, 0.7, 0.9, 1.0, 1.2, 1.4, 1.5, 1.4, 1.1, 0.9, 0.9, 1.3)
PURPOSE = "offers for my outlet"
BY_EMAIL, BY_SMS, LEAVING, CLOSING, LATE, LOST, CALLED = 0.55, 0.35, 0.08, 0.05, 0.05, 0.006, 0.8


def year(dice: Dice, people: int) -> Diary:
    """Return what the order system, the drivers and the portal write in a year."""
    diary, hours = Diary(dice, FILES), Hours(dice, SEASONS)
    orders = 0
    for outlet in everybody(dice, people, "outlets.example"):
        signed = hours.at_work(hours.some_day())
        signs_up(diary, hours, outlet, signed)
        every = dice.number(12, 60)
        end = LAST
        if dice.share() < CLOSING:
            end = signed.date() + DAY * dice.number(40, 300)
            told = {"customer": number_of(outlet), "outlet-status": "closed"}
            diary.add("orders", "customer.status", hours.at_work(end), told)
        day = signed.date() + DAY * dice.number(1, every)
        while day < end:
            orders += 1
            order(diary, outlet, f"R-{orders:06}", hours.at_work(day))
            day += DAY * dice.number(every // 2, every * 2)
    return diary


def number_of(outlet: Someone) -> str:
    """Return the number of a customer."""
    return f"C-{outlet.number:04}"


def signs_up(diary: Diary, hours: Hours, outlet: Someone, at: datetime) -> None:
    """Let an outlet sign up, agree to offers or not, and perhaps think better of it."""
    dice = diary.dice
    kind = dice.one(TYPES)
    name = f"{kind.capitalize()} {dice.one(PLACES.split())} {outlet.number}"
    content = {"customer": number_of(outlet), "outlet": name, "type": kind} | outlet.addresses
    says: dict[str, bool] = {}
    if outlet.email:
        says["email"] = dice.share() < BY_EMAIL
    if outlet.phone:
        says["sms"] = dice.share() < BY_SMS
    diary.add("portal", "customer.signed-up", at, content, agrees={PURPOSE: says})
    if dice.share() < LEAVING:
        no = [{"purpose": PURPOSE, "channel": "*", "act": "withdraw", "actor": "subject"}]
        later = hours.at_leisure(at.date() + DAY * dice.number(2, 90))
        diary.add("portal", "preferences.saved", later, {"customer": number_of(outlet)}, consent=no)


def order(diary: Diary, outlet: Someone, number: str, at: datetime) -> None:
    """Let an outlet order, and the lorry come: mostly when it was said."""
    dice = diary.dice
    content: dict[str, Any] = {"customer": number_of(outlet), "order": number}
    due = workdays_on(at.date(), dice.number(1, 3))
    worth = f"{dice.number(80, 2400)} EUR"
    told = {"due": due.isoformat(), "amount": worth} | outlet.addresses
    diary.add("orders", "order.placed", at, content | told)
    chance = dice.share()
    if chance < LOST:
        return
    if chance < LOST + LATE:
        due = late(diary, content, due)
    came = datetime.combine(due, time(8)) + MINUTE * dice.number(0, 420)
    evening = datetime.combine(due, time(17)) + MINUTE * dice.number(0, 50)
    diary.add("driver", "order.delivered", came, content, written=evening)


def late(diary: Diary, content: dict[str, Any], due: date) -> date:
    """Let an order be late, and the desk call; return when it comes."""
    dice = diary.dice
    then = workdays_on(due, dice.number(1, 4))
    morning = datetime.combine(due, time(6, 30)) + MINUTE * dice.number(0, 60)
    diary.add("orders", "order.delayed", morning, content | {"due": then.isoformat()})
    if dice.share() < CALLED:
        answer = {"customer-number": content["customer"], "desk": "Customer care", "answer": "called"}  # fmt: skip
        diary.add(OWN, "verbline.desk.answered", morning + MINUTE * dice.number(60, 300), answer)
    return then
