"""The tables of the support desk, the same on SQLite and PostgreSQL.

People and staff are named by pseudonyms (`Books.key`); what is personal is sealed. Times are seconds since 1970. `room`: the
number of a staff group, `thread`: of a topic in it. Numbers of rows are never given twice: messages are named by them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects import sqlite

from catalog_db.journal.tables import metadata

_SERIAL = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")

rooms = Table(
    "desk_rooms",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("room", BigInteger, primary_key=True, autoincrement=False),
    Column("trouble_until", Double),  # nothing is posted there until then
    Column("asked_at", Double),  # when the group was last told something that concerns all of it
)

people = Table(
    "desk_people",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("who", LargeBinary, nullable=False),  # sealed: chat, name
    Column("room", BigInteger),  # NULL: there is no staff group
    Column("thread", BigInteger),
    Column("making_at", Double),  # since when the topic is being made
    Column("no_topic_until", Double),  # topics could not be made: everything goes without one until then
    Column("titled", Text),  # the state that the topic's title shows
    Column("told", Boolean, nullable=False),  # agreed to be told once when something missed can be answered
)
Index("ix_desk_people_thread", people.c.room, people.c.thread)

tickets = Table(
    "desk_tickets",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", LargeBinary),  # NULL: forgotten; what is counted stays
    Column("room", BigInteger),
    Column("state", Text, nullable=False),  # open, owned, closed
    Column("owner", LargeBinary),  # of the staff
    Column("reason", Text, nullable=False),
    Column("assistant", Boolean, nullable=False),  # it answers while the person waits, because the person wants so
    Column("opened_at", Double, nullable=False),
    Column("due_at", Double),  # when the first answer is promised for
    Column("answered_at", Double),
    Column("called_at", Double),  # when the group was last called because it is overdue
    Column("snoozed_until", Double),
    Column("closed_at", Double),
    Column("closed_by", Text),  # staff, person, time
    Column("asked_at", Double),  # when the person was asked whether it helped
    Column("rating", Integer),  # 1 it helped, 0 it did not
    Column("priority", Integer, nullable=False, server_default="0"),  # 1 urgent, 0, -1 can wait
    Column("tags", Text, nullable=False, server_default=""),  # what it is about, with spaces between
    Column("place", Text),  # the county's code, where the person had said it
    sqlite_autoincrement=True,
)
Index("ix_desk_tickets_person", tickets.c.person)
Index("ix_desk_tickets_state", tickets.c.bot, tickets.c.state)

items = Table(
    "desk_items",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("room", BigInteger),
    Column(
        "way", Text, nullable=False
    ),  # in: to the staff, out: to the person, note: stays among the staff, desk: ours
    Column("kind", Text, nullable=False),
    Column("source", BigInteger),  # the number of the message where it was written
    Column("album", Text),
    Column("body", LargeBinary),  # sealed: text, markup; NULL when kept no longer
    Column("author", LargeBinary),  # of the staff
    Column("urgency", Integer, nullable=False),  # 0 before 1
    Column("state", Text, nullable=False),  # held, waiting, posted, done, failed, unknown
    Column("edited", Boolean, nullable=False),  # since it was posted
    Column("post", BigInteger),
    Column("message", BigInteger),  # the number of the message that it became
    Column("at", Double, nullable=False),
    Column("ready_at", Double, nullable=False),
    sqlite_autoincrement=True,
)
_waits = items.c.state == "waiting"
Index("ix_desk_items_waiting", items.c.room, items.c.person, sqlite_where=_waits, postgresql_where=_waits)
Index("ix_desk_items_source", items.c.person, items.c.source)
Index("ix_desk_items_message", items.c.room, items.c.message)
Index("ix_desk_items_ticket", items.c.ticket)

posts = Table(
    "desk_posts",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("room", BigInteger, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),  # topic, text, copy, album, title, out
    Column("sending", Boolean, nullable=False),
    Column("at", Double, nullable=False),
    sqlite_autoincrement=True,
)
_sending = posts.c.sending
Index("ix_desk_posts_sending", posts.c.room, posts.c.person, sqlite_where=_sending, postgresql_where=_sending)

staff = Table(
    "desk_staff",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("who", LargeBinary, nullable=False),  # sealed: number, name
    Column("role", Text, nullable=False),  # lead, agent, auditor, none
    Column("duty", Boolean, nullable=False),
    Column("since", Double, nullable=False),
    Column("by", LargeBinary),  # who let them in; NULL: the command line
)

invitations = Table(
    "desk_invitations",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # its hash
    Column("bot", BigInteger, nullable=False),
    Column("invited", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    Column("by", LargeBinary, nullable=False),
    Column("until", Double, nullable=False),
    Column("used_at", Double),
)

log = Table(
    "desk_log",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("who", LargeBinary),  # of the staff; NULL: the desk itself
    Column("action", Text, nullable=False),
    Column("ticket", BigInteger),
    Column("detail", Text, nullable=False),  # nothing personal
    sqlite_autoincrement=True,
)
Index("ix_desk_log_at", log.c.bot, log.c.at)

erasures = Table(
    "desk_erasures",
    metadata,
    Column("room", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "thread", BigInteger, primary_key=True, autoincrement=False
    ),  # a topic to be deleted: its person is forgotten
    Column("bot", BigInteger, nullable=False),
)

answers = Table(
    "desk_answers",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("code", Text, nullable=False),  # what it is called by
    Column("initials", Text, nullable=False),
    Column("text", Text, nullable=False),  # with {names} of what the catalogue fills in
    Column("picture", Text),  # the file's number at the Bot API
    Column("by", LargeBinary),
    Column("at", Double, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_desk_answers_code", answers.c.bot, answers.c.code, unique=True)
