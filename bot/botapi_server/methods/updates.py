"""getUpdates and the webhook settings."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from bot.botapi_server.account import Webhook
from bot.botapi_server.call import Call
from bot.botapi_server.errors import ApiError, bad_request
from bot.botapi_server.state import Json

_WEBHOOK_IS_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


async def get_updates(call: Call) -> list[Json]:
    """Hand over what waits (Client.cpp:15700)."""
    account = call.account
    if account.webhook is not None:
        raise ApiError(409, _WEBHOOK_IS_ACTIVE)
    if call.get("allowed_updates") is not None:
        account.queue.allow(call.get("allowed_updates"))
    return await account.poller.poll(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))


async def set_webhook(call: Call) -> bool:
    """Set or, with an empty URL, remove the webhook (Client.cpp:16001). Only loopback can be reached."""
    account = call.account
    url = call.get("url", "").strip()
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if not is_loopback(parts.hostname):
        raise bad_request("bad webhook: this local server reaches loopback addresses only")
    _forget_pending(call)
    if call.get("allowed_updates") is not None:
        account.queue.allow(call.get("allowed_updates"))
    await account.poller.abort()
    account.webhook = Webhook(
        url, call.get("secret_token", ""), call.get("max_connections", 40), call.get("ip_address")
    )
    account.webhook_set.set()
    return True


async def delete_webhook(call: Call) -> bool:
    """Remove the webhook."""
    _forget_pending(call)
    call.account.webhook = None
    return True


def _forget_pending(call: Call) -> None:
    if call.get("drop_pending_updates"):
        call.account.queue.waiting.clear()


def get_webhook_info(call: Call) -> Json:
    """Describe the webhook."""
    account = call.account
    account.queue.expire()
    hook = account.webhook
    body: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(account.queue.waiting),
    }
    if hook is None:
        return body
    body |= {"max_connections": hook.max_connections, "ip_address": hook.ip_address or "127.0.0.1"}
    if hook.last_error_date is not None:
        body |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message or ""}
    if account.queue.allowed != account.queue.kinds:
        body["allowed_updates"] = sorted(account.queue.allowed)
    return body


def is_loopback(host: Any) -> bool:
    """Tell whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
