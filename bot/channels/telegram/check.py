"""Look at what a bot is told and allowed, and say in plain words what is misconfigured. Changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from bot.channels.telegram.commands import LANGUAGES, descriptions
from bot.channels.telegram.transport import ApiRefusal, NotSent, Unclear
from bot.languages import Wordings
from bot.settings import Settings
from bot.wording import Wording
from handlers.turn import Text, say

PORTS = (443, 80, 88, 8443)  # where Telegram sends webhooks to
_PENDING = 100  # so many updates that wait mean that nobody fetches them
_SECONDS = 10.0

Level = Literal["good", "hint", "wrong"]


class Api(Protocol):
    """The calls of the bot, `transport.BotApi`."""

    async def call(self, method: str, params: dict[str, Any], seconds: float = ...) -> Any:
        """Make a call. Raises ApiRefusal, NotSent, Unclear."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is good, could be better, or is wrong."""

    level: Level
    text: Text


async def check(api: Api, settings: Settings, wording: Wording) -> list[Finding]:
    """Look at token, webhook, privacy mode, inline mode and commands."""
    try:
        me = await api.call("getMe", {}, seconds=_SECONDS)
    except ApiRefusal as refusal:
        key = "telegram.check.token.wrong" if refusal.code in (401, 404) else "telegram.check.token.refused"
        return [Finding("wrong", say(key, code=refusal.code))]
    except (NotSent, Unclear):
        return [Finding("wrong", say("telegram.check.unreached", url=settings.telegram_api_url))]
    findings = [_identity(me)]
    try:
        findings += _webhook(await api.call("getWebhookInfo", {}, seconds=_SECONDS), settings)
        findings += [*_groups(me), _inline(me)]
        findings += [finding async for finding in _commands(api, wording)]
        findings += await _staff(api, settings)
    except (ApiRefusal, NotSent, Unclear):
        findings.append(Finding("wrong", say("telegram.check.unreached", url=settings.telegram_api_url)))
    return findings


def _identity(me: dict[str, Any]) -> Finding:
    return Finding(
        "good", say("telegram.check.token", name=str(me.get("first_name", "")), username=str(me.get("username", "")))
    )


def _webhook(info: dict[str, Any], settings: Settings) -> list[Finding]:
    registered = str(info.get("url") or "")
    findings = _wanted_webhook(registered, settings)
    pending = int(info.get("pending_update_count") or 0)
    if pending >= _PENDING:
        findings.append(Finding("hint", say("telegram.check.pending", count=pending)))
    if registered and info.get("last_error_message"):
        when = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
        findings.append(
            Finding("wrong", say("telegram.check.webhook.failing", when=when, reason=str(info["last_error_message"])))
        )
    return findings


def _wanted_webhook(registered: str, settings: Settings) -> list[Finding]:
    """Compare what Telegram was told with the settings."""
    if settings.telegram_mode == "polling":
        key = "telegram.check.polling.but_webhook" if registered else "telegram.check.polling"
        return [Finding("hint" if registered else "good", say(key, url=registered))]
    url = settings.telegram_webhook_url or ""
    if not url or settings.telegram_webhook_secret is None:
        return [Finding("wrong", say("telegram.check.webhook.incomplete"))]
    findings = [Finding("wrong", problem) for problem in _url_problems(url)]
    if registered == url:
        return [*findings, Finding("good", say("telegram.check.webhook", url=url))]
    return [
        *findings,
        Finding("hint", say("telegram.check.webhook.not_yet", url=registered or say("telegram.check.none"))),
    ]


def _url_problems(url: str) -> list[Text]:
    parts = urlsplit(url)
    problems = []
    if parts.scheme != "https":
        problems.append(say("telegram.check.webhook.https", url=url))
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if port not in PORTS:
        problems.append(say("telegram.check.webhook.port", port=port))
    return problems


def _groups(me: dict[str, Any]) -> list[Finding]:
    """Tell about privacy mode: off, Telegram sends us whatever is said in a group."""
    findings = []
    if me.get("can_read_all_group_messages"):
        findings.append(Finding("wrong", say("telegram.check.privacy.off")))
    else:
        findings.append(Finding("good", say("telegram.check.privacy")))
    if not me.get("can_join_groups", True):
        findings.append(Finding("hint", say("telegram.check.groups.off")))
    return findings


def _inline(me: dict[str, Any]) -> Finding:
    if me.get("supports_inline_queries"):
        return Finding("good", say("telegram.check.inline"))
    return Finding("hint", say("telegram.check.inline.off"))


async def _commands(api: Api, wording: Wording) -> AsyncIterator[Finding]:
    """Compare the commands that people see with ours, in each language and without one."""
    missing = []
    for language in ("", *LANGUAGES):
        wanted = descriptions(_wording(wording, language))
        if await api.call("getMyCommands", {"language_code": language}, seconds=_SECONDS) != wanted:
            missing.append(language or "*")
    if missing:
        yield Finding("hint", say("telegram.check.commands.other", languages=tuple(missing)))
    else:
        yield Finding("good", say("telegram.check.commands"))


async def _staff(api: Api, settings: Settings) -> list[Finding]:
    if settings.staff_chat_id is None:
        return []
    try:
        chat = await api.call("getChat", {"chat_id": settings.staff_chat_id}, seconds=_SECONDS)
    except ApiRefusal:
        return [Finding("wrong", say("telegram.check.staff.unknown", chat=str(settings.staff_chat_id)))]
    if not chat.get("is_forum"):
        return [Finding("hint", say("telegram.check.staff.no_topics", title=str(chat.get("title", ""))))]
    return [Finding("good", say("telegram.check.staff", title=str(chat.get("title", ""))))]


def _wording(first: Wording, language: str) -> Wording:
    """Return the words for a language code of ours; without one those of most people."""
    return Wordings(first).of(LANGUAGES[language]) if language else first


async def introduce(api: Api, wording: Wording) -> None:
    """Tell Telegram our commands, in each language and without one, where it does not know them yet.

    Raises ApiRefusal, NotSent, Unclear.
    """
    for language in ("", *LANGUAGES):
        wanted = descriptions(_wording(wording, language))
        if await api.call("getMyCommands", {"language_code": language}, seconds=_SECONDS) != wanted:
            await api.call("setMyCommands", {"commands": wanted, "language_code": language}, seconds=_SECONDS)
