"""Methods that put messages into chats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.botapi_server.access import writable_chat, writable_topic
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.files import media_body, take_file
from bot.botapi_server.methods.rich import rich_content
from bot.botapi_server.outgoing import (
    caption_content,
    deliver,
    options_content,
    place_of,
    send,
    source_message,
    text_content,
    wait,
)
from bot.botapi_server.state import GENERAL_TOPIC, Json, Message

# What a copy takes over from its source: content, never the author.
_CONTENT = (
    "text", "entities", "link_preview_options", "photo", "document", "video", "voice", "audio", "animation", "sticker",
    "video_note", "caption", "caption_entities", "show_caption_above_media", "has_media_spoiler", "location", "contact",
    "venue", "dice", "poll", "rich_message",
)  # fmt: skip
_ALBUM = {"photo": "photo", "video": "video", "document": "document", "audio": "audio"}


def send_message(call: Call) -> Json:
    """Send a text."""
    return send(call, text_content(call, call.parameters))


def send_rich_message(call: Call) -> Json:
    """Send blocks: paragraphs, lists, tables."""
    return send(call, rich_content(call, call.parameters))


def send_media(kind: str) -> Any:
    """Build the method that sends a file of one kind."""

    def method(call: Call) -> Json:
        place_of(call)
        stored = take_file(call, call.get(kind), kind)
        content: Json = {kind: media_body(kind, stored, call.parameters)}
        if kind == "animation":
            content["document"] = {key: content[kind][key] for key in content[kind] if key.startswith("file")}
        if kind not in {"sticker", "video_note"}:
            content |= caption_content(call, call.parameters)
        return send(call, content)

    return method


def send_media_group(call: Call) -> list[Json]:
    """Send an album of 2 to 10 files."""
    chat, topic_id, reply = place_of(call)
    items: list[Json] = call.get("media")
    kinds = {item["type"] for item in items}
    if len(kinds & {"document", "audio"}) and len(kinds) > 1:
        raise bad_request(
            "MEDIA_GROUPED_INVALID" if not kinds <= set(_ALBUM) else "document can't be mixed with other media types"
        )
    contents = [_album_item(call, item) for item in items]
    wait(call.account, chat, len(items))
    group: Json = {"media_group_id": str(call.account.hub.rng.getrandbits(63))} | options_content(call, reply)
    return [deliver(call.account, chat, content | group, topic_id, None).body for content in contents]


def _album_item(call: Call, item: Json) -> Json:
    kind = _ALBUM.get(item["type"])
    if kind is None:
        raise bad_request("can't use the media of the specified type in the album")
    stored = take_file(call, item["media"], kind)
    return {kind: media_body(kind, stored, item)} | caption_content(call, item)


def send_location(call: Call) -> Json:
    """Send a point on the map."""
    return send(call, {"location": _location(call.parameters)})


def _location(source: Json) -> Json:
    latitude, longitude = source["latitude"], source["longitude"]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong latitude or longitude specified")
    body: Json = {"latitude": latitude, "longitude": longitude}
    keys = ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    return body | {key: source[key] for key in keys if source.get(key)}


def send_venue(call: Call) -> Json:
    """Send a place with a name and an address."""
    keys = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    venue = {"location": _location(call.parameters)} | {k: call.get(k) for k in keys if call.get(k)}
    return send(call, {"venue": venue, "location": venue["location"]})


def send_contact(call: Call) -> Json:
    """Send a phone contact."""
    keys = ("phone_number", "first_name", "last_name", "vcard")
    return send(call, {"contact": {key: call.get(key) for key in keys if call.get(key)}})


def send_dice(call: Call) -> Json:
    """Throw a die."""
    emoji = call.get("emoji", "🎲")
    return send(call, {"dice": {"emoji": emoji, "value": call.account.hub.rng.randint(1, 6)}})


def forward_message(call: Call) -> Json:
    """Forward a message with its author's name."""
    source = source_message(call, call.get("message_id"), "message to forward not found")
    return _forward(call, source)


