"""The chat page as an ASGI application: one page, one form, works with and without its script."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.exchange import GO_ON, Responder, go_on, goes_on, ideas_of
from bot.channels.web.protection import (
    LOOPBACK,
    SECURITY_HEADERS,
    SecurityHeaders,
    read_form,
    refuse_foreign_origin,
    refuse_strangers,
)
from bot.channels.web.render import Pages, View, answer_view, ideas_view, message_view
from bot.elders import Message
from bot.languages import Wordings
from bot.wording import Wording
from catalog_db.conversations import Conversation, Conversations, ConversationsError
from handlers.session import Session
from handlers.turn import Action, Question

COOKIE = "lvxuan"
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_PRESS = re.compile(r"([0-9]{1,9})-([0-9]{1,3})")
COOKIE_DAYS = 90  # a conversation that nobody uses is forgotten after this time
_ERROR_KEYS = {403: "web.error.foreign", 404: "web.error.missing", 405: "web.error.missing", 413: "web.error.large"}

logger = logging.getLogger(__name__)


def create_app(
    assistant: Callable[[], Responder],
    conversations: Conversations,
    wording: Wording,
    clock: Callable[[], datetime],
    *,
    demonstration: bool = False,
    hosts: Collection[str] = LOOPBACK,
    adcode: str | None = None,
) -> Starlette:
    """Make the application.

    `assistant` is called for each turn, so that a newer catalogue takes over at once. `hosts` are the names under which
    the page may be opened ("*": any). `adcode`: where the askers are, when the page serves one place.
    """
    desk = Desk(assistant, conversations, wording, clock, adcode)
    site = Site(desk, Pages(wording, demonstration=demonstration), hosts)
    return Starlette(
        routes=[
            Route("/", site.page, methods=["GET"]),
            Route("/say", site.say, methods=["POST"]),
            Route("/turn", site.turn, methods=["POST"]),
            Route("/forget", site.forget, methods=["POST"]),
            Route("/notice", site.notice, methods=["GET"]),
            Route("/healthz", healthz, methods=["GET"]),
            Mount("/static", Static(directory=Path(__file__).resolve().parent / "static")),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: site.error, Exception: site.error},
        lifespan=desk.lifespan,
    )


async def healthz(_: Request) -> Response:
    """Say that the page is up."""
    return JSONResponse({"status": "ok"})


class Static(StaticFiles):
    """Our own files; the browser asks each time whether they changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Serve a file."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


@dataclass(frozen=True, slots=True)
class Said:
    """What came in with the form: typed text, or a button or title of an earlier turn ("3-0": the first of turn 3)."""

    text: str
    press: str


