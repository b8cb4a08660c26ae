"""Updates: store each once, give them to workers in the order of their conversation, take the result in one piece.

Each function is an operation of the `Writer`: it may run twice. SQL of the common part of SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog_db.journal import chats, outgoing
from catalog_db.journal.outgoing import Sealed
from catalog_db.journal.records import Claimless, Told
from catalog_db.journal.statements import Row, Statement

DAY = 86_400.0
SAME_NUMBER_DAYS = 3  # a number that comes again within these is the same update; Telegram keeps one for a day
NEW_EPOCH_DAYS = 6  # after a week without updates Telegram begins anew at a random number
_EPOCH = 1 << 40  # numbers of updates are below 2³¹

_BOT = Statement("SELECT epoch, stored_at FROM journal_bots WHERE bot = :bot")
_SET_BOT = Statement(
    "INSERT INTO journal_bots (bot, epoch, stored_at) VALUES (:bot, :epoch, :now)"
    " ON CONFLICT (bot) DO UPDATE SET epoch = excluded.epoch, stored_at = excluded.stored_at"
)
_STORE = Statement(
    "INSERT INTO journal_updates (bot, number, position, conversation, kind, content, attempts, stored_at)"
    " VALUES (:bot, :number, :position, :conversation, :kind, :content, 0, :now)"
    " ON CONFLICT (bot, number) DO UPDATE SET position = excluded.position, conversation = excluded.conversation,"
    " kind = excluded.kind, content = excluded.content, attempts = 0, outcome = NULL, handled_at = NULL,"
    " stored_at = excluded.stored_at"
    " WHERE journal_updates.stored_at < :window AND journal_updates.outcome IS NOT NULL"
)
_DUE = Statement(
    "INSERT INTO journal_conversations (key, bot, chat, address, name, person, due_at)"
    " VALUES (:conversation, :bot, :chat, :address, :name, :person, :now)"
    " ON CONFLICT (key) DO UPDATE SET due_at ="
    " CASE WHEN journal_conversations.due_at < :now THEN journal_conversations.due_at ELSE excluded.due_at END"
)
_CLAIMABLE = Statement(
    "SELECT key, chat, address, session, kept, marks, used_at, wake_at FROM journal_conversations"
    " WHERE bot = :bot AND due_at <= :now AND claimed_by IS NULL ORDER BY due_at LIMIT :most",
    " FOR UPDATE SKIP LOCKED",
)
_GO_ON = Statement(
    "SELECT key, chat, address, session, kept, marks, used_at, wake_at FROM journal_conversations"
    " WHERE key = :key AND claimed_by IS NULL"
)
_CLAIM = Statement("UPDATE journal_conversations SET claimed_by = :instance WHERE key = :key")
_FIRST = Statement(
    "SELECT number, content, report, attempts, stored_at FROM journal_updates"
    " WHERE conversation = :key AND outcome IS NULL ORDER BY position LIMIT 1"
)
_ATTEMPT = Statement("UPDATE journal_updates SET attempts = attempts + 1 WHERE bot = :bot AND number = :number")
_UNDUE = Statement("UPDATE journal_conversations SET due_at = wake_at, claimed_by = NULL WHERE key = :key")
_OURS = Statement(
    "SELECT stopped FROM journal_conversations WHERE key = :key AND claimed_by = :instance", " FOR UPDATE"
)
_HANDLED = Statement(
    "UPDATE journal_updates SET outcome = :outcome, content = NULL, report = NULL, conversation = NULL, handled_at = :now"
    " WHERE bot = :bot AND number = :number AND outcome IS NULL"
)
_PENDING = Statement("SELECT 1 FROM journal_updates WHERE conversation = :key AND outcome IS NULL LIMIT 1")
_FINISH = Statement(
    "UPDATE journal_conversations SET claimed_by = NULL, used_at = :now, wake_at = :wake_at, due_at = CASE WHEN EXISTS"
    " (SELECT 1 FROM journal_updates WHERE conversation = :key AND outcome IS NULL) THEN :now ELSE :wake_at END,"
    " session = CASE WHEN :has_session = 1 THEN :session ELSE session END,"
    " kept = CASE WHEN :has_kept = 1 THEN :kept ELSE kept END WHERE key = :key RETURNING due_at"
)
_RELEASE = Statement("UPDATE journal_conversations SET claimed_by = NULL WHERE key = :key AND claimed_by = :instance")
_CLAIMED = Statement("SELECT key FROM journal_conversations WHERE claimed_by = :instance")


@dataclass(frozen=True, slots=True)
class StoredArrival:
    """An arrival, sealed and under its pseudonyms."""

    number: int
    kind: str
    content: bytes
    conversation: bytes
    chat: bytes | None
    address: bytes | None
    unstops: bool
    stopped: str | None
    moved: tuple[bytes, bytes] | None  # the new chat and its address
    name: bytes | None = None  # of a conversation that is not a whole chat
    person: bytes | None = None


@dataclass(frozen=True, slots=True)
class Handling(Told):
    """What is written when a claim is finished, sealed. `address`: only needed with `forget`."""

    conversation: bytes
    chat: bytes | None
    address: bytes | None
    number: int | None
    outcome: str
    session: bytes | None
    kept: bytes | None
    outgoing: Sequence[Sealed]
    wake_at: float | None
    supersedes: Sequence[str]
    forget: bool


def store(connection: Connection, bot: int, arrivals: Sequence[StoredArrival], now: float) -> int:
    """Store updates that are not stored yet; return how many were new."""
    epoch = _epoch(connection, bot, now)
    new = 0
    for arrival in arrivals:
        row = {
            "bot": bot, "number": arrival.number, "position": epoch * _EPOCH + arrival.number,
            "conversation": arrival.conversation, "kind": arrival.kind, "content": arrival.content,
            "now": now, "window": now - SAME_NUMBER_DAYS * DAY,
        }  # fmt: skip
        if _STORE.run(connection, row) == 0:
            continue
        new += 1
        own = (arrival.name, arrival.person)
        mark_due(connection, bot, arrival.conversation, arrival.chat, arrival.address, now, own)
        _apply_standing(connection, bot, arrival, now)
    return new


def _epoch(connection: Connection, bot: int, now: float) -> int:
    """Tell which run of numbers this is. The row is written once an hour, so that it is no bottleneck."""
    found = _BOT.first(connection, {"bot": bot})
    epoch, stored_at = (found[0], found[1]) if found else (0, 0.0)
    if found and now - stored_at > NEW_EPOCH_DAYS * DAY:
        epoch += 1
    if now - stored_at > 3600:
        _SET_BOT.run(connection, {"bot": bot, "epoch": epoch, "now": now})
    return int(epoch)


def mark_due(
    connection: Connection, bot: int, conversation: bytes, chat: bytes | None, address: bytes | None, now: float,
    own: tuple[bytes | None, bytes | None] = (None, None),
) -> None:  # fmt: skip
    """Let a worker look at a conversation, which is made when it is new. `own`: its sealed name and whose it is."""
    row = {"bot": bot, "conversation": conversation, "chat": chat, "address": address, "now": now}
    _DUE.run(connection, {**row, "name": own[0], "person": own[1]})


def _apply_standing(connection: Connection, bot: int, arrival: StoredArrival, now: float) -> None:
    if arrival.chat is None:
        return
    if arrival.unstops:
        chats.let_write(connection, arrival.chat)
    if arrival.stopped:
        chats.stop(connection, bot, arrival.chat, arrival.address, arrival.stopped, now)
    if arrival.moved:
        chats.move(connection, arrival.chat, *arrival.moved)


def claim(connection: Connection, bot: int, instance: str, most: int, now: float) -> list[tuple[Row, Row | None]]:
    """Take conversations that are due: their rows, each with its first waiting update or None when it is to be woken."""
    claimed: list[tuple[Row, Row | None]] = []
    for row in _CLAIMABLE.rows(connection, {"bot": bot, "now": now, "most": most}):
        first = next(iter(_FIRST.rows(connection, {"key": row["key"]})), None)
        if first is None and (row["wake_at"] is None or row["wake_at"] > now):
            _UNDUE.run(connection, {"key": row["key"]})
            continue
        claimed.append((row, first))
    _CLAIM.run_each(connection, [{"key": row["key"], "instance": instance} for row, _ in claimed])
    numbers = [first["number"] for _, first in claimed if first is not None]
    _ATTEMPT.run_each(connection, [{"bot": bot, "number": number} for number in numbers])
    return claimed


def go_on(connection: Connection, bot: int, instance: str, key: bytes) -> tuple[Row, Row] | None:
    """Take the next update of a conversation that was finished in the same transaction; None: there is none for us."""
    first = next(iter(_FIRST.rows(connection, {"key": key})), None)
    row = next(iter(_GO_ON.rows(connection, {"key": key})), None) if first else None
    if first is None or row is None:
        return None
    _CLAIM.run(connection, {"key": key, "instance": instance})
    _ATTEMPT.run(connection, {"bot": bot, "number": first["number"]})
    return row, first


def hold(connection: Connection, instance: str, conversation: bytes) -> str | None:
    """Keep a claimed conversation ours until the end of the transaction; tell why its chat is stopped. Raises Claimless."""
    ours = _OURS.first(connection, {"key": conversation, "instance": instance})
    if ours is None:
        raise Claimless
    stopped: str | None = ours[0]
    return stopped


def finish(connection: Connection, bot: int, instance: str, handling: Handling, now: float) -> bool:
    """Write everything an update led to; tell whether further updates wait.

    Raises Claimless when it is no longer ours, or was finished before without our being told.
    """
    key = handling.conversation
    stopped = hold(connection, instance, key)
    if handling.number is not None:
        row = {"bot": bot, "number": handling.number, "outcome": handling.outcome, "now": now}
        if not _HANDLED.run(connection, row):
            raise Claimless
    if handling.forget and handling.chat is not None:
        chats.forget(connection, bot, handling.chat, now)
    if handling.supersedes and handling.chat is not None:
        outgoing.supersede(connection, handling.chat, handling.supersedes)
    known = {handling.chat: stopped} if handling.chat == key and not handling.forget else {}
    outgoing.add(connection, bot, handling.outgoing, now, known)
    return _set_state(connection, bot, handling, now)


def _set_state(connection: Connection, bot: int, handling: Handling, now: float) -> bool:
    if handling.forget:
        pending = _PENDING.first(connection, {"key": handling.conversation}) is not None
        if not pending and handling.session is None and handling.kept is None:
            return False
        mark_due(connection, bot, handling.conversation, handling.chat, handling.address, now)
    row = {
        "key": handling.conversation, "now": now, "wake_at": handling.wake_at,
        "has_session": int(handling.session is not None), "session": handling.session,
        "has_kept": int(handling.kept is not None), "kept": handling.kept,
    }  # fmt: skip
    return bool(_FINISH.value(connection, row) == now)


def release_others(connection: Connection, instance: str, in_hand: Collection[bytes]) -> int:
    """Give back the claims of an instance that it does not know of; return how many.

    When the connection breaks during a commit, nobody has told the instance what it got.
    """
    claimed = [bytes(row["key"]) for row in _CLAIMED.rows(connection, {"instance": instance})]
    unknown = [{"key": key, "instance": instance} for key in claimed if key not in in_hand]
    _RELEASE.run_each(connection, unknown)
    return len(unknown)
