"""What the outbox asks of its tables. Rule: a row that is written is found by its key through `keys`, never by looking at all rows."""

from __future__ import annotations

from verbline.runtime.store.keys import by_key

FIRST = (
    (
        "create table outbox (seq integer primary key, key text not null, person text not null, channel text not null,"
        " lane integer not null, state text not null, due integer, attempts integer not null, changed integer not null,"
        " body blob not null, answer blob)"
    ),
    "create index outbox_due on outbox (channel, lane, due, seq) where due is not null",
    "create index outbox_open on outbox (person, channel, lane, seq) where state in ('ready', 'sending') or due is not null",
    "create index outbox_asking on outbox (state, seq) where state in ('unknown', 'failed')",
)


def before(person: str, channel: str, lane: str) -> str:
    """Return what selects the rows of a person and lane that are not settled yet, of which only the first leaves."""
    return (
        f"select 1 from outbox as before where before.person = {person} and before.channel = {channel}"  # noqa: S608 - ours
        f" and before.lane = {lane} and (before.state in ('ready', 'sending') or before.due is not null)"
    )


DUE = f"""
select body, attempts from outbox as one
where channel = ? and lane = ? and due <= ? and (person = '' or not exists (
    {before("one.person", "one.channel", "one.lane")} and before.seq < one.seq))
order by due, seq limit ?
"""  # noqa: S608 - ours
# What has left long ago is not decided again.
NEW = "where not exists (select 1 from outbox_past where key = ?1) and not exists (select 1 from outbox_seq where key = ?1)"
ADD = (
    "insert into outbox (key, person, channel, lane, state, due, attempts, changed, body)"
    f" select ?1, ?2, ?3, ?4, 'ready', ?5, 0, ?6, ?7 {NEW}"
)
ADD_FAILED = (
    "insert into outbox (key, person, channel, lane, state, due, attempts, changed, body, answer)"
    f" select ?1, ?2, ?3, ?4, ?5, null, 0, ?6, ?7, ?8 {NEW}"
)
# The same under way at once, where nothing is before it.
ADD_CLAIMED = (
    "insert into outbox (key, person, channel, lane, state, due, attempts, changed, body)"
    f" select ?1, ?2, ?3, ?4, 'sending', null, 1, ?5, ?6 {NEW} and (?2 = '' or not exists ({before('?2', '?3', '?4')}))"
)
CLAIM = by_key(f"""
update outbox set state = 'sending', due = null, attempts = attempts + 1, changed = ?
where key = ? and state = 'ready' and due <= ? and (person = '' or not exists (
    {before("outbox.person", "outbox.channel", "outbox.lane")} and before.seq < outbox.seq))
""")  # noqa: S608 - ours
GIVE_BACK = by_key(
    "update outbox set state = 'ready', due = ?, attempts = attempts - 1, changed = ? where key = ? and state = 'sending'"
)
TAKE = by_key(
    "update outbox set state = 'sending', due = null, attempts = attempts + 1, changed = ? where key = ? and due <= ?"
)
WAIT = by_key("update outbox set due = ?, changed = ? where key = ?")
SETTLE = by_key(
    "update outbox set state = ?, due = ?, changed = ?, answer = ? where key = ? and state = 'sending'"
)
WITHDRAW = by_key(
    "update outbox set state = 'withdrawn', due = null, changed = ? where key = ? and state = 'ready'"
    " returning body"
)
AGAIN = by_key(
    "update outbox set state = 'ready', due = ?, changed = ?, body = ? where key = ? and state = 'withdrawn'"
)
RECALL = by_key("update outbox set state = ?, due = null, changed = ?, answer = ? where key = ?")
OF_PERSON = "select key, body from outbox where person = ?"
FORGET = by_key(
    "update outbox set body = ?, answer = null, due = null, state = case state when 'ready' then 'withdrawn' else state end"
    " where key = ?"
)
UNDER_WAY = "select key, channel from outbox where state = 'sending' and (state in ('ready', 'sending') or due is not null)"
DROP = by_key(
    "update outbox set state = 'refused', due = null, changed = ?, answer = ? where key = ?"
)
BODY = by_key("select body from outbox where key = ?")
BODY_DUE = by_key("select body from outbox where key = ? and due <= ?")
PUT_BODY = by_key("update outbox set body = ? where key = ?")
DECIDE = by_key(
    "update outbox set state = ?, due = ?, changed = ? where key = ? and state = 'unknown'"
)
