"""The chat page: three files of our own, no request to anywhere else."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("page")
_SCRIPTS = ("page.js", "pane.js", "bubble.js", "rich.js", "entities.js", "door.js")
_KINDS = {"index.html": "text/html", "page.css": "text/css", "words.json": "application/json"} | dict.fromkeys(
    _SCRIPTS, "text/javascript"
)
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def page_routes() -> list[web.RouteDef]:
    """List the routes of the page."""
    return [web.get("/", _index), web.get("/page/{name}", _page_file)]


async def _index(_: web.Request) -> web.Response:
    return _serve("index.html")


async def _page_file(request: web.Request) -> web.Response:
    return _serve(request.match_info["name"])


def _serve(name: str) -> web.Response:
    if name not in _KINDS:
        raise web.HTTPNotFound
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    content = (_FOLDER / name).read_bytes()
    return web.Response(body=content, content_type=_KINDS[name], charset="utf-8", headers=headers)
