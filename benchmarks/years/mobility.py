"""A year of a motoring club that gives courses. Rule: bookings lead, all else follows from what becomes of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from benchmarks.years.diary import DAY, MINUTE, OWN, SATURDAY, Diary, Hours, workdays_on
from benchmarks.years.people import everybody

if TYPE_CHECKING:
    from datetime import date

    from benchmarks.dice import Dice
    from benchmarks.years.people import Someone

FILES = {"register": "membership-register", "booking": "booking-system", "training": "training-ground", "members": "member-desk"}  # fmt: skip
PLACES = ["Vransko", "Logatec", "Maribor"]
# January to December: roads are learned in spring and autumn.
SEASONS = (0.5, 0.7, 1.3, 1.5, 1.2, 0.9, 0.5, 0.4, 1.2, 1.3, 0.9, 0.4)
CANCELLING, ATTENDING, WELCOMED, DRIVER_ADDED, MOVING = 0.1, 0.87, 0.85, 0.4, 0.08


def year(dice: Dice, people: int) -> Diary:
    """Return what the systems of the club write in a year."""
    diary, hours = Diary(dice, FILES), Hours(dice, SEASONS)
    booked = 0
    for member in everybody(dice, people):
        joined = hours.at_work(hours.some_day())
        saved(diary, member, joined, member.email)
        if dice.share() < MOVING:
            later = hours.at_work((joined + DAY * dice.number(20, 200)).date())
            saved(diary, member, later, f"new.{member.number}@mail.example")
        day = joined.date() + DAY * dice.number(0, 40)
        for _ in range(dice.number(0, 3)):
            booked += 1
            booking(diary, hours, member, f"B-{booked:04}", hours.at_leisure(day))
            day += DAY * dice.number(30, 160)
    return diary


def saved(diary: Diary, member: Someone, at: datetime, email: str) -> None:
    """Let the register tell who a member is."""
    content = {"memberNo": number_of(member), "firstName": member.first, "lastName": member.last}
    told = {"drivers": member.number % 4} | member.addresses
    if email:
        told["email"] = email
    diary.add("register", "member.saved", at, content | told)


def number_of(member: Someone) -> str:
    """Return the number of a member."""
    return f"M-{member.number:04}"


def booking(diary: Diary, hours: Hours, member: Someone, number: str, at: datetime) -> None:
    """Let a member book a course, and all that comes of it."""
    dice = diary.dice
    course = at.date() + DAY * dice.number(8, 50)
    course += DAY * ((SATURDAY - course.weekday()) % 7)
    content = {"memberNo": number_of(member), "bookingNo": number}
    told = {"courseDate": course.isoformat(), "coursePlace": dice.one(PLACES)}
    diary.add("booking", "course.booked", at, content | told)
    chance = dice.share()
    if chance < CANCELLING:
        left = dice.number(1, (course - at.date()).days)
        diary.add("booking", "course.cancelled", hours.at_leisure(course - DAY * left), content)
    elif chance < CANCELLING + (1 - CANCELLING) * ATTENDING:
        attended(diary, hours, content, course)


def attended(diary: Diary, hours: Hours, content: dict[str, str], course: date) -> None:
    """Let somebody come to a course: the ground hands over its lists in the evening."""
    dice = diary.dice
    at = datetime.combine(course, time(16)) + MINUTE * dice.number(0, 59)
    evening = datetime.combine(course, time(19)) + MINUTE * dice.number(0, 59)
    diary.add("training", "course.attended", at, content, written=evening)
    if dice.share() < WELCOMED:
        called = hours.at_work(workdays_on(course, dice.number(1, 2)))
        answer = {"member-number": content["memberNo"], "desk": "Member welcome", "answer": "welcomed"}  # fmt: skip
        diary.add(OWN, "verbline.desk.answered", called, answer)
        if dice.share() < DRIVER_ADDED:
            later = called + timedelta(days=dice.number(0, 13), minutes=30)
            diary.add("members", "family.driver.added", hours.at_work(later.date()), content)
