"""The people and chats that the chat page begins with; their names are data (`page/scene.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.botapi_server.server import BotApiServer

SCENE_FILE = Path(__file__).with_name("page") / "scene.json"


def set_scene(server: BotApiServer) -> dict[str, int]:
    """Add a consumer, a village group and a staff forum. Return the chat ids by role."""
    scene = json.loads(SCENE_FILE.read_text("utf-8"))
    server.bot.me.first_name = scene["bot"]
    people = {
        key: server.user(person["name"], language=person["language"], username=person.get("username"))
        for key, person in scene["people"].items()
    }
    ids = {"consumer": server.private(people[scene["consumer"]], started=False).chat.chat_id}
    for role in ("group", "staff"):
        entry = scene[role]
        members = [people[key] for key in entry["members"]]
        admins = [people[key] for key in entry.get("admins", [])]
        group = server.group(
            entry["title"], members, admins=admins, forum=entry.get("forum", False), bot_rights=entry.get("bot_rights")
        )
        ids[role] = group.chat.chat_id
    return ids
