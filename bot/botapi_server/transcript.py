"""A chat as plain lines, for golden tests: who said what, with the buttons under it.

王婶: 三百以内的乳胶漆
绿选: 找到 12 款…
  [看参数] [比一比]
王婶 presses [看参数]
绿选 edits #2: …
"""

from __future__ import annotations

from bot.botapi_server.richness import rich_lines
from bot.botapi_server.state import Chat, Event, Json

_MEDIA = ("photo", "document", "video", "voice", "audio", "animation", "sticker", "video_note", "location", "contact", "venue", "dice")  # fmt: skip
_FRAME = {
    "message_id", "date", "chat", "from", "sender_chat", "message_thread_id", "is_topic_message", "edit_date",
    "reply_to_message",
}  # fmt: skip


def transcript_lines(chat: Chat, *, topic_id: int | None = None) -> list[str]:
    """List everything that happened in a chat (or one topic of it), in order."""
    lines: list[str] = []
    for event in chat.events:
        if topic_id is None or event.body.get("message_thread_id") == topic_id:
            lines += event_lines(event)
    return lines


def event_lines(event: Event) -> list[str]:
    """Write one event as lines."""
    number = event.body.get("message_id")
    if event.kind == "press":
        return [f"{event.who} presses [{event.text}]"]
    if event.kind == "answer":
        return [f"  ({event.text})"]
    who = speaker(event.body)
    if event.kind == "delete":
        return [f"{who} deleted #{number}"]
    verb = f"{who} edits #{number}" if event.kind == "edit" else who
    first, *rest = content_text(event.body).split("\n")
    return [f"{verb}: {first}", *(f"  {line}" for line in rest), *keyboard_lines(event.markup)]


def speaker(body: Json) -> str:
    """Name who sent a message."""
    if "sender_chat" in body:
        return str(body["sender_chat"].get("title", ""))
    return str(body.get("from", {}).get("first_name", ""))


def content_text(body: Json) -> str:
    """Word what a message shows: its text, or its kind in angle brackets with the caption."""
    if "rich_message" in body:
        return "\n".join(rich_lines(body["rich_message"]))
    text = str(body.get("text") or body.get("caption") or "")
    kinds = [f"<{kind}>" for kind in _MEDIA if kind in body]
    if "contact" in body:
        kinds.append(str(body["contact"]["phone_number"]))
    if "location" in body:
        kinds.append(f"{body['location']['latitude']},{body['location']['longitude']}")
    shown = " ".join([*kinds, text] if text else kinds)
    return shown or _service(body)


def _service(body: Json) -> str:
    """Word a service message: its kind, and the name it tells."""
    key = next((key for key in body if key not in _FRAME), "")
    value = body.get(key)
    name = value.get("name", "") if isinstance(value, dict) else ""
    return f"<{key}> {name}".rstrip()


def keyboard_lines(markup: Json | None) -> list[str]:
    """Draw a keyboard: [inline], {reply}; links and copy buttons show where they lead."""
    if not markup:
        return []
    if "inline_keyboard" in markup:
        return ["  " + " ".join(_inline_label(button) for button in row) for row in markup["inline_keyboard"]]
    if "keyboard" in markup:
        rows = [[b if isinstance(b, str) else b["text"] for b in row] for row in markup["keyboard"]]
        return ["  " + " ".join(f"{{{label}}}" for label in row) for row in rows]
    return ["  {}"] if "remove_keyboard" in markup else ["  {…}"]


def _inline_label(button: Json) -> str:
    if "url" in button:
        return f"[{button['text']} → {button['url']}]"
    if "copy_text" in button:
        return f"[{button['text']} ⧉ {button['copy_text']['text']}]"
    return f"[{button['text']}]"
