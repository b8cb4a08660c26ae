"""The bot itself: getMe, its files, commands, names, descriptions and menu button."""

from __future__ import annotations

from typing import Any

from bot.botapi_server.access import find_chat
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.files import MOST_DOWNLOAD_BYTES, file_body
from bot.botapi_server.state import Json


def get_me(call: Call) -> Json:
    """Tell who the bot is."""
    return call.account.me_body()


def log_out(call: Call) -> bool:
    """Leave the cloud server; nothing changes here."""
    call.account.touch()
    return True


def get_file(call: Call) -> Json:
    """Prepare a file for download."""
    stored = call.account.files.get(call.get("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.content is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MOST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return file_body(stored)


def scope_key(call: Call) -> tuple[str, str]:
    """Name a scope and language of commands; the scope's chat must be known."""
    scope: Json = call.get("scope") or {"type": "default"}
    parts = [scope["type"]]
    if "chat_id" in scope:
        parts.append(str(find_chat(call.account, scope["chat_id"]).chat_id))
    if "user_id" in scope:
        parts.append(str(scope["user_id"]))
    return ":".join(parts), call.get("language_code", "")


def set_my_commands(call: Call) -> bool:
    """Set the commands of a scope and language."""
    commands: list[Json] = call.get("commands")
    if len({command["command"] for command in commands}) < len(commands):
        raise bad_request("BOT_COMMAND_DUPLICATE")
    call.account.commands[scope_key(call)] = commands
    return True


def delete_my_commands(call: Call) -> bool:
    """Forget the commands of a scope and language."""
    call.account.commands.pop(scope_key(call), None)
    return True


def get_my_commands(call: Call) -> list[Json]:
    """List the commands of exactly this scope and language."""
    return call.account.commands.get(scope_key(call), [])


def set_text(setting: str) -> Any:
    """Build setMyName, setMyDescription or setMyShortDescription."""

    def method(call: Call) -> bool:
        call.account.texts[(setting, call.get("language_code", ""))] = call.get(setting, "")
        return True

    return method


def get_text(setting: str) -> Any:
    """Build getMyName, getMyDescription or getMyShortDescription; the default language stands in."""

    def method(call: Call) -> Json:
        texts = call.account.texts
        default = texts.get((setting, ""), call.account.me.first_name if setting == "name" else "")
        return {setting: texts.get((setting, call.get("language_code", "")), default)}

    return method


def set_chat_menu_button(call: Call) -> bool:
    """Set the button beside the input field, for one private chat or for all."""
    chat_id = call.get("chat_id")
    if chat_id is not None and not find_chat(call.account, chat_id).is_private:
        raise bad_request("method is available only for private chats")
    button: Json = call.get("menu_button") or {"type": "default"}
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.account.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    """Tell the menu button of a chat."""
    buttons = call.account.menu_buttons
    return buttons.get(call.get("chat_id")) or buttons.get(None) or {"type": "commands"}


def set_default_rights(call: Call) -> bool:
    """Set the rights the bot asks for when it is made an administrator."""
    call.account.default_rights[bool(call.get("for_channels"))] = call.get("rights") or {}
    return True


def get_default_rights(call: Call) -> Json:
    """Tell the rights the bot asks for."""
    return call.account.default_rights.get(bool(call.get("for_channels")), {})


def get_user_profile_photos(call: Call) -> Json:
    """Nobody has a picture here."""
    if call.get("user_id") not in call.account.hub.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