def _forward(call: Call, source: Message, group: str | None = None, *, counted: bool = False) -> Json:
    if not any(key in source.body for key in _CONTENT) or source.body.get("has_protected_content"):
        raise bad_request("the message can't be forwarded")
    content = {key: source.body[key] for key in _CONTENT if key in source.body}
    content["forward_origin"] = origin_of(source)
    if group:
        content["media_group_id"] = group
    return send(call, content, counted=counted)


def origin_of(source: Message) -> Json:
    """Tell where a forwarded message comes from."""
    date = source.body["date"]
    if "forward_origin" in source.body:
        origin: Json = source.body["forward_origin"]
        return origin
    if source.body["chat"]["type"] == "channel":
        return {"type": "channel", "date": date, "chat": source.body["chat"], "message_id": source.message_id}
    if "sender_chat" in source.body:
        return {"type": "chat", "date": date, "sender_chat": source.body["sender_chat"]}
    return {"type": "user", "date": date, "sender_user": source.body["from"]}


def copy_message(call: Call) -> Json:
    """Send the content of a message without its author."""
    source = source_message(call, call.get("message_id"), "message to copy not found")
    return {"message_id": _copy(call, source)}


def _copy(call: Call, source: Message, group: str | None = None, *, counted: bool = False) -> int:
    if not any(key in source.body for key in _CONTENT):
        raise bad_request("the message can't be copied")
    content = {key: source.body[key] for key in _CONTENT if key in source.body}
    if call.get("caption") is not None:
        content = {key: value for key, value in content.items() if "caption" not in key}
        content |= caption_content(call, call.parameters)
    if group:
        content["media_group_id"] = group
    return int(send(call, content, counted=counted)["message_id"])


def copy_messages(call: Call) -> list[Json]:
    """Copy several messages; those that cannot be copied are left out."""
    return [{"message_id": _copy(call, source, group, counted=True)} for source, group in _sources(call)]


def forward_messages(call: Call) -> list[Json]:
    """Forward several messages; those that cannot be forwarded are left out."""
    return [
        {"message_id": _forward(call, source, group, counted=True)["message_id"]} for source, group in _sources(call)
    ]


def _sources(call: Call) -> list[tuple[Message, str | None]]:
    """Find the sources that exist, give albums a new album id, and count all of them at once."""
    chat = writable_chat(call.account, call.get("from_chat_id"))
    found = [chat.message(message_id) for message_id in call.get("message_ids")]
    usable = [m for m in found if m is not None and any(key in m.body for key in _CONTENT)]
    if not usable:
        raise bad_request(
            "there are no messages to copy" if call.method == "copyMessages" else "there are no messages to forward"
        )
    wait(call.account, place_of(call)[0], len(usable))
    albums = {
        m.body["media_group_id"]: str(call.account.hub.rng.getrandbits(63))
        for m in usable
        if "media_group_id" in m.body
    }
    return [(m, albums.get(m.body.get("media_group_id", ""))) for m in usable]


def send_message_draft(call: Call) -> bool:
    """Show a text in the making; private chats only, lost when a message follows."""
    text = call.get("text", "")
    return _draft(call, lambda: text_content(call, call.parameters) if text else {"text": ""})


def send_rich_message_draft(call: Call) -> bool:
    """Show blocks in the making, as `send_message_draft` does."""
    return _draft(call, lambda: rich_content(call, call.parameters, draft=True))


def _draft(call: Call, content: Callable[[], Json]) -> bool:
    chat = writable_chat(call.account, call.get("chat_id"))
    if not chat.is_private:
        raise bad_request("method is available only for private chats")
    writable_topic(call, chat)
    chat.drafts[call.get("draft_id")] = content() | {"at": call.account.hub.clock.now()}
    call.account.touch()
    return True


def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy."""
    chat = writable_chat(call.account, call.get("chat_id"))
    if call.get("action") not in _ACTIONS:
        call.violate("action", "is unknown")
        raise bad_request("wrong parameter action in request")
    # The General topic may be named here (Client.cpp:13461).
    topic_id = None if call.get("message_thread_id") == GENERAL_TOPIC else writable_topic(call, chat)
    chat.actions.append((call.get("action"), topic_id, call.account.hub.clock.now()))
    call.account.touch()
    return True


_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
