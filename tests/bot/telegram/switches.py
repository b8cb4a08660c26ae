"""A pytest plugin that switches one protection off: -p tests.bot.telegram.switches --switch-off dedupe (R20)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.channels.telegram import budgets, keys, webhook
from catalog_db.journal import incoming, outgoing
from catalog_db.journal.statements import Statement


def _dedupe() -> None:
    statement = incoming._STORE.text
    incoming._STORE = Statement(statement[: statement.index(" WHERE journal_updates.stored_at")])


def _order() -> None:
    incoming._FIRST = Statement(incoming._FIRST.text.replace("ORDER BY position", "ORDER BY position DESC"))


def _encryption() -> None:
    keys.KeyRing.seal = lambda self, content, purpose: content  # type: ignore[method-assign]
    keys.KeyRing.open = lambda self, sealed, purpose: sealed  # type: ignore[method-assign]


def _mark() -> None:
    outgoing._MARK = Statement(outgoing._MARK.text.replace("'sending'", "'taken'"))


def _fence() -> None:
    statement = "SELECT stopped FROM journal_conversations WHERE key = :key AND :instance <> ''"
    incoming._OURS = Statement(statement, "")


def _standing() -> None:
    outgoing.chats.why_stopped = lambda connection, chat: None


def _budgets() -> None:
    budgets.Budgets.__init__.__kwdefaults__["lifted"] = True  # type: ignore[index]


def _secret() -> None:
    webhook.hmac = type("Careless", (), {"compare_digest": staticmethod(lambda given, wanted: True)})  # type: ignore[misc]


SWITCHES: dict[str, tuple[Callable[[], None], str]] = {
    "dedupe": (_dedupe, "tests/catalog_db/journal/test_journal_updates.py::test_an_update_is_handled_once_however_often_it_comes"),
    "order": (_order, "tests/catalog_db/journal/test_journal_updates.py::test_while_a_conversation_is_claimed_its_next_update_waits_and_others_do_not"),
    "encryption": (_encryption, "tests/catalog_db/journal/test_journal_outgoing.py::test_nothing_personal_lies_in_the_database_in_clear"),
    "mark": (_mark, "tests/catalog_db/journal/test_journal_outgoing.py::test_after_a_crash_critical_ones_are_repeated_once_and_others_recorded"),
    "fence": (_fence, "tests/catalog_db/journal/test_journal_updates.py::test_what_another_instance_took_over_is_not_written_twice"),
    "standing": (_standing, "tests/catalog_db/journal/test_journal_outgoing.py::test_nothing_waits_for_who_blocked_us_until_they_write"),
    "budgets": (_budgets, "tests/bot/telegram/test_budgets.py::test_a_group_gets_twenty_a_minute"),
    "secret": (_secret, "tests/bot/telegram/test_webhook.py::test_a_missing_secret_is_refused"),
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--switch-off", choices=list(SWITCHES))


def pytest_configure(config: pytest.Config) -> None:
    SWITCHES[config.getoption("--switch-off")][0]()
