"""Settings: who wins over whom, and errors that name key and value."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import Address, Secret, SettingsError, data_folder, load_settings


def load(tmp_path, flags=None, **environ):
    return load_settings(flags, {"HOME": str(tmp_path / "user"), **environ}, tmp_path)


def test_the_defaults(tmp_path):
    settings = load(tmp_path)
    home = tmp_path / "user" / ".local" / "share" / "lvxuan"
    assert settings.home == home
    assert settings.database_url == f"sqlite:///{home}/lvxuan.db"
    assert settings.telegram_mode == "polling"
    assert settings.telegram_webhook_listen == Address("127.0.0.1", 8443)
    assert (settings.water_price, settings.power_price) == (Decimal("4.00"), Decimal("0.56"))
    assert settings.telegram_token is settings.staff_chat_id is settings.key_file is None


def test_flag_wins_over_environment_over_current_folder_over_home(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "lvxuan.toml").write_text('staff_chat_id = -1\nkey_file = "/home.key"\nwater_price = 1.5\npower_price = 1')
    (tmp_path / "lvxuan.toml").write_text('staff_chat_id = -2\nkey_file = "/here.key"\nLVXUAN_WATER_PRICE = 2')
    environ = {"LVXUAN_HOME": str(home), "LVXUAN_STAFF_CHAT_ID": "-3", "LVXUAN_KEY_FILE": "/env.key"}
    settings = load(tmp_path, {"staff_chat_id": "-4", "database_url": None}, **environ)
    assert settings.staff_chat_id == -4
    assert settings.key_file == Path("/env.key")
    assert settings.water_price == 2
    assert settings.power_price == 1
    assert settings.database_url == f"sqlite:///{home}/lvxuan.db"


def test_telegram_has_a_table_of_its_own(tmp_path):
    (tmp_path / "lvxuan.toml").write_text('[telegram]\ntoken = "12:abcdef"\nwebhook_listen = "[::1]:80"')
    settings = load(tmp_path)
    assert settings.require_telegram().reveal() == "12:abcdef"
    assert settings.telegram_webhook_listen == Address("::1", 80)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DATABASE_URL", "mysql://host/db", "not a database URL"),
        ("TELEGRAM_API_URL", "Y", "not a URL"),
        ("TELEGRAM_MODE", "push", "not polling or webhook"),
        ("TELEGRAM_WEBHOOK_LISTEN", "8443", "not HOST:PORT"),
        ("TELEGRAM_WEBHOOK_LISTEN", "localhost:99999", "not HOST:PORT"),
        ("STAFF_CHAT_ID", "abc", "not a whole number"),
        ("WATER_PRICE", "nan", "not a price"),
        ("POWER_PRICE", "-1", "not a price"),
    ],
)
def test_an_error_names_key_value_and_reason(tmp_path, name, value, why):
    with pytest.raises(SettingsError) as error:
        load(tmp_path, **{f"LVXUAN_{name}": value})
    assert f"LVXUAN_{name} has value '{value}': {why}" in str(error.value)


def test_no_secret_is_ever_printed(tmp_path):
    environ = {
        "LVXUAN_TELEGRAM_TOKEN": "12:geheim",
        "LVXUAN_TELEGRAM_WEBHOOK_SECRET": "geheim",
        "LVXUAN_DATABASE_URL": "postgresql://me:geheim@host/db",
    }
    settings = load(tmp_path, **environ)
    shown = f"{settings!r} {settings} {settings.telegram_token!r} {settings.telegram_token}"
    assert "geheim" not in shown
    for wrong in ({"LVXUAN_TELEGRAM_TOKEN": "geheim"}, {"LVXUAN_DATABASE_URL": "mysql://me:geheim@host/db"}):
        with pytest.raises(SettingsError) as error:
            load(tmp_path, **wrong)
        assert "geheim" not in str(error.value)
    assert Secret("a") == Secret("a") != Secret("b")


def test_what_telegram_still_needs_is_named(tmp_path):
    with pytest.raises(SettingsError, match="LVXUAN_TELEGRAM_TOKEN"):
        load(tmp_path).require_telegram()
    environ = {"LVXUAN_TELEGRAM_TOKEN": "12:abcdef", "LVXUAN_TELEGRAM_MODE": "webhook"}
    with pytest.raises(SettingsError, match="LVXUAN_TELEGRAM_WEBHOOK_URL"):
        load(tmp_path, **environ).require_telegram()


@pytest.mark.parametrize(
    ("toml", "culprit"),
    [("home = ", "lvxuan.toml"), ('tocken = "x"', "tocken"), ("staff_chat_id = [1]", "staff_chat_id")],
)
def test_a_wrong_file_is_named(tmp_path, toml, culprit):
    (tmp_path / "lvxuan.toml").write_text(toml)
    with pytest.raises(SettingsError, match=culprit):
        load(tmp_path)


def test_the_data_folder_follows_the_platform():
    assert data_folder({"HOME": "/u", "XDG_DATA_HOME": "/d"}, "linux") == Path("/d/lvxuan")
    assert data_folder({"HOME": "/u"}, "darwin") == Path("/u/Library/Application Support/lvxuan")
    assert data_folder({"HOME": "/u", "LOCALAPPDATA": "/l"}, "win32") == Path("/l/lvxuan")
