"""A pytest plugin that switches off one protection of the private chat: -p tests.bot.telegram.private_switches --careless buttons."""

from __future__ import annotations

import hmac
import html
from collections.abc import Callable

import pytest

from bot.channels.telegram import commands, deep_links, payloads, presses, private, rich

CARELESS = type(
    "Careless", (), {"compare_digest": staticmethod(lambda one, other: True), "digest": staticmethod(hmac.digest)}
)


def _buttons() -> None:
    payloads.hmac = CARELESS  # type: ignore[misc, assignment]


def _links() -> None:
    deep_links.hmac = CARELESS  # type: ignore[misc, assignment]


def _owner() -> None:
    sign = payloads._sign
    payloads._sign = lambda key, owner, signed: sign(key, payloads.Owner(1, 1, 1), signed)


def _double_tap() -> None:
    presses.TWICE_SECONDS = -1.0


def _escape() -> None:
    rich.html = type("Careless", (), {"escape": staticmethod(lambda text, quote=True: html.unescape(text))})  # type: ignore[misc, assignment]


def _budget() -> None:
    private.spend = lambda talk: True


def _deletion() -> None:
    talk_forget = commands.forget

    def forget(talk: object) -> str:
        said = talk_forget(talk)  # type: ignore[arg-type]
        talk.forget = False  # type: ignore[attr-defined]
        return said

    commands._TABLE["forget"] = forget


_HERE = "tests/bot/telegram/"
SWITCHES: dict[str, tuple[Callable[[], None], str]] = {
    "buttons": (_buttons, _HERE + "test_payload.py::test_tampered_buttons_do_nothing_and_are_answered"),
    "owner": (_owner, _HERE + "test_payload.py::test_a_button_works_only_for_whom_it_was_made"),
    "links": (_links, _HERE + "test_deep_links.py::test_forged_links_open_nothing"),
    "double tap": (_double_tap, _HERE + "test_private.py::test_a_double_tap_has_one_effect"),
    "escape": (_escape, _HERE + "test_render.py::test_two_thousand_nasty_texts_in_every_template"),
    "budget": (_budget, _HERE + "test_private.py::test_whoever_asks_too_fast_hears_it_once_and_is_answered_later"),
    "deletion": (_deletion, _HERE + "test_commands.py::test_forget_leaves_nothing"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--careless", choices=list(SWITCHES))


def pytest_configure(config: pytest.Config) -> None:
    SWITCHES[config.getoption("--careless")][0]()
