"""Answers to pressed buttons, inline queries and guest messages."""

from __future__ import annotations

from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.keyboards import check_markup, is_link
from bot.botapi_server.outgoing import text_content
from bot.botapi_server.state import Json
from bot.botapi_server.update_queue import LIFE_SECONDS

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# "No more than 50 results per query are allowed." (Bot API, answerInlineQuery)
MOST_RESULTS = 50
_CONTENT_KEYS = {"latitude": "location", "phone_number": "contact"}


def answer_callback_query(call: Call) -> bool:
    """Answer a pressed button (QUERY_ID_INVALID, Client.cpp:146)."""
    asked = call.account.callbacks.get(call.get("callback_query_id"))
    if asked is None or call.account.hub.clock.now() - asked.asked_at > LIFE_SECONDS["callback_query"]:
        raise bad_request(_TOO_OLD)
    url = call.get("url")
    if url and not (is_link(url) and (url.startswith(f"https://t.me/{call.account.me.username}?start="))):
        raise bad_request("URL_INVALID")
    asked.answer = {key: call.get(key) for key in ("text", "show_alert", "url", "cache_time") if call.get(key)}
    if asked.chat is not None and asked.answer.get("text"):
        asked.chat.note("answer", asked.message, text=asked.answer["text"])
    call.account.touch()
    return True


def answer_inline_query(call: Call) -> bool:
    """Answer an inline query within its 30 seconds."""
    asked = call.account.inline_asks.get(call.get("inline_query_id"))
    if asked is None or call.account.hub.clock.now() - asked.asked_at > LIFE_SECONDS["inline_query"]:
        raise bad_request(_TOO_OLD)
    results: list[Json] = call.get("results")
    if len(results) > MOST_RESULTS:
        call.violate("results", f"has {len(results)} items, allowed are {MOST_RESULTS}")
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        call.violate("results", "has an id twice")
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(call, result)
    asked.answer = dict(call.parameters)
    call.account.touch()
    return True


def check_result(call: Call, result: Json) -> None:
    """Check what a result would put into a chat, before anybody chooses it."""
    check_markup(result.get("reply_markup"), None)
    content = result.get("input_message_content")
    if content and "message_text" in content:
        text_content(call, content, "message_text")
    elif result["type"] == "article" and not content:
        raise bad_request("MESSAGE_EMPTY")


def result_content(call: Call, result: Json) -> Json:
    """Build the message that a chosen result becomes."""
    given = result.get("input_message_content")
    if given and "message_text" in given:
        return text_content(call, given, "message_text")
    for source in (given or {}, result):
        for key, kind in _CONTENT_KEYS.items():
            if key in source:
                keys = ("latitude", "longitude") if kind == "location" else ("phone_number", "first_name", "last_name")
                return {kind: {name: source[name] for name in keys if name in source}}
    return {"text": result.get("title") or result.get("caption") or result["type"]}


def answer_guest_query(call: Call) -> Json:
    """Answer a message in a chat the bot is no member of, once (Bot API 10.0)."""
    asked = call.account.guests.get(call.get("guest_query_id"))
    if asked is None or asked.answer is not None:
        raise bad_request(_TOO_OLD)
    result: Json = call.get("result")
    check_result(call, result)
    asked.answer = result
    inline_id = call.account.hub.unique(27)
    content = result_content(call, result)
    content |= {"via_bot": call.account.me.body(), "guest_bot_caller_user": asked.user.body()}
    message = call.account.post(asked.chat, content, sender=call.account.me, reply_markup=result.get("reply_markup"))
    message.inline_message_id = inline_id
    call.account.inline_messages[inline_id] = message
    return {"inline_message_id": inline_id}
