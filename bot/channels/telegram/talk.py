"""One update of a private chat in the making: what is known before it, and what will be sent, kept and committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.channels.telegram.keyboards import Keyboard
from bot.channels.telegram.memory import STEPS_BACK, Asked, Lines, Memory, Shown, session_of, session_text
from bot.channels.telegram.notebook import Open
from bot.channels.telegram.outgoing import ConversationState, Handled, Json, Outgoing
from bot.channels.telegram.payloads import Owner, issue_text, next_issue
from bot.channels.telegram.render import pages
from bot.channels.telegram.requests import acknowledgement, lines, message, parted
from bot.channels.telegram.rich import Rich, join, plain, rich
from bot.channels.telegram.uploads import upload
from bot.elders import MESSAGES, paragraphs
from bot.languages import locale_for
from bot.wording import Wording
from catalog_db.journal.books import Books
from handlers.session import Session
from handlers.turn import Action, Answer, Question

if TYPE_CHECKING:
    from bot.channels.telegram.chat_parts import Parts, Spoken

TYPING_SECONDS = 5  # Telegram shows it so long


@dataclass(slots=True)
class Reply:
    """What the assistant said, not sent yet."""

    answer: Answer
    asked: Asked
    after: Session
    offered: Sequence[tuple[str, Action]] | None = None  # its choices as they are worded; None: not worded yet

    def saying(self, answer: Answer) -> Reply:
        """Return it with another answer, whose choices are not worded yet."""
        return replace(self, answer=answer, offered=None)


@dataclass(slots=True)
class Talk:
    """See the module."""

    parts: Parts
    owner: Owner
    now: datetime
    session: Session
    memory: Memory
    outgoing: list[Outgoing] = field(default_factory=list)
    supersedes: list[str] = field(default_factory=list)
    forget: bool = False
    forwarded: bool = False  # what is being answered was passed on from elsewhere
    conversation: ConversationState | None = None
    name: str = ""  # the person's first name, as far as the update tells
    within: Callable[[Talk, Books], str] | None = None
    notebook: Open = field(default_factory=Open)
    shown: list[Answer] = field(default_factory=list)  # what this update was answered with

    @classmethod
    def begin(
        cls, parts: Parts, owner: Owner, conversation: ConversationState, now: datetime, said: Spoken | None = None
    ) -> Talk:
        """Open a chat as the journal kept it. `said`: in what language the person writes; None: as before."""
        session, notebook = (
            Session.from_json(conversation.session_json or {}),
            Open.of(conversation.marks.get("notebook")),
        )
        memory = Memory.from_json(conversation.kept)
        if said is not None:
            memory.locale = locale_for(said.code, memory.chosen, said.text, memory.locale)
        return cls(
            parts, replace(owner, notebook=notebook.number), now, session, memory,
            conversation=conversation, notebook=notebook,
        )  # fmt: skip

    def turn_to(self, number: int, names: Mapping[int, str], context: Mapping[str, Any] | None) -> Json:
        """Open another notebook as it was left; return the one that was open, to be kept. What is the person's own goes along."""
        left = {"session": self.session.to_json(), "chat": self.memory.to_json()}
        context = context or {}
        memory = Memory.from_json(context.get("chat") or {})
        memory.succeed(self.memory)
        simple = self.session.simple
        self.session, self.memory = Session.from_json(context.get("session") or {}), memory
        self.session.simple = simple
        self.notebook, self.owner = Open(number, names), replace(self.owner, notebook=number)
        return left

    @property
    def at(self) -> float:
        """Return the present, seconds since 1970."""
        return self.now.timestamp()

    @property
    def wording(self) -> Wording:
        """Return the words of the person's language."""
        return self._wording(self.session)

    @property
    def marks(self) -> Mapping[str, Any]:
        """Return what the chat is marked with."""
        return self.conversation.marks if self.conversation else {}

    def decide(self, within: Callable[[Talk, Books], str]) -> str:
        """Go on within the transaction, on a copy of this talk, with the books; `within` returns the outcome."""
        self.within = within
        return "decided"

    def snapshot(self) -> Talk:
        """Return the talk as it is at this moment, to `restore` it."""
        return self._copy()

    def restore(self, before: Talk) -> None:
        """Go back to a moment before: what was said and turned to since was not so."""
        self.session, self.memory, self.notebook, self.owner = (
            before.session,
            before.memory,
            before.notebook,
            before.owner,
        )
        self.outgoing, self.supersedes, self.shown = list(before.outgoing), list(before.supersedes), list(before.shown)

    def _copy(self) -> Talk:
        return replace(
            self, session=self.session.copy(), memory=self.memory.copy(), outgoing=list(self.outgoing),
            supersedes=list(self.supersedes), shown=list(self.shown), within=None,
        )  # fmt: skip

    # ---- asking

    def ask(self, text: str, session: Session | None = None) -> Reply:
        """Let the assistant answer a text."""
        return self._respond(Question(text, self.now, forwarded=self.forwarded), (text,), session or self.session)

    def do(self, action: Action, session: Session | None = None, text: str = "") -> Reply:
        """Let the assistant do what a button says."""
        return self._respond(Question(text, self.now, action=action), (), session or self.session)

    def intent_alone(self, text: str) -> str:
        """Tell what a text would want of us without this conversation."""
        return self.parts.assistant.intent_alone(Question(text, self.now, forwarded=self.forwarded))

    def again(self, asked: Asked, place: str | None) -> Reply:
        """Answer once more what was asked before, by today's catalogue."""
        session = session_of(asked.before)
        session.place = place or session.place
        if asked.action is not None:
            reply = self.do(asked.action, session)
        else:
            reply = self.ask(asked.texts[0], session)
            for text in asked.texts[1:]:
                reply = self.ask(text, reply.after)
        return Reply(reply.answer, asked, reply.after)

    def _respond(self, question: Question, texts: tuple[str, ...], session: Session) -> Reply:
        answer, after = self.parts.assistant.respond(question, session)
        if self.parts.beside:
            answer = self.parts.beside(self, answer, after.place)
        word = self.wording.text  # what stands on a button is what may be typed instead
        choices = [choice for part in (answer, *answer.also) for choice in part.choices]
        after.offered = tuple((word(choice.label), choice.action) for choice in choices)
        offered = after.offered if self._wording(after) is self.wording else None
        return Reply(answer, Asked(texts, question.action, session_text(session)), after, offered)

    # ---- showing

    def show(self, reply: Reply, *, said: Sequence[Lines] = (), at: float | None = None, lone: bool = False) -> Shown:
        """Send an answer below everything."""
        shown, keyboard, written = self._make(reply, back=())
        shown.said, shown.at, shown.lone = list(said), self.at if at is None else at, lone
        self._send_rest(written, keyboard, shown.names)
        self._keep(shown, reply, instead=None)
        return shown

    def show_instead(
        self,
        reply: Reply,
        old: Shown,
        *,
        said: Sequence[Lines],
        at: float,
        lone: bool = False,
        current: bool = True,
    ) -> None:
        """Put an answer in the place of another one. `current`: the session goes on from here."""
        shown, keyboard, written = self._make(reply, back=())
        shown.said, shown.at, shown.lone = list(said), at, lone
        names, self.supersedes = old.names, [*self.supersedes, *old.names]
        for number, page in enumerate(written):
            markup = keyboard.markup if number == len(written) - 1 else None
            if number < len(names):
                shown.names[number] = names[number]
                self._edit(page, markup, replaces=names[number])
            else:
                self._send(page, markup, shown.names[number])
        for name in names[len(written) :]:
            self.outgoing.append(Outgoing("deleteMessage", {}, self.owner.chat_id, replaces=name, critical=False))
        self._keep(shown, reply, instead=old, current=current)

    def show_in(self, reply: Reply, message_id: int | None, old: Shown | None, back: Sequence[Asked]) -> None:
        """Put an answer into the message whose button was pressed; what does not fit in goes below everything."""
        if message_id is None or reply.after.simple:  # 长辈模式 goes on below: what was read stays where it was
            self.show(reply)
            return
        shown, keyboard, written = self._make(reply, back=back)
        if old is not None:
            shown.said, shown.at = old.said, old.at
            shown.names = [*old.names[-1:], *shown.names[1:]]
        first, *further = written
        self._edit(first, None if further else keyboard.markup, message_id=message_id, name=shown.names[0])
        self._send_rest(further, keyboard, shown.names[1:])
        self._keep(shown, reply, instead=old)

    def say(self, key: str, markup: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Send a sentence of our own."""
        self.tell(rich(self.wording.say(key, **values)), markup)

    def tell(self, page: Rich, markup: Mapping[str, Any] | None = None) -> None:
        """Send a text of our own."""
        written = [page]
        if self.session.simple:
            written = [lines(message) for message in paragraphs(plain(page), self.wording)]
        written[0] = join((self.heading, written[0]), "\n")
        for number, part in enumerate(written, 1):
            self._send(part, markup if number == len(written) else None, None)

    def pass_on(self, page: Rich) -> None:
        """Send a text that is made to leave the chat: no neighbour's name stands above it."""
        self._send(page, None, None)

    @property
    def heading(self) -> Rich:
        """Return the first line of whatever is said while a neighbour's notebook is open: the neighbour's name."""
        name = self.notebook.name
        return rich(self.wording.say("telegram.notebook.head", name=name), "b") if name else ()

    def send_file(self, filename: str, content: bytes, caption: str) -> None:
        """Send a file of our own making."""
        params = {"document": upload(filename, content), "caption": caption}
        self.outgoing.append(Outgoing("sendDocument", params, self.owner.chat_id))

    def acknowledge(self, query_id: str, key: str | None = None, *, alert: bool = False) -> None:
        """Answer a pressed button; `key` is shown over the chat."""
        params: dict[str, Any] = {"callback_query_id": query_id}
        if key:
            params |= {"text": self.wording.say(key), "show_alert": alert}
        self.outgoing.insert(0, acknowledgement(params, self.now))

    def typing(self) -> None:
        """Show that an answer is coming, unless that still shows."""
        if self.at - self.memory.typing_at >= TYPING_SECONDS:
            self.memory.typing_at = self.at
            expires = self.now + timedelta(seconds=TYPING_SECONDS)
            self.outgoing.append(
                Outgoing(
                    "sendChatAction", {"action": "typing"}, self.owner.chat_id, "typing", False, expires_at=expires
                )
            )

    def go_on(self, old: Shown) -> None:
        """Send the rest of an answer, or its next part."""
        answer = Answer(old.intent)
        written, rest = old.rest[:MESSAGES], old.rest[MESSAGES:]
        reply = Reply(answer, old.asked, session_of(old.after))
        shown, keyboard, _ = self._laid_out(reply, old.back, (written, rest))
        old.rest, shown.after = [], old.after
        self._send_rest([lines(message) for message in written], keyboard, shown.names)
        self.memory.remember(shown, None, self.at)

    def _wording(self, session: Session) -> Wording:
        return self.parts.wordings.of(self.memory.locale or self.parts.wording.locale, simple=session.simple)

    def _make(self, reply: Reply, back: Sequence[Asked]) -> tuple[Shown, Keyboard, list[Rich]]:
        return self._laid_out(reply, back, None)

    def _laid_out(
        self, reply: Reply, back: Sequence[Asked], going_on: tuple[list[list[str]], list[list[str]]] | None
    ) -> tuple[Shown, Keyboard, list[Rich]]:
        self.memory.issue = issue = next_issue(self.memory.issue, self.now)
        self.shown.append(reply.answer)
        wording, keyboards = self._wording(reply.after), self.parts.keyboards
        rest: list[list[str]] = []
        if reply.after.simple:
            messages, rest = going_on or parted(reply.answer, wording)
            written = [lines(message) for message in messages]
            written[0] = join((self.heading, written[0]), "\n")
            keyboard = keyboards.few(reply.answer, self.owner, issue, wording, more=bool(rest))
        else:
            written = pages(reply.answer, wording, self.heading)
            keyboard = keyboards.of(reply.answer, self.owner, issue, wording, back=bool(back), offered=reply.offered)
        names = [f"{issue_text(issue)}.{number}" for number in range(len(written))]
        shown = Shown(issue, names, reply.asked, "", reply.answer.intent, at=self.at)
        shown.rest = rest
        shown.spare, shown.labels, shown.back = keyboard.spare, keyboard.labels, list(back[:STEPS_BACK])
        return shown, keyboard, written

    def _keep(self, shown: Shown, reply: Reply, instead: Shown | None, *, current: bool = True) -> None:
        shown.after = session_text(reply.after)
        if current:
            self.session = reply.after
        self.memory.remember(shown, instead, self.at, current=current)

    def _send_rest(self, written: Sequence[Rich], keyboard: Keyboard, names: Sequence[str]) -> None:
        for number, (page, name) in enumerate(zip(written, names, strict=True), 1):
            self._send(page, keyboard.markup if number == len(written) else None, name)

    def _send(self, page: Rich, markup: Mapping[str, Any] | None, name: str | None) -> None:
        self.outgoing.append(Outgoing("sendMessage", message(page, markup), self.owner.chat_id, remember_as=name))

    def _edit(
        self,
        page: Rich,
        markup: Mapping[str, Any] | None,
        *,
        message_id: int | None = None,
        replaces: str | None = None,
        name: str | None = None,
    ) -> None:
        params = message(page, markup) | ({"message_id": message_id} if message_id is not None else {})
        self.outgoing.append(
            Outgoing("editMessageText", params, self.owner.chat_id, replaces=replaces, remember_as=name or replaces)
        )

    # ---- the end

    def handled(self, outcome: str) -> Handled:
        """Return what is to be committed."""
        within = self.within
        if within is not None:
            return Handled(outcome=outcome, within=lambda books: self._decided(within, books))
        if self.forget:
            gone = Handled(outgoing=tuple(self.outgoing), forget=True, outcome=outcome)
            return Handled(outcome=outcome, within=lambda books: self._forgotten(gone, books))
        waiting = self.memory.waiting
        return Handled(
            session_json=self.session.to_json(),
            outgoing=tuple(self.outgoing),
            keep=self.memory.to_json(),
            wait_until=datetime.fromtimestamp(waiting.until, UTC) if waiting else None,
            supersedes=tuple(self.supersedes),
            outcome=outcome,
        )

    def _decided(self, within: Callable[[Talk, Books], str], books: Books) -> Handled:
        talk = self._copy()
        outcome = within(talk, books)
        handled = talk.handled(outcome)
        return handled.within(books) if handled.within else handled

    def _forgotten(self, gone: Handled, books: Books) -> Handled:
        for feature in self.parts.features:
            feature.forget(books, self.owner.chat_id)
        return gone
