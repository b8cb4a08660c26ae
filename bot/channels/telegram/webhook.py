"""The webhook, and beside it what watches the service: /healthz, /readyz and /metrics.

An update is answered 200 only when it is stored; 503 with Retry-After while the journal does not answer, and Telegram comes
again. What is no update at all is answered 200 and counted, for it would come again for a day and block its chat.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.telegram.ingest import Intake
from bot.channels.telegram.metrics import Metrics
from catalog_db.journal.records import JournalError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
MOST_BYTES = 1024 * 1024  # an update is some kilobytes
BODY_SECONDS = 10.0  # a body that comes slower is refused
STORE_SECONDS = 4.0  # Telegram waits a minute; a store that takes longer is down
RETRY_SECONDS = "2"

Health = Callable[[], dict[str, Any]]


class Webhook:
    """Takes the updates that Telegram pushes."""

    def __init__(self, intake: Intake, secret: str, metrics: Metrics) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._metrics = metrics

    async def receive(self, request: Request) -> Response:
        """Answer one push."""
        try:
            update = await self._read(request)
        except HTTPException as refusal:
            return self._answer(refusal.status_code, "refused")
        except ValueError:
            return self._answer(200, "garbage")
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._intake.store([update])
        except (JournalError, TimeoutError):
            self._metrics.store_errors.labels("webhook").inc()
            return self._answer(503, "store down", {"Retry-After": RETRY_SECONDS})
        return self._answer(200, "stored")

    async def _read(self, request: Request) -> Any:
        """Read an update. Raises HTTPException for a stranger, ValueError for garbage from Telegram."""
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._secret):
            raise HTTPException(403)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return json.loads(await _body(request))
        except (TimeoutError, ClientDisconnect):
            raise HTTPException(408) from None
        except RecursionError:
            raise ValueError("nested too deep") from None

    def _answer(self, status: int, result: str, headers: dict[str, str] | None = None) -> Response:
        self._metrics.webhook.labels(result).inc()
        return Response(status_code=status, headers=headers)


async def _body(request: Request) -> bytes:
    """Read the body as far as the limit. Raises 413."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    return bytes(body)


def make_application(health: Health, metrics: Metrics, webhook: Webhook | None = None, path: str = "/") -> Starlette:
    """Make the web application; `webhook` None: only what watches the service."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        state = health()
        return JSONResponse(state, 200 if state["ready"] else 503)

    async def measured(_: Request) -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    routes = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", measured)]
    if webhook is not None:
        routes.append(Route(path, webhook.receive, methods=["POST"]))
    return Starlette(routes=routes)
