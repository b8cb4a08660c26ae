"""From a method name and raw parameters to a result or a refusal.

Whatever breaks the schema is recorded as a violation and refused. The official server refuses most of it as well, with
the words below where they are known; it ignores unknown parameters, which this one refuses, because they are mistakes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from bot.botapi_server.account import Account
from bot.botapi_server.call import Call, read_parameters
from bot.botapi_server.errors import ApiError, NotSimulatedError, bad_request
from bot.botapi_server.hub import Violation
from bot.botapi_server.methods.table import METHODS
from bot.botapi_server.spec import Problem, Upload

# The first pattern that fits "method path text" gives the words; our own words say the rest.
_WORDS = tuple((re.compile(pattern), words) for pattern, words in (
    (r"setWebhook secret_token has", "secret token is too long"),
    (r"setWebhook secret_token allowed", "secret token contains unallowed characters"),
    (r"\w+ chat_id is required", "chat_id is empty"),
    (r"sendMessage text is required", "message text is empty"),
    (r"\w+ message_id is required", "message identifier is not specified"),
    (r"\w+ reply_markup.*callback_data has", "BUTTON_DATA_INVALID"),
    (r"\w+ reply_markup.*copy_text\.text has", "BUTTON_COPY_TEXT_INVALID"),
    (r"edit\w+ reply_markup", "inline keyboard expected"),
    (r"\w+ reply_markup is no", "object expected as reply markup"),
    (r"answerCallbackQuery text has", "MESSAGE_TOO_LONG"),
    (r"answerInlineQuery results\[\d+\]\.id has", "RESULT_ID_INVALID"),
    (r"answerInlineQuery button\.start_parameter", "START_PARAM_INVALID"),
    (r"answerInlineQuery next_offset has", "NEXT_OFFSET_INVALID"),
    (r"setMyCommands commands has", "BOT_COMMANDS_TOO_MUCH"),
    (r"setMyCommands commands\[\d+\]\.command ", "BOT_COMMAND_INVALID"),
    (r"setMyCommands commands\[\d+\]\.description ", "BOT_COMMAND_DESCRIPTION_INVALID"),
    (r"\w+ForumTopic name ", "TOPIC_TITLE_INVALID"),
    (r"sendMediaGroup media has", "MEDIA_GROUP_INVALID"),
))  # fmt: skip


async def dispatch(
    account: Account, method: str, given: Mapping[str, Any], uploads: dict[str, Upload], *, from_form: bool
) -> Any:
    """Run one call. Raise ApiError to refuse it. `method` is the official spelling."""
    schema = account.hub.schema
    fields = schema.methods[method]
    named = {name: upload for name, upload in uploads.items() if name in fields}
    parameters, problems = read_parameters(fields, {**given, **named}, from_form=from_form)
    unread = {problem.path for problem in problems}
    problems += [p for p in schema.call_problems(method, parameters) if p.path not in unread]
    if problems:
        account.hub.violations += [Violation(method, problem.path, problem.text) for problem in problems]
        raise refusal(method, problems[0])
    handler = METHODS.get(method)
    if handler is None:
        account.hub.not_simulated.append(method)
        raise NotSimulatedError(method)
    result = handler(Call(account, method, parameters, uploads))
    return await result if inspect.isawaitable(result) else result


def refusal(method: str, problem: Problem) -> ApiError:
    """Word the refusal of a call that breaks the schema."""
    line = f"{method} {problem.path} {problem.text}"
    for pattern, words in _WORDS:
        if pattern.match(line):
            return bad_request(words)
    return ApiError(400, f"Bad Request: parameter {problem.path} {problem.text}")