class Desk:
    """Answers one conversation after the other: respond takes milliseconds, so one worker thread keeps it simple."""

    def __init__(
        self,
        assistant: Callable[[], Responder],
        conversations: Conversations,
        wording: Wording,
        clock: Callable[[], datetime],
        adcode: str | None,
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._wording = wording
        self._simple = Wordings(wording).of(wording.locale, simple=True)
        self._clock = clock
        self._adcode = adcode
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Forget what nobody has used for long; at the end let the last answer be kept."""
        await self._in_turn(self._forget_unused)
        yield
        self._worker.shutdown()

    async def load(self, key: str | None) -> Conversation:
        """Return the conversation of a cookie; a new one when there is none or it cannot be read."""
        return await self._in_turn(self._load, key) if key else Conversation()

    async def answer(self, key: str, said: Said) -> tuple[int, View]:
        """Answer, keep the turn; return its number and its view."""
        number, turn = await self._in_turn(self._answer, key, said)
        return number, turn

    async def forget(self, key: str) -> None:
        """Delete a conversation for good."""
        await self._in_turn(self._conversations.forget, key)

    async def _in_turn(self, call: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._worker, call, *args)

    def _load(self, key: str) -> Conversation:
        try:
            return self._conversations.load(key) or Conversation()
        except ConversationsError:
            logger.exception("conversation not read")
            return Conversation()

    def _answer(self, key: str, said: Said) -> tuple[int, View]:
        before = self._load(key)
        question = self._question(said, before)
        session, view = self._respond(question, before)
        after = before.followed_by(session, {"question": question.text, **view})
        number, turn = max(after.turns), dict(after.turns[max(after.turns)])
        try:
            self._conversations.save(key, after, question.now)
        except ConversationsError:
            logger.exception("conversation not kept")
            turn["unkept"] = self._wording.say("web.unkept")
        return number, turn

    def _respond(self, question: Question, before: Conversation) -> tuple[dict[str, Any], View]:
        try:
            rest = _rest(before)
            if rest and goes_on(question.text, question.action, self._wording):
                return dict(before.session), ideas_view(go_on(rest, self._simple))
            if question.action == Action(GO_ON):  # of an older turn, whose rest is gone: its words are all it says now
                question = replace(question, action=None)
            session = Session.from_json(before.session)
            answer, later = self._assistant().respond(question, session)
            if later.simple:
                return later.to_json(), ideas_view(ideas_of(answer, self._simple))
            return later.to_json(), answer_view(answer, self._wording)
        except Exception:
            # The person keeps the conversation as it was; the log has the reason.
            logger.exception("no answer")
            return dict(before.session), message_view(self._wording.say("channel.failed"))

    def _question(self, said: Said, before: Conversation) -> Question:
        label, action = pressed(said.press, before)
        return Question(label if label is not None else said.text, self._clock(), self._adcode, action)

    def _forget_unused(self) -> None:
        try:
            self._conversations.forget_unused(self._clock() - timedelta(days=COOKIE_DAYS))
        except ConversationsError:
            logger.exception("old conversations not forgotten")


def _rest(conversation: Conversation) -> list[Message]:
    """Return what of the last answer waits in 长辈模式."""
    last = conversation.turns[max(conversation.turns)] if conversation.turns else {}
    return [tuple(map(str, lines)) for lines in last.get("rest", ())]


def pressed(press: str, conversation: Conversation) -> tuple[str | None, Action | None]:
    """Find what a button or a title of an earlier turn says and does: "3-0". Only what we offered can be pressed."""
    match = _PRESS.fullmatch(press)
    presses = conversation.turns.get(int(match[1]), {}).get("presses", []) if match else []
    index = int(match[2]) if match else 0
    if index >= len(presses):
        return None, None
    name, *args = presses[index]["action"]
    return presses[index]["label"], Action(name, tuple(args))


def conversation_key(request: Request) -> str | None:
    """Return the key that the cookie holds, when it is one of ours in form."""
    key = request.cookies.get(COOKIE, "")
    return key if _KEY.fullmatch(key) else None


class Site:
    """The HTTP side: cookies, pages, errors."""

    def __init__(self, desk: Desk, pages: Pages, hosts: Collection[str]) -> None:
        self._desk = desk
        self._pages = pages
        self._hosts = hosts

    async def page(self, request: Request) -> Response:
        """Show the conversation so far, or the welcome."""
        refuse_strangers(request.headers, self._hosts)
        conversation = await self._desk.load(conversation_key(request))
        return HTMLResponse(self._pages.talk(conversation.turns))

    async def notice(self, request: Request) -> Response:
        """Show what is kept and how to check what we say."""
        refuse_strangers(request.headers, self._hosts)
        return HTMLResponse(self._pages.html("notice.html", days=COOKIE_DAYS))

    async def say(self, request: Request) -> Response:
        """Answer a form sent without the script: keep the turn and show the page at its end."""
        key, number, _ = await self._take(request)
        response = RedirectResponse(f"/#turn-{number}", status_code=303)
        return self._with_cookie(response, request, key)

    async def turn(self, request: Request) -> Response:
        """Answer the script: the HTML of the new turn alone."""
        key, number, turn = await self._take(request)
        return self._with_cookie(HTMLResponse(self._pages.turn(number, turn)), request, key)

    async def forget(self, request: Request) -> Response:
        """Delete the conversation and the cookie."""
        self._guard(request)
        if key := conversation_key(request):
            await self._desk.forget(key)
        response = RedirectResponse("/", status_code=303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    async def error(self, request: Request, error: Exception) -> Response:
        """Say in words what went wrong."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        key = _ERROR_KEYS.get(status, "web.error.bad" if status < 500 else "web.error.ours")
        # A failure of ours is answered outside of the middleware that adds the headers.
        return HTMLResponse(self._pages.html("error.html", key=key), status, SECURITY_HEADERS)

    async def _take(self, request: Request) -> tuple[str, int, View]:
        self._guard(request)
        form = await read_form(request)
        said = Said(form.get("text", ""), form.get("press", ""))
        key = conversation_key(request) or secrets.token_urlsafe(24)
        number, turn = await self._desk.answer(key, said)
        return key, number, turn

    def _guard(self, request: Request) -> None:
        refuse_strangers(request.headers, self._hosts)
        refuse_foreign_origin(request.headers)

    def _with_cookie(self, response: Response, request: Request, key: str) -> Response:
        response.set_cookie(
            COOKIE,
            key,
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response
