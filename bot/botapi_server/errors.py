"""How the server refuses: the official server's codes and words.

Wording follows the official server, tdlib/telegram-bot-api 10.0 (commit 01a3679c, May 2026); the lines of its
`Client.cpp` are named beside the calls. "TDLib" marks words of the library beneath it or of Telegram's own servers.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call refused: HTTP status `code`, the description, and ResponseParameters when there are any."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        """Build the JSON object that the caller reads."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    """Build a 400. The first letter is lowered unless the word is a constant (Client.cpp:194-200)."""
    constant = len(text) > 1 and (text[1] == "_" or text[1].isupper())
    return ApiError(400, f"Bad Request: {text if constant else text[0].lower() + text[1:]}")


def forbidden(text: str) -> ApiError:
    """Build a 403."""
    return ApiError(403, f"Forbidden: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """Build a 429 (Query.cpp, `set_retry_after_error`)."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat_id: int) -> ApiError:
    """Build the answer to a call for a group that became a supergroup (Client.cpp:8155)."""
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, text, {"migrate_to_chat_id": chat_id})


class NotSimulatedError(ApiError):
    """A method of the Bot API that this server knows by name only. Recorded, so that a test can see it."""

    def __init__(self, method: str) -> None:
        super().__init__(501, f"Not Implemented: {method} is not simulated by this local server")
