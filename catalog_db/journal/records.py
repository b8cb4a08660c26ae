"""What crosses the border of the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from catalog_db.errors import CatalogueError
from catalog_db.journal import texts
from catalog_db.journal.reports import Wanted

if TYPE_CHECKING:
    from catalog_db.journal.books import Books

Json = texts.Json

SENDER = "sender"
CHORES = "chores"
POLLER = "poller"


class JournalError(CatalogueError):
    """The journal cannot be used as asked: `journal.busy`, `journal.taken`, `journal.key`."""


class Claimless(Exception):  # noqa: N818 - no error: another instance has gone on with the conversation
    """The claim on a conversation is no longer ours; nothing was written."""


class Roleless(Exception):  # noqa: N818 - no error: another instance sends or polls now
    """The role is no longer ours; nothing was written."""


class Sealer(Protocol):
    """Seals what the journal keeps. The key lies outside the database."""

    def seal(self, content: bytes, purpose: str) -> bytes:
        """Encrypt; only the same purpose opens it again."""

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what `seal` made. Raises ValueError when the key does not fit or a bit was changed."""

    def pseudonym(self, name: str) -> bytes:
        """Return the same 16 bytes for the same name, which nobody can undo without the key."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update on its way into the journal. `chat_id`: where answers go; None for what lies in no chat.

    `conversation` names what is kept in order: the chat's number, or a name of the channel's own.
    `unstops`: the person writes to us, so we may write again. `stopped`: the reason why we may not any more.
    `moved_to`: the new number of the chat. `person_id`: whose conversation it is, when it is not a whole chat.
    """

    number: int
    kind: str
    content: Json
    conversation: str
    chat_id: int | None
    unstops: bool = False
    stopped: str | None = None
    moved_to: int | None = None
    person_id: int | None = None


class Told:
    """What goes from one process to another: by its values alone, for a frozen dataclass looks up its fields each time."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Told], tuple[Any, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


@dataclass(frozen=True, slots=True)
class Claim(Told):
    """A conversation that is ours to go on with, and its first waiting update (None: it is to be woken).

    `session_text`, `kept_text`: see `texts`; they are read by whoever answers.
    """

    conversation: bytes
    chat: bytes | None
    chat_id: int | None
    number: int | None
    content: Json | None
    attempts: int
    session_text: bytes | None
    kept_text: bytes | None
    used_at: float | None
    stored_at: float | None
    marks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def session(self) -> Json | None:
        """Read the session; None when there is none yet."""
        return None if self.session_text is None else texts.read(self.session_text)

    @property
    def kept(self) -> Json:
        """Read the small state of the conversation."""
        return {} if self.kept_text is None else texts.read(self.kept_text)


@dataclass(frozen=True, slots=True)
class Message(Told):
    """A call that is to be made, as the journal keeps it. The meaning of the fields is the channel's."""

    method: str
    params: Mapping[str, Any]
    chat_id: int | None
    kind: str
    critical: bool = True
    replaces: str | None = None
    remember_as: str | None = None
    expires_at: float | None = None
    report: tuple[str, str] | None = None  # name of a conversation, tag; see `reports`


@dataclass(frozen=True, slots=True)
class Result(Told):
    """What handling a claim led to. None leaves session and kept state as they are.

    `within`: called with the books in the transaction; what it returns takes this one's place. It may be called twice, has no
    effect but on the books, and is quick: everybody else waits meanwhile.
    """

    outcome: str
    session: Mapping[str, Any] | None = None
    kept: Mapping[str, Any] | None = None
    outgoing: tuple[Message, ...] = ()
    wake_at: float | None = None
    supersedes: tuple[str, ...] = ()
    forget: bool = False
    within: Callable[[Books], Result] | None = None
    more: bool = False  # told by the journal: whether further updates of the conversation wait that were not taken
    following: Claim | None = None  # told by the journal: the next of them, taken


@dataclass(slots=True)
class Letter:
    """A stored outgoing message in the hands of the sender."""

    id: int
    chat: bytes | None
    chat_id: int | None
    kind: str
    method: str
    params: Json
    critical: bool
    replaces: str | None
    remember_as: str | None
    attempts: int
    repeats: int
    stored_at: float
    not_before: float
    expires_at: float | None
    message_id: int | None = field(default=None)  # of the message it replaces
    report: Wanted | None = None
    marked: bool = False  # as being sent, in the transaction that took it
    richly: bool = False  # whether its call was made with what not every server reads

    @property
    def key(self) -> tuple[int, float]:
        """Return what the message is known by among the calls under way; see `flights`."""
        return self.id, self.stored_at
