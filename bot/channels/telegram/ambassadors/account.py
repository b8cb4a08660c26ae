"""What counted for an ambassador: points line by line with their reasons, and how many people did what. Never who, never what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador, ref_of
from bot.channels.telegram.ambassadors.rulings import staff_owner
from bot.channels.telegram.outgoing import Chore, Outgoing
from bot.channels.telegram.payloads import next_issue
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from bot.channels.telegram.uploads import upload
from bot.number_chart import Day, chart
from catalog_db.journal import points, touches
from catalog_db.journal.books import Books
from handlers.phrases.ambassadors import read_ambassador
from handlers.phrases.lists import amount
from handlers.turn import Action

_LINES = 12  # of the ledger, in one message
_DAYS = 14  # of the chart
_DAY_LINES = 5  # of the message
_MONTH = 30
_KINDS = ("open", "question", "list", "handoff")


def _lines(books: Books, key: bytes) -> list[points.Line]:
    """Return the lines that are shown, the newest first: what was pending and has been settled stands there once."""
    found = points.lines(books, key, 3 * _LINES)
    settled = {line.about for line in found if line.event.startswith("settled:")}
    return [line for line in found if line.id not in settled][:_LINES]


@dataclass(frozen=True, slots=True)
class Account:
    """A part of the private chat, for ambassadors."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer what is about an ambassador's own account."""
        if not is_ambassador(talk):
            return None
        if isinstance(event, Pressed):
            action = self.equipment.action(talk, event, "account.")
            if action is None:
                return None
            talk.acknowledge(event.query_id)
            run = self._table.get(action.name.removeprefix("account."))
            return run(talk, action.args) if run else None
        phrase = read_ambassador(event.text) if isinstance(event, Said) and not event.edited else None
        run = self._table.get(phrase.op) if phrase else None
        return run(talk, (phrase.get("which"),)) if phrase and run else None

    @property
    def _table(self) -> dict[str, Callable[[Talk, Sequence[str]], str | None]]:
        return {
            "link": lambda talk, _: self._link(talk), "points": lambda talk, _: self._points(talk),
            "numbers": lambda talk, _: self._numbers(talk), "appeal": self._appeal,
        }  # fmt: skip

    def _link(self, talk: Talk) -> str:
        payload = self.equipment.links.encode(Action("ambassador.open", (ref_of(talk) or "",)))
        link = f"https://t.me/{self.equipment.me.username}?start={payload}"
        talk.say("telegram.account.link", link=link, days=self.equipment.rules.touch_days)
        return "account_link"

    # ---- points

    def _points(self, talk: Talk) -> str:
        if talk.conversation is None or talk.conversation.books is None:
            return "account_points"
        with talk.conversation.books() as books:
            key = books.key(talk.owner.chat_id)
            balance, found = points.balance(books, key), _lines(books, key)
        say = talk.wording.say
        written = tuple(self._line(talk, number, line) for number, line in enumerate(found, 1))
        refused = [line for line in found if line.state in ("refused", "reversed")]
        rows: list[list[Labelled]] = [
            [(say("telegram.account.appeal", number=found.index(line) + 1), Action("account.appeal", (f"#{line.id}",)))]
            for line in refused[:3]
        ]
        rules = self.equipment.rules
        talk.say(
            "telegram.account.points", self.equipment.markup(talk, rows), balance=balance, most=rules.most_a_day,
            lines="\n".join(written) or say("telegram.account.no_lines"), question=rules.question, list=rules.list,
            solved=rules.solved, hours=rules.hold_hours,
        )  # fmt: skip
        return "account_points"

    def _line(self, talk: Talk, number: int, line: points.Line) -> str:
        say = talk.wording.say
        day = date.fromisoformat(line.day)
        delta = f"+{line.delta}" if line.delta > 0 else str(line.delta)
        kind = say(f"points.kind.{line.kind}")
        return say("telegram.account.line", number=number, day=day, kind=kind, delta=delta, reason=say(line.reason))

    def _appeal(self, talk: Talk, args: Sequence[str]) -> str:
        said = args[0] if args else ""

        def within(talk: Talk, books: Books) -> str:
            key = books.key(talk.owner.chat_id)
            number = int(said[1:]) if said.startswith("#") else 0
            if not number:
                place, found = amount(said) or 0, _lines(books, key)
                number = found[place - 1].id if 0 < place <= len(found) else 0
            done = bool(number) and points.appeal(books, key, number)
            talk.say("telegram.account.appealed" if done else "telegram.account.no_appeal")
            if done:
                self._tell_staff(talk, books, key)
            return "account_appealed" if done else "account_no_appeal"

        return talk.decide(within)

    def _tell_staff(self, talk: Talk, books: Books, key: bytes) -> None:
        """Show the appeal to the staff, with the two ways to answer it. It names nobody."""
        staff, say = self.equipment.me.staff_chat_id, self.equipment.wordings.first.say
        if staff is None:
            return
        appealed = points.lines(books, key, 1)[0]
        line = points.find(books, appealed.about or 0)
        row: list[Labelled] = [
            (say("telegram.account.appeal.grant"), Action("points.grant", (str(appealed.id),))),
            (say("telegram.account.appeal.uphold"), Action("points.uphold", (str(appealed.id),))),
        ]
        keyboard = self.equipment.keyboard(staff_owner(self.equipment, staff), next_issue(0, talk.now), [row])
        text = say(
            "telegram.account.appeal_for_staff", number=appealed.id, kind=say(f"points.kind.{appealed.kind}"),
            reason=say(line.reason) if line else "", day=date.fromisoformat(appealed.day),
        )  # fmt: skip
        talk.outgoing.append(Outgoing("sendMessage", message(rich(text), keyboard), staff))

    # ---- numbers

    def _numbers(self, talk: Talk) -> str:
        if talk.conversation is None or talk.conversation.books is None:
            return "account_numbers"
        today = talk.now.date()
        since, first = (today - timedelta(days=days - 1) for days in (_MONTH, _DAYS))
        with talk.conversation.books() as books:
            key = books.key(talk.owner.chat_id)
            total = {one.kind: one for one in touches.sums(books, key, since.isoformat())}
            daily = touches.by_day(books, key, first.isoformat())
            items = touches.by_item(books, key, since.isoformat())
        people = {kind: total[kind].people if kind in total else 0 for kind in _KINDS}
        times = total["open"].times if "open" in total else 0
        talk.say(
            "telegram.account.numbers", days=_MONTH, opens=times, people=people["open"], asked=people["question"],
            saved=people["list"], handed=people["handoff"], items=self._items(talk, items), lines=self._days(talk, daily, today),
        )  # fmt: skip
        self._chart(talk, daily, today)
        return "account_numbers"

    def _chart(self, talk: Talk, daily: Sequence[touches.Count], today: date) -> None:
        say = talk.wording.say
        counted = {(one.day, one.kind): one.people for one in daily}
        days: list[Day] = []
        for back in range(_DAYS - 1, -1, -1):
            day = today - timedelta(days=back)
            counts = (counted.get((day.isoformat(), "open"), 0), counted.get((day.isoformat(), "question"), 0))
            begins = not days or day.day == 1
            days.append(
                Day(str(day.day), say("telegram.account.chart.month", month=day.month) if begins else "", counts)
            )
        kinds = (say("telegram.account.chart.came"), say("telegram.account.chart.asked"))
        picture = upload(
            say("telegram.account.chart.file"), chart(say("telegram.account.chart", days=_DAYS), kinds, days)
        )
        talk.outgoing.append(Outgoing("sendPhoto", {"photo": picture}, talk.owner.chat_id))

    def _days(self, talk: Talk, daily: Sequence[touches.Count], today: date) -> str:
        """Write a line for each of the last days on which something happened, the latest first."""
        say = talk.wording.say
        counted = {(one.day, one.kind): one.people for one in daily}
        days = sorted({day for day, _ in counted}, reverse=True)[:_DAY_LINES]
        lines = [
            say("telegram.account.day", day=date.fromisoformat(day), **{kind: counted.get((day, kind), 0) for kind in _KINDS})
            for day in days
        ]  # fmt: skip
        return "\n".join(lines) or say("telegram.account.no_items")

    def _items(self, talk: Talk, items: Sequence[touches.Count]) -> str:
        """Name what was opened by most people."""
        opened = [one for one in items if one.kind == "open"]
        best = sorted(opened, key=lambda one: (-one.people, one.item))[:3]
        say = talk.wording.say
        lines = [say("telegram.account.item", name=self._name(talk, one.item), people=one.people) for one in best]
        return "\n".join(lines) or say("telegram.account.no_items")

    def _name(self, talk: Talk, item: str) -> str:
        kind, _, name = item.partition(":")
        catalogue, say = self.equipment.catalogue, talk.wording.say
        if kind == "show_product" and (product := catalogue.product(name)):
            return product.title
        if kind == "guide" and name in catalogue.guides:
            return catalogue.guides[name].title
        if kind == "pavilion" and name in catalogue.pavilions:
            return catalogue.pavilions[name].name
        return say("telegram.account.a_list") if kind == "list" else say("telegram.account.a_page")

    # ---- the rest of a part

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """`Attribution` gives it."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """`Attribution` does it."""
