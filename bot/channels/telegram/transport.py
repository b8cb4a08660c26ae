"""HTTP to the Bot API over aiohttp: as python-telegram-bot's `BaseRequest`, and as plain calls that tell what is known.

python-telegram-bot's own transport (httpx) gets slower with concurrency, and its errors do not tell whether a call was
carried out; the sender has to know. No URL and no answer is ever logged or put into an error: URLs carry the token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.uploads import form_of, has_upload

Json = dict[str, Any]

CALL_SECONDS = 20.0  # a call that takes longer has an outcome nobody knows
CONNECT_SECONDS = 5.0
UPLOAD_SECONDS = 60.0
_MOST_CONNECTIONS = 128


class ApiRefusal(Exception):  # noqa: N818 - an answer like others
    """The Bot API answered that it did not do it. `description` may hold names of people: never log it."""

    def __init__(
        self, code: int, description: str, retry_after: float | None = None, moved_to: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.description = description.lower()
        self.retry_after = retry_after
        self.moved_to = moved_to


class NotSent(Exception):  # noqa: N818 - tells what is known
    """The call certainly did not reach the Bot API: no connection."""


class Unclear(Exception):  # noqa: N818 - tells what is known
    """Nobody knows whether the call was carried out: no answer, or none that can be read."""


class AiohttpRequest(BaseRequest):
    """One pool of connections. For `telegram.Bot(request=…)`, and for the calls of `BotApi`."""

    def __init__(self, read_timeout: float = CALL_SECONDS) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """The default time to wait for an answer, in seconds."""
        return self._read_timeout

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool. Raises RuntimeError before `initialize`."""
        if self._session is None:
            raise RuntimeError("the transport is not initialised")
        return self._session

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[_telling_what_leaves()]
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """Read an answer. Unlike the inherited one it writes no answer into the log. Raises TelegramError."""
        try:
            value = json.loads(payload)
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(value, dict) or ("result" not in value and value.get("ok") is not False):
            raise TelegramError("the answer is none of the Bot API")
        return value

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request of python-telegram-bot. Raises TimedOut, NetworkError."""
        uploads = request_data is not None and request_data.contains_files
        total = UPLOAD_SECONDS if uploads else _seconds(read_timeout, self._read_timeout)
        timeout = aiohttp.ClientTimeout(total=total, sock_connect=_seconds(connect_timeout, CONNECT_SECONDS))
        try:
            async with self.session.request(method, url, data=_body(request_data), timeout=timeout) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None


class BotApi:
    """Calls of one bot. `root`: the Bot API server, https://api.telegram.org."""

    def __init__(self, request: AiohttpRequest, root: str, token: str) -> None:
        self._request = request
        self._prefix = f"{root.rstrip('/')}/bot{token}/"
        self._files = f"{root.rstrip('/')}/file/bot{token}/"

    async def call(
        self, method: str, params: Mapping[str, Any], seconds: float = CALL_SECONDS,
        leaves: Callable[[], None] | None = None,
    ) -> Any:  # fmt: skip
        """Make a call with JSON parameters (files: see `uploads`); return its result. Raises ApiRefusal, NotSent, Unclear.

        `leaves` is called just before anything of it goes out: what was not called for certainly did not arrive.
        """
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        body: dict[str, Any] = {"data": form_of(params)} if has_upload(params) else {"json": params}
        try:
            async with self._request.session.post(
                self._prefix + method, **body, timeout=timeout, trace_request_ctx=leaves
            ) as response:
                status, payload = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(type(error).__name__) from None
        return _result(status, payload)

    async def download(self, path: str, most: int, seconds: float = UPLOAD_SECONDS) -> bytes | None:
        """Fetch a file by the path that getFile told; None when it is larger than `most` bytes. Raises as `call` does."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        read = bytearray()
        try:
            async with self._request.session.get(self._files + quote(path), timeout=timeout) as response:
                if response.status != 200:
                    raise ApiRefusal(400 if response.status == 404 else response.status, "file not found")
                async for piece in response.content.iter_chunked(1 << 16):
                    read += piece
                    if len(read) > most:
                        return None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(type(error).__name__) from None
        return bytes(read)


def _telling_what_leaves() -> aiohttp.TraceConfig:
    """Return what calls the context of a request, where it has one, when its first bytes are about to go out."""

    async def leaving(session: aiohttp.ClientSession, context: Any, chunk: aiohttp.TraceRequestChunkSentParams) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    tracing = aiohttp.TraceConfig()
    tracing.on_request_chunk_sent.append(leaving)
    return tracing


def _result(status: int, payload: bytes) -> Any:
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        if status in (401, 404):  # also proxies say so; the Bot API did not do it
            raise ApiRefusal(status, "")
        raise Unclear(f"HTTP {status} without JSON")
    if answer.get("ok") is True and "result" in answer:
        return answer["result"]
    if answer.get("ok") is False:
        raise _refusal(status, answer)
    raise Unclear("an answer that is none of the Bot API")


def _refusal(status: int, answer: Json) -> ApiRefusal:
    given = answer.get("parameters")
    parameters: Json = given if isinstance(given, dict) else {}
    code = answer.get("error_code")
    retry_after, moved_to = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    return ApiRefusal(
        code if isinstance(code, int) else status,
        str(answer.get("description", "")),
        float(retry_after) if isinstance(retry_after, (int, float)) else None,
        moved_to if isinstance(moved_to, int) else None,
    )


def _seconds(given: ODVInput[float], default: float) -> float | None:
    """Read a timeout of python-telegram-bot: a default, none, or seconds."""
    return default if isinstance(given, DefaultValue) else given


def _body(data: RequestData | None) -> aiohttp.FormData | Mapping[str, str] | None:
    """Build the form of a request: URL-encoded, or multipart when it carries files."""
    if data is None or (not data.parameters and not data.contains_files):
        return None
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
