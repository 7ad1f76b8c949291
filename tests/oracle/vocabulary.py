"""The names that invented journeys speak of. Rule: only the numbers in braces change from one project to the next."""

VOCABULARY = """language: en

person member
  also written members
  known by member-number
  also known by email, phone, push
  has age as number
  has born as date
  has region as one of "north", "south"
  has desk-name as text
  has topics-liked as list of text
  has home-zone as text
  zone from home-zone

moment "comes"
  comes from "shop" as "comes"
  carries number as text
  carries seats as number
  carries day as date

moment "pays"
  comes from "shop" as "pays"
  carries number as text
  carries amount as money in EUR

moment "leaves"
  comes from "shop" as "leaves"

moment "visits"
  comes from "shop" as "visits"
  counts as a sign of life

moment "tells age"
  carries age as number

moment "is noticed"
  carries seats as number

form "age form"
  captured by "site"
  asks age
  signals "tells age"

purpose "care"
  is service
  rests on contract
  covers email, sms, push
  kept in "register"

purpose "news"
  is marketing
  rests on consent
  about "winter", "summer"
  covers email, sms
  lapses after {lapse} weeks
  kept in "register"
  asked with "Yes, write to me."
  sends at most 2 messages in {cap} days

purpose "buyers"
  is marketing
  rests on consent
  also rests on a sale of similar goods when "pays"
  covers email, sms
  kept in "register"
  asked with "Yes, write to me."

purpose "account"
  is transactional
  rests on contract
  covers email, sms
  kept in "register"

purpose "recall"
  is legal
  rests on legal duty
  covers email
  kept in "register"

segment "grown up"
  people where age is at least 18

segment "northern"
  people where all of these are true
    region is "north"
    any of these is true
      age is unknown
      age is less than 60

segment "recent payers"
  people where the member had "pays" in the last {recent}

segment "eager"
  people where interest is at least {eager}

segment "gone quiet"
  people where the member had "visits" and the member was silent for {quiet}

score interest
  adds 20 points for "visits"
  adds 7 points for "comes" where seats is at least 2
  takes away 5 points for "leaves"
  halves every {half} days
  stays between 0 and 45

desk "Front"
  led by "Ana Kos"
  answers within 2 working days
  open monday to friday from 08:00 to 16:00
  open saturday from 09:00 to 12:00

desk "Back"
  led by "Ana Kos"
  answers within 4 working hours

message "Hello"
  subject "Hello"
  says "Hello."

message "Leaflet"
  subject "Leaflet"
  says "Leaflet. {{leave-link}}"

offer called "tour"
  suits people where age is at least 18
  ranked by 10
  shows "Leaflet"
  not again within {rest} days

offer called "stay"
  suits people where region is "north"
  ranked by age
  shows "Leaflet"
  not again within 2 days

metric "payers"
  owned by "Ana Kos"
  counts people who had "pays" within 30 days after "comes"
  compared over 30 days
  should be at least 10%
"""
