"""Read the settings: flags win over environment variables, these over `lvxuan.toml`, that over the defaults.

`lvxuan.toml` is looked for in the current folder, then in LVXUAN_HOME. A key stands there by its full name or without the
prefix in small letters (`database_url = "…"`), those of Telegram also in a table (`[telegram]`, `token = "…"`).
The only module that reads `os.environ`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from catalog_db.journal.point_rules import Rules

PREFIX = "LVXUAN_"
FILE_NAME = "lvxuan.toml"

_URL = re.compile(r"^https?://[^\s/]+(/\S*)?$")
_DATABASE_URL = re.compile(r"^(sqlite(\+\w+)?://(/\S.*)?|postgresql(\+\w+)?://\S+)$")
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]+):[^@\s]+@")
_LISTEN = re.compile(r"^(\[[0-9a-fA-F:]+\]|[^\s:]+):(\d{1,5})$")
_TELEGRAM_TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]{3,}$")
_WEBHOOK_SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")


class SettingsError(Exception):
    """A setting is wrong or missing. Names key and value; a secret value is never shown."""


class Secret:
    """A value that prints as stars: `reveal()` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator set. A field is the setting LVXUAN_<FIELD>."""

    home: Path
    database_url: str
    telegram_token: Secret | None
    telegram_api_url: str
    telegram_mode: str  # polling or webhook
    telegram_webhook_url: str | None
    telegram_webhook_listen: Address
    telegram_webhook_secret: Secret | None
    staff_chat_id: int | None
    staff_chat_ids: tuple[int, ...]  # further staff groups: each takes 20 messages a minute
    staff_hours: tuple[time, time]  # when somebody is there
    staff_minutes: int  # to the first answer
    staff_keep_days: int  # texts of tickets
    quiet_hours: tuple[time, time]  # when nobody gets a message that was not asked for just now
    operators: tuple[int, ...]  # Telegram's numbers of those who may send a catalogue in the chat
    key_file: Path | None
    water_price: Decimal  # CNY for 1 m³
    power_price: Decimal  # CNY for 1 kWh
    points: Rules  # of the ambassadors' points
    brief_hour: int  # when ambassadors are told what happened, Asia/Shanghai

    def __repr__(self) -> str:
        """Show the settings without passwords."""
        shown = (f"{f.name}={masked(str(getattr(self, f.name)))}" for f in fields(self))
        return f"Settings({', '.join(shown)})"

    def require_telegram(self) -> Secret:
        """Return the bot's token, or raise SettingsError naming what the Telegram channel still needs."""
        if self.telegram_token is None:
            raise SettingsError("LVXUAN_TELEGRAM_TOKEN is missing: the Telegram channel needs the token of its bot")
        if self.telegram_mode == "webhook":
            for name in ("telegram_webhook_url", "telegram_webhook_secret"):
                if getattr(self, name) is None:
                    raise SettingsError(f"{PREFIX}{name.upper()} is missing: LVXUAN_TELEGRAM_MODE is 'webhook'")
        return self.telegram_token


def masked(text: str) -> str:
    """Hide the password of a URL: postgresql://me:***@host/db."""
    return _PASSWORD.sub(r"\1:***@", text)


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not pattern.match(value):
            raise ValueError(what)
        return value

    return read


def _secret(pattern: re.Pattern[str], what: str) -> Callable[[str], Secret]:
    return lambda value: Secret(_matching(pattern, what)(value))


def _mode(value: str) -> str:
    if value not in ("polling", "webhook"):
        raise ValueError("not polling or webhook")
    return value


def _listen(value: str) -> Address:
    match = _LISTEN.match(value)
    if not match or not 0 < int(match[2]) < 65536:
        raise ValueError("not HOST:PORT")
    return Address(match[1].strip("[]"), int(match[2]))


def _whole(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError("not a whole number") from None


def _wholes(value: str) -> tuple[int, ...]:
    return tuple(_whole(part.strip()) for part in value.split(",") if part.strip())


def _positive(value: str) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError("not a whole number above 0")
    return number


def _hours(value: str) -> tuple[time, time]:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})", value)
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError("not hours like 8:30-20:00") from None


def _price(value: str) -> Decimal:
    try:
        price = Decimal(value)
    except InvalidOperation:
        raise ValueError("not a price in CNY") from None
    if not price.is_finite() or price < 0:
        raise ValueError("not a price in CNY")
    return price


