"""Serve the chat page with uvicorn."""

from __future__ import annotations

import errno
import socket
import sys
import webbrowser

from starlette.applications import Starlette

from bot.channels.web.protection import LOOPBACK
from bot.wording import Wording

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8460
_BUSY_REQUESTS = 200  # more at once are answered with 503


class PortError(Exception):
    """The address cannot be listened on; the message says so to the person."""


def serve(
    app: Starlette,
    wording: Wording,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    open_browser: bool = False,
) -> None:
    """Serve until Ctrl-C. Port 0 takes a free one. Raises PortError when the port is taken or not allowed."""
    import uvicorn

    listening = listen(host, port, wording)
    url = address(host, listening.getsockname()[1])
    print(wording.say("web.started", url=url), flush=True)
    if url_host(host) not in LOOPBACK:
        print(wording.say("web.open"), file=sys.stderr, flush=True)
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_BUSY_REQUESTS,
        timeout_graceful_shutdown=3,
    )
    if open_browser:
        webbrowser.open(url)  # the socket is listening already: the page waits until the server is up
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # the person ended it
    finally:
        listening.close()


def listen(host: str, port: int, wording: Wording) -> socket.socket:
    """Take the port, so that the address is right before it is told."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        key = "web.port_taken" if error.errno == errno.EADDRINUSE else "web.port_refused"
        raise PortError(wording.say(key, host=host, port=str(port), other=str(port + 1))) from error
    return listening


def address(host: str, port: int) -> str:
    """Return the address to open."""
    return f"http://{url_host(host)}:{port}/"


def url_host(host: str) -> str:
    """Return a host as it stands in a URL: ::1 → [::1]."""
    bare = host.strip("[]").lower()
    return f"[{bare}]" if ":" in bare else bare
