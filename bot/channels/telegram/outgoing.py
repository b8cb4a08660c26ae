"""The seam between what is said and how it travels: a handler says, the journal keeps, the sender sends.

A handler is pure and synchronous. A worker gives it one update and the state of its conversation; what it returns (session,
small state, messages) is committed in one transaction together with the mark that the update is handled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from catalog_db.journal.books import Books

Json = dict[str, Any]

# reply: in order within its chat, within the budgets. bulk: the same, behind every reply.
# answer_callback: at once, beside the order and the budgets. typing: the same, and not kept: shown now or not at all.
# fetch: no call but a file to be fetched and read, beside everything else; what was read comes back as an update of the chat's
# own conversation (`updates.Fetched`), sealed and handled like every other. `fetching.fetch` makes one.
Kind = Literal["reply", "answer_callback", "typing", "bulk", "fetch"]


@dataclass(frozen=True, slots=True)
class Report:
    """Who wants to know what becomes of a message: the name of a conversation, and a tag that says nothing of anybody.

    When the message has come to its end (sent, failed, unknown) that conversation gets an update of its own, `updates.Reported`,
    stored in the same transaction that records the end, so that a process that is killed loses none; a call that was under way
    then is not repeated but reported as unknown. What has to wait for the
    outcome (messages for a topic that is being made) waits in the books of the part and goes when the report is handled. The
    conversation is one that takes reports only. What is superseded, or forgotten with its chat, is not reported.
    """

    conversation: str
    tag: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call of the Bot API that is to be made.

    `params`: JSON values as the Bot API names them, without chat_id, which the sender adds from `chat_id` (None: the call
    goes to no chat). An edit of a message whose number is known carries `message_id`; one of a message of our own that may
    not be sent yet names it by `replaces`, the `remember_as` of that message in the same chat, and the sender adds
    message_id; when that message never arrived, an editMessage… is sent as a new message instead.
    `critical`: may be repeated, once, when nobody knows whether the first attempt arrived. `expires_at`: of no use later.
    `report`: who is told what became of it.
    """

    method: str
    params: Mapping[str, Any]
    chat_id: int | None
    kind: Kind = "reply"
    critical: bool = True
    replaces: str | None = None
    remember_as: str | None = None
    expires_at: datetime | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What is known of a conversation before an update. A new one has no session, an empty `kept` and no `used_at`.

    `marks`: what parts of the channel have marked its chat with (`Books.mark`). `books`: a look at the books beside the writer,
    for what takes too long within the transaction; whatever is decided on is asked again there.
    """

    bot_id: int
    chat_id: int | None
    session_json: Mapping[str, Any] | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    used_at: datetime | None = None  # when the update before this one was handled
    marks: Mapping[str, Any] = field(default_factory=dict)
    books: Callable[[], AbstractContextManager[Books]] | None = None


@dataclass(frozen=True, slots=True)
class Handled:
    """What an update led to. All of it is committed together.

    `session_json`, `keep`: None leaves them as they are. `wait_until`: when `Handler.wake` is to be called if no further
    update of the conversation comes first (keep what waits in `keep`). `supersedes`: the `remember_as` of messages that
    need not be sent any more where they have not left yet. `forget`: delete everything kept of this chat, its
    conversations and messages, before `outgoing` is written. `outcome`: a short word for record and metrics, never
    anything of the person's. `within`: decides in the transaction instead, with the books; see `journal.records.Result`.
    """

    session_json: Mapping[str, Any] | None = None
    outgoing: Sequence[Outgoing] = ()
    keep: Mapping[str, Any] | None = None
    wait_until: datetime | None = None
    supersedes: Sequence[str] = ()
    forget: bool = False
    outcome: str = "answered"
    within: Callable[[Books], Handled] | None = None


class Chore(Protocol):
    """Something to do again and again, by one of all instances: what is due, overdue, lapsed."""

    @property
    def every(self) -> float:
        """Return the seconds from one time to the next."""

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Do a bounded part of what is due (`books.now`), in a transaction; what it says is sent. It may be called twice."""


@runtime_checkable
class Ahead(Protocol):
    """A chore with something to do that takes long and needs no books."""

    def ahead(self) -> None:
        """Do it, each time before the transaction begins: meanwhile others write."""


class Handler(Protocol):
    """What a worker calls; it runs in threads, different conversations at the same time. It waits for nothing."""

    def handle(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        """Answer one update, raw as it came. What it raises is recorded, and the update is given to `apologise`."""

    def wake(self, conversation: ConversationState, now: datetime) -> Handled:
        """Answer what was kept waiting: its time is over and nothing else came."""

    def chores(self) -> Sequence[Chore]:
        """Return what is to be done again and again."""

    def apologise(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        """Answer an update that `handle` failed on: acknowledge a pressed button, say that it did not work."""
