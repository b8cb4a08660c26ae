"""The control door under /_control/: play people, make faults, look at findings, from any program on this machine.

Every POST takes and gives JSON (`{"error": …}` with status 400 when something is wrong). Only loopback is listened to;
a foreign Host header and a body that is no JSON are refused, so that no web page elsewhere can reach in.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.botapi_server import incoming, view
from bot.botapi_server.driving import Conversation
from bot.botapi_server.methods.updates import is_loopback
from bot.botapi_server.state import Callback, Chat, Json, Message, User

if TYPE_CHECKING:
    from bot.botapi_server.server import BotApiServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_WAIT_SECONDS = 25.0
_FILES = {"photo", "document", "video", "voice", "audio", "animation", "sticker", "video_note"}


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a browser sends here under a foreign name (DNS rebinding)."""
    if not is_loopback(request.url.host):
        raise web.HTTPForbidden
    return await handler(request)


class ControlDoor:
    """The handlers of one server."""

    def __init__(self, server: BotApiServer) -> None:
        self._server = server
        self._posts: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "user": self._user, "private": self._private, "group": self._group, "say": self._say,
            "press": self._press, "inline": self._inline, "choose": self._choose, "react": self._react,
            "topic": self._topic, "stand": self._stand, "fault": self._fault, "flood": self._flood,
            "clock": self._clock, "latency": self._latency, "inject": self._inject,
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        """List the routes of the door."""
        return [
            web.get("/_control/world", self._world),
            web.get("/_control/calls", self._calls),
            web.get("/_control/findings", self._findings),
            web.get("/_control/file/{file_id}", self._file),
            web.delete("/_control/fault", self._heal),
            web.post("/_control/{verb}", self._post),
        ]

    # ---- looking

    async def _world(self, request: web.Request) -> web.Response:
        """Give everything; with ?since=N, wait until something has changed after N."""
        account = self._server.bot
        since = int(request.query.get("since", -1))
        deadline = asyncio.get_running_loop().time() + _WAIT_SECONDS
        while account.changes <= since and (left := deadline - asyncio.get_running_loop().time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(account.changed.wait(), left)
        return web.json_response(view.world(account))

    async def _calls(self, request: web.Request) -> web.Response:
        most = int(request.query.get("most", 200))
        return web.json_response(view.calls(self._server.bot, request.query.get("method"), most))

    async def _findings(self, _: web.Request) -> web.Response:
        """Give what a test asserts on."""
        hub = self._server.hub
        counts = [{"method": m, "status": s, "count": n} for (m, s), n in sorted(hub.counts.items())]
        return web.json_response({
            "violations": [str(violation) for violation in hub.violations],
            "not_simulated": hub.not_simulated,
            "crashes": hub.crashes,
            "counts": counts,
            "faults": dict(hub.faults.applied),
            "delivered": {str(chat): count for chat, count in self._server.bot.delivered.items()},
            "pending": len(self._server.bot.queue.waiting),
            "dropped": self._server.bot.queue.dropped,
        })  # fmt: skip

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._server.bot.files.get(request.match_info["file_id"])
        if stored is None or stored.content is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return web.Response(body=stored.content, content_type="image/jpeg", headers=headers)

    async def _heal(self, _: web.Request) -> web.Response:
        self._server.clear_faults()
        return web.json_response({})

    async def _post(self, request: web.Request) -> web.Response:
        """Find the verb, run it, and word what went wrong."""
        if request.content_type != "application/json":
            raise web.HTTPForbidden
        verb = self._posts.get(request.match_info["verb"])
        if verb is None:
            raise web.HTTPNotFound
        try:
            body = json.loads(await request.read())
            return web.json_response(await verb(body))
        except (KeyError, LookupError, ValueError, TypeError, PermissionError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    # ---- people

    def _find_user(self, body: Json) -> User:
        return self._server.hub.users[body["user_id"]]

    def _find_chat(self, body: Json) -> Chat:
        return self._server.bot.chats[body["chat_id"]]

    def _talk(self, body: Json) -> Conversation:
        chat, user = self._find_chat(body), self._find_user(body)
        if not chat.is_private and not (chat.members.get(user.user_id) and chat.members[user.user_id].present):
            raise PermissionError(f"{user.first_name} is no member of {chat.title}")
        return Conversation(self._server.bot, chat, user, topic_id=body.get("topic_id"))

    def _find_message(self, body: Json, key: str = "message_id") -> Message | None:
        number = body.get(key)
        return self._find_chat(body).message(number) if number is not None else None

    async def _user(self, body: Json) -> Json:
        user = self._server.user(body["name"], language=body.get("language", "zh-hans"), username=body.get("username"))
        return user.body()

    async def _private(self, body: Json) -> Json:
        chat = self._server.private(self._find_user(body), started=bool(body.get("started", True)))
        return chat.chat.body()

    async def _group(self, body: Json) -> Json:
        members = [self._server.hub.users[number] for number in body.get("members", [])]
        group = self._server.group(
            body["title"], members, kind=body.get("kind", "supergroup"), forum=bool(body.get("forum")),
            bot_rights=body.get("bot_rights"),
        )  # fmt: skip
        return group.chat.body()

    async def _say(self, body: Json) -> Json:
        """Type `text`, share `location` or `contact`, send a file (`photo`: base64 …), or `edit` a message."""
        talk = self._talk(body)
        if body.get("edit") is not None:
            message = self._find_message(body, "edit")
            if message is None:
                raise LookupError(f"no message {body['edit']}")
            return (await talk.edit(message, body["text"])).body
        kind = next((name for name in body if name in _FILES), None)
        if kind:
            content = base64.b64decode(body[kind])
            name = body.get("filename", f"{kind}.jpg")
            return (await talk.send_file(kind, content, filename=name, caption=body.get("caption", ""))).body
        if "location" in body:
            return (await talk.send_location(body["location"]["latitude"], body["location"]["longitude"])).body
        if "contact" in body:
            return (await talk.send_contact(body["contact"])).body
        return (await talk.send_text(body["text"], reply_to=self._find_message(body, "reply_to"))).body

    async def _press(self, body: Json) -> Json:
        """Press an inline button by `data` or `label`, and wait a little for the answer."""
        message = self._find_chat(body).messages[body["message_id"]]
        talk = self._talk(body)
        if "label" in body:
            pressed = await talk.press(message, body["label"])
        else:
            pressed = await talk.press_data(message, body["data"])
        return {"answer": await self._answer(talk, pressed, float(body.get("wait", 10)))}

    async def _answer(self, talk: Conversation, pressed: Callback, seconds: float) -> Json | None:
        with suppress(TimeoutError):
            return await talk.wait_for_answer(pressed, within=seconds)
        return None

    async def _inline(self, body: Json) -> Json:
        session = self._server.inline(self._find_user(body))
        asked = await session.query(body["text"], chat_type=body.get("chat_type", "sender"))
        with suppress(TimeoutError):
            return {"query_id": asked.query_id, "results": await session.wait_for_results(asked, within=8)}
        return {"query_id": asked.query_id, "results": []}

    async def _choose(self, body: Json) -> Json:
        asked = self._server.bot.inline_asks[body["query_id"]]
        result = next(r for r in (asked.answer or {})["results"] if r["id"] == body["result_id"])
        return (await self._server.inline(asked.user).choose(asked, result, self._find_chat(body))).body

    async def _react(self, body: Json) -> Json:
        message = self._find_message(body)
        if message is None:
            raise LookupError(f"no message {body['message_id']}")
        await self._talk(body).react(message, *body["emoji"])
        return {}

    async def _topic(self, body: Json) -> Json:
        """Open a topic by `name`, or with `delete` drop the one of that id."""
        chat = self._find_chat(body)
        if "delete" in body:
            incoming.drop_topic(self._server.bot, chat, chat.topics[body["delete"]])
            return {}
        created = {"name": body["name"], "icon_color": 7_322_096}
        return incoming.open_topic(self._server.bot, chat, self._find_user(body), created).body

    async def _stand(self, body: Json) -> Json:
        """Let a person `block`, `unblock` the bot or `vanish`."""
        talk = Conversation(self._server.bot, self._find_chat(body), self._find_user(body))
        actions: dict[str, Callable[[], Any]] = {
            "block": talk.block, "unblock": talk.unblock, "vanish": talk.delete_account,
        }  # fmt: skip
        done = actions[body["what"]]()
        if done is not None:
            await done
        return {}

    # ---- weather

    async def _fault(self, body: Json) -> Json:
        options = {key: value for key, value in body.items() if key not in {"kind", "methods"}}
        self._server.fault(body["kind"], *body.get("methods", []), **options)
        return {"rules": len(self._server.hub.faults.rules)}

    async def _flood(self, body: Json) -> Json:
        model = self._server.bot.flood
        model.on = bool(body.get("on", True))
        for name in ("per_chat_second", "chat_burst", "per_group_minute", "per_second"):
            if name in body:
                setattr(model, name, body[name])
        return {"on": model.on, "refused": model.refused}

    async def _clock(self, body: Json) -> Json:
        self._server.hub.clock.skew = float(body["skew"])
        return {"now": self._server.hub.clock.now()}

    async def _latency(self, body: Json) -> Json:
        self._server.hub.latency = float(body["seconds"])
        return {}

    async def _inject(self, body: Json) -> Json:
        """Queue any JSON value as an update."""
        return {"update_id": self._server.bot.queue.inject(body["update"])}