def _points(value: str) -> Rules:
    """Read question=1,list=2: what is not named stays as it is by default."""
    known = {spec.name for spec in fields(Rules)}
    told: dict[str, int] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        name, _, number = pair.partition("=")
        if name.strip() not in known or not number.strip().isdigit():
            raise ValueError(f"not NAME=NUMBER with a name of {', '.join(sorted(known))}")
        told[name.strip()] = int(number)
    return Rules(**told)


def _hour(value: str) -> int:
    hour = _whole(value)
    if not 0 <= hour <= 23:
        raise ValueError("not an hour from 0 to 23")
    return hour


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


_READERS: Mapping[str, Callable[[str], Any]] = {
    "home": _path,
    "database_url": _matching(_DATABASE_URL, "not a database URL (sqlite:///file.db or postgresql://…)"),
    "telegram_token": _secret(_TELEGRAM_TOKEN, "not a bot token (digits:letters)"),
    "telegram_api_url": _matching(_URL, "not a URL"),
    "telegram_mode": _mode,
    "telegram_webhook_url": _matching(_URL, "not a URL"),
    "telegram_webhook_listen": _listen,
    "telegram_webhook_secret": _secret(_WEBHOOK_SECRET, "not 1-256 of A-Z a-z 0-9 _ -"),
    "staff_chat_id": _whole,
    "staff_chat_ids": _wholes,
    "staff_hours": _hours,
    "staff_minutes": _positive,
    "staff_keep_days": _positive,
    "quiet_hours": _hours,
    "operators": _wholes,
    "key_file": _path,
    "water_price": _price,
    "power_price": _price,
    "points": _points,
    "brief_hour": _hour,
}
_SECRET = frozenset({"telegram_token", "telegram_webhook_secret"})
_DEFAULTS = {
    "telegram_api_url": "https://api.telegram.org",
    "telegram_mode": "polling",
    "telegram_webhook_listen": "127.0.0.1:8443",
    "staff_chat_ids": "",
    "operators": "",
    "staff_hours": "8:30-20:00",
    "staff_minutes": "10",
    "staff_keep_days": "180",
    "quiet_hours": "21:00-8:00",
    "water_price": "4.00",
    "power_price": "0.56",
    "points": ",",
    "brief_hour": "8",
}


def load_settings(
    flags: Mapping[str, str | None] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Read all settings.

    `flags` are by field name ("database_url"); None and empty values count as not given. `environ` and `folder` (the
    current one) are for tests. Raises SettingsError.
    """
    environ = os.environ if environ is None else environ
    said = {name: value for name, value in (flags or {}).items() if value}
    said = _environment(environ) | said
    said = _file((folder or Path.cwd()) / FILE_NAME) | said
    home = _read("home", said.get("home") or str(data_folder(environ, sys.platform)))
    said = _file(home / FILE_NAME) | said
    said.setdefault("database_url", f"sqlite:///{home.as_posix()}/lvxuan.db")
    values = {name: _read(name, said.get(name) or _DEFAULTS.get(name)) for name in _READERS if name != "home"}
    return Settings(home=home, **values)


def data_folder(environ: Mapping[str, str], platform: str) -> Path:
    """Return the user's own data folder for this program, by the custom of the platform."""
    user = Path(environ.get("HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or user / "AppData" / "Local") / "lvxuan"
    if platform == "darwin":
        return user / "Library" / "Application Support" / "lvxuan"
    return Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share") / "lvxuan"


def _read(name: str, value: str | None) -> Any:
    if value is None:
        return None
    try:
        return _READERS[name](value.strip())
    except ValueError as error:
        shown = "***" if name in _SECRET else masked(value)
        raise SettingsError(f"{PREFIX}{name.upper()} has value {shown!r}: {error}") from None


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in _READERS if (value := environ.get(PREFIX + name.upper()))}


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    said = {_field(key): value for key, value in _flat(table).items()}
    for name, value in said.items():
        if name not in _READERS:
            raise SettingsError(f"{path}: there is no setting {name!r}")
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise SettingsError(f"{path}: {name!r} is neither a text nor a number")
    return {name: str(value) for name, value in said.items() if value != ""}


def _field(key: str) -> str:
    return key.lower().removeprefix(PREFIX.lower())


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Join the names of tables and keys: [telegram] token → telegram_token."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{name}": inner for name, inner in _flat(value).items()}
        else:
            flat[key] = value
    return flat
