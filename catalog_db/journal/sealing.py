"""Between plain records and sealed rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catalog_db.journal import texts
from catalog_db.journal.books import read_marks
from catalog_db.journal.incoming import Handling, StoredArrival
from catalog_db.journal.outgoing import Sealed, wanted_of
from catalog_db.journal.records import Arrival, Claim, Json, Letter, Message, Result, Sealer
from catalog_db.journal.reports import Wanted
from catalog_db.journal.statements import Row


class Envelopes:
    """Seals and opens the rows of one bot."""

    def __init__(self, sealer: Sealer, bot: int) -> None:
        self._sealer = sealer
        self._bot = bot

    def key(self, conversation: str) -> bytes:
        """Return the pseudonym of a conversation; that of a chat is the one of its number."""
        return self._sealer.pseudonym(f"{self._bot}:{conversation}")

    def chat(self, chat_id: int | None) -> bytes | None:
        """Return the pseudonym of a chat."""
        return None if chat_id is None else self.key(str(chat_id))

    def address(self, chat_id: int | None) -> bytes | None:
        """Seal the number of a chat."""
        return None if chat_id is None else self._sealer.seal(str(chat_id).encode(), "address")

    def arrival(self, arrival: Arrival) -> StoredArrival:
        """Seal an update."""
        moved = None
        if arrival.moved_to is not None:
            moved = (self.key(str(arrival.moved_to)), self._sealer.seal(str(arrival.moved_to).encode(), "address"))
        return StoredArrival(
            number=arrival.number,
            kind=arrival.kind,
            content=self.seal(arrival.content, "update"),
            conversation=self.key(arrival.conversation),
            chat=self.chat(arrival.chat_id),
            address=self.address(arrival.chat_id),
            unstops=arrival.unstops,
            stopped=arrival.stopped,
            moved=moved,
            name=None if arrival.person_id is None else self.name(arrival.conversation),
            person=self.chat(arrival.person_id),
        )

    def name(self, conversation: str) -> bytes:
        """Seal the name of a conversation."""
        return self._sealer.seal(conversation.encode(), "name")

    def read_name(self, sealed: bytes) -> str:
        """Open the name of a conversation. Raises ValueError."""
        return self._sealer.open(bytes(sealed), "name").decode()

    def claim(self, row: Row, first: Row | None) -> Claim:
        """Open a claimed conversation. Raises ValueError when the key does not fit."""
        session, kept = row["session"], row["kept"]
        return Claim(
            conversation=bytes(row["key"]),
            chat=None if row["chat"] is None else bytes(row["chat"]),
            chat_id=None if row["address"] is None else int(self._sealer.open(bytes(row["address"]), "address")),
            number=first["number"] if first else None,
            content=self._content(first) if first else None,
            attempts=first["attempts"] + 1 if first else 1,
            session_text=None if session is None else self._sealer.open(bytes(session), "session"),
            kept_text=None if kept is None else self._sealer.open(bytes(kept), "kept"),
            used_at=row["used_at"],
            stored_at=first["stored_at"] if first else None,
            marks=read_marks(row["marks"], self._sealer),
        )

    def _content(self, row: Row) -> Json:
        if row["report"] is not None:
            told: Json = json.loads(row["report"])
            return told
        return self.open(row["content"], "update")

    def handling(self, claim: Claim, result: Result) -> Handling:
        """Seal what an update led to."""
        return Handling(
            conversation=claim.conversation,
            chat=claim.chat,
            address=self.address(claim.chat_id) if result.forget else None,  # else it is there already
            number=claim.number,
            outcome=result.outcome,
            session=None if result.session is None else self.seal(result.session, "session"),
            kept=None if result.kept is None else self.seal(result.kept, "kept"),
            outgoing=[self.message(message) for message in result.outgoing],
            wake_at=result.wake_at,
            supersedes=result.supersedes,
            forget=result.forget,
        )

    def message(self, message: Message) -> Sealed:
        """Seal an outgoing message."""
        content = {"method": message.method, "params": message.params, "chat_id": message.chat_id}
        return Sealed(
            chat=self.chat(message.chat_id),
            kind=message.kind,
            content=self.seal(content, "outgoing"),
            critical=message.critical,
            replaces=message.replaces,
            remember_as=message.remember_as,
            expires_at=message.expires_at,
            report=Wanted(self.key(message.report[0]), message.report[1]) if message.report else None,
        )

    def letter(self, row: Row) -> Letter:
        """Open an outgoing message. Raises ValueError when the key does not fit."""
        content = self.open(row["content"], "outgoing")
        return Letter(
            id=row["id"],
            chat=None if row["chat"] is None else bytes(row["chat"]),
            chat_id=content["chat_id"],
            kind=row["kind"],
            method=content["method"],
            params=content["params"],
            critical=bool(row["critical"]),
            replaces=row["replaces"],
            remember_as=row["remember_as"],
            attempts=row["attempts"],
            repeats=row["repeats"],
            stored_at=row["stored_at"],
            not_before=row["not_before"],
            expires_at=row["expires_at"],
            report=wanted_of(row),
        )

    def seal(self, value: Mapping[str, Any], purpose: str) -> bytes:
        """Seal JSON values."""
        return self._sealer.seal(texts.write(value), purpose)

    def open(self, sealed: bytes, purpose: str) -> Json:
        """Open JSON values. Raises ValueError."""
        return texts.read(self._sealer.open(bytes(sealed), purpose))
