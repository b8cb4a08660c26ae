"""What one process needs to run the channel, as the settings have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from bot.bootstrap import ZONE
from bot.channels.telegram.fetching import READERS, Reader
from bot.channels.telegram.ingest import POLL_SECONDS
from bot.channels.telegram.workers import THREADS
from bot.settings import Address, Secret, Settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one process needs to run the channel."""

    token: Secret
    database_url: str
    key_file: Path
    api_url: str = "https://api.telegram.org"
    mode: str = "polling"
    webhook_url: str = ""
    webhook_secret: Secret | None = None
    listen: Address | None = None  # of webhook, health and metrics; None: listen to nothing
    staff_chat_id: int | None = None
    more_staff: tuple[int, ...] = ()
    zone: tzinfo = ZONE
    threads: int = THREADS
    poll_seconds: float = POLL_SECONDS
    budgets_lifted: bool = False  # for benchmarks against a server without limits
    readers: Mapping[str, Reader] = field(default_factory=lambda: READERS)  # of files that people send, by name


def configuration(settings: Settings) -> Configuration:
    """Read the configuration from the settings. Raises SettingsError when something is missing."""
    return Configuration(
        token=settings.require_telegram(),
        database_url=settings.database_url,
        key_file=key_path(settings),
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        webhook_url=settings.telegram_webhook_url or "",
        webhook_secret=settings.telegram_webhook_secret,
        listen=settings.telegram_webhook_listen,
        staff_chat_id=settings.staff_chat_id,
        more_staff=settings.staff_chat_ids,
    )


def key_path(settings: Settings) -> Path:
    """Tell where the key file lies."""
    return settings.key_file or settings.home / "lvxuan.key"
