"""Serve a chat page for the tests: a real server on a free port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels.web.application import create_app
from bot.channels.web.server import address, listen
from catalog_db.conversations import Conversations, MemoryConversations
from tests.bot.script import NOW, ScriptedAssistant, test_wording


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve an application; give its address."""
    listening = listen("127.0.0.1", 0, test_wording())
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield address("127.0.0.1", listening.getsockname()[1]).rstrip("/")
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def scripted_app(
    conversations: Conversations | None = None, assistant: ScriptedAssistant | None = None, **options
) -> Starlette:
    assistant = assistant or ScriptedAssistant()
    kept = conversations or MemoryConversations()
    return create_app(lambda: assistant, kept, test_wording(), lambda: NOW, **options)
