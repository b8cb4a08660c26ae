"""The server's HTTP face: /bot<token>/<method> and /file/bot<token>/<path>, with the faults in between."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from bot.botapi_server.account import Account
from bot.botapi_server.dispatch import dispatch
from bot.botapi_server.errors import ApiError
from bot.botapi_server.faults import Fault
from bot.botapi_server.hub import CallRecord, Hub
from bot.botapi_server.spec import Upload

_HTML_ERROR = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
_NOT_FOUND = {"ok": False, "error_code": 404, "description": "Not Found"}
_UNAUTHORIZED = {"ok": False, "error_code": 401, "description": "Unauthorized"}
_BEFORE = {"status", "html", "drop_before", "hang"}


class BotApiHttp:
    """Request handlers over the accounts of one server. `account_of` finds the account of a token, or None."""

    def __init__(self, hub: Hub, account_of: Callable[[str], Account | None]) -> None:
        self._hub = hub
        self._account_of = account_of

    def routes(self) -> list[web.RouteDef]:
        """List the routes of the Bot API."""
        call = "/bot{token:[0-9]+:[^/]+}/{method}"
        return [
            web.get(call, self.call),
            web.post(call, self.call),
            web.get("/file/bot{token:[0-9]+:[^/]+}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method."""
        account = self._account_of(request.match_info["token"])
        if account is None:
            return _json(401, _UNAUTHORIZED)
        name = request.match_info["method"]
        method = self._hub.schema.method_name(name)
        given, uploads, from_form, broken = await _read_body(request)
        chat_id = _as_int(given.get("chat_id"))
        fault = self._hub.faults.draw(method or name, chat_id)
        record = _Recorder(self._hub, account, method or name, given, fault)
        if self._hub.latency:
            await asyncio.sleep(self._hub.latency)
        if fault is not None and fault.kind in _BEFORE:
            return await _fail(request, fault, record)
        if method is None:
            return record.answer(404, _NOT_FOUND | {"description": "Not Found: method not found"})
        if broken:
            return record.answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {broken}"})
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        status, body = await _run(account, method, given, uploads, from_form=from_form)
        return record.answer(status, body) if fault is None else await _spoil(request, fault, record, status, body)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand over the bytes of a file."""
        account = self._account_of(request.match_info["token"])
        if account is None:
            return _json(401, _UNAUTHORIZED)
        path = request.match_info["path"]
        for stored in account.files.values():
            if stored.path == path and stored.content is not None:
                return web.Response(body=stored.content, content_type="application/octet-stream")
        return _json(404, _NOT_FOUND)


class _Recorder:
    """Keep the record of a call and build its answer."""

    def __init__(self, hub: Hub, account: Account, method: str, given: dict[str, Any], fault: Fault | None) -> None:
        self._hub = hub
        self._base = (hub.clock.now(), account.token, method, given)
        self._fault = fault.kind if fault else None

    def keep(self, status: int, description: str = "") -> None:
        self._hub.record(CallRecord(*self._base, status, description, self._fault))

    def answer(self, status: int, body: dict[str, Any]) -> web.Response:
        self.keep(status, str(body.get("description", "")))
        return _json(status, body)


def _json(status: int, body: dict[str, Any]) -> web.Response:
    headers = {}
    retry_after = body.get("parameters", {}).get("retry_after")
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    return web.json_response(body, status=status, headers=headers, dumps=_dumps)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def _run(
    account: Account, method: str, given: dict[str, Any], uploads: dict[str, Upload], *, from_form: bool
) -> tuple[int, dict[str, Any]]:
    try:
        result = await dispatch(account, method, given, uploads, from_form=from_form)
    except ApiError as error:
        return error.code, error.body()
    except Exception:  # the bot gets a 500 as from the real server; the test sees the traceback
        account.hub.crashes.append(f"{method} {given}\n{traceback.format_exc()}")
        return 500, ApiError(500, "Internal Server Error").body()
    return 200, {"ok": True, "result": result}


async def _fail(request: web.Request, fault: Fault, record: _Recorder) -> web.StreamResponse:
    """Apply a fault that keeps the call from being carried out."""
    if fault.kind == "status":
        body: dict[str, Any] = {"ok": False, "error_code": fault.code, "description": _words(fault)}
        if fault.code == 429:
            body["parameters"] = {"retry_after": fault.retry_after or 1}
        return record.answer(fault.code, body)
    if fault.kind == "html":
        record.keep(fault.code)
        return web.Response(status=fault.code, text=_HTML_ERROR, content_type="text/html")
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    record.keep(0)
    return _cut(request)


def _words(fault: Fault) -> str:
    if fault.description:
        return fault.description
    if fault.code == 429:
        return f"Too Many Requests: retry after {fault.retry_after or 1}"
    return {401: "Unauthorized", 404: "Not Found", 409: "Conflict", 500: "Internal Server Error"}.get(
        fault.code, "Bad Gateway"
    )


async def _spoil(
    request: web.Request, fault: Fault, record: _Recorder, status: int, body: dict[str, Any]
) -> web.StreamResponse:
    """Spoil the answer of a call that was carried out."""
    if fault.kind == "drop_after":
        record.keep(0)
        return _cut(request)
    record.keep(status, str(body.get("description", "")))
    if fault.kind == "slow":
        return _json(status, body)
    text = _dumps(body)
    spoilt = {"truncated": text[: len(text) // 2], "empty": "{}", "garbage": "\x00<not json>"}[fault.kind]
    return web.Response(status=200, text=spoilt, content_type="application/json")


def _cut(request: web.Request) -> web.StreamResponse:
    """Cut the connection as a broken network does."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _as_int(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


async def _read_body(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload], bool, str]:
    """Read parameters, files, whether they came as a form, and what is wrong with the body."""
    given: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if not request.can_read_body:
        return given, uploads, True, ""
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            return given, uploads, False, "can't parse request body as JSON object"
        if not isinstance(body, dict):
            return given, uploads, False, "can't parse request body as JSON object"
        return given | body, uploads, False, ""
    if request.content_type == "multipart/form-data":
        await _read_parts(request, given, uploads)
    else:
        given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return given, uploads, True, ""


async def _read_parts(request: web.Request, given: dict[str, Any], uploads: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            given[part.name] = content.decode("utf-8", "replace")
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, content, kind)
