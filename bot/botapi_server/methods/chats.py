"""Chats and their members."""

from __future__ import annotations

from typing import Any

from bot.botapi_server import incoming
from bot.botapi_server.access import find_chat, readable_chat, require_right, writable_chat
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.state import ADMIN_RIGHTS, PERMISSIONS, Chat, Json, Member

_NOBODY = {
    "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
    "gifts_from_channels": False,
}  # fmt: skip
_FEW_RIGHTS = "not enough rights to restrict/unrestrict chat member"


def get_chat(call: Call) -> Json:
    """Describe a chat in full."""
    chat = readable_chat(call.account, call.get("chat_id"))
    body = chat.body() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NOBODY}
    if not chat.is_private and chat.kind != "channel":
        body["permissions"] = dict.fromkeys(PERMISSIONS, True) | chat.details.get("permissions", {})
    body |= {key: chat.details[key] for key in ("description", "invite_link") if key in chat.details}
    pinned = chat.message(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        body["pinned_message"] = call.account.reply_body(pinned)
    return body


def get_chat_administrators(call: Call) -> list[Json]:
    """List the administrators; other bots are left out (Client.cpp:15115)."""
    chat = readable_chat(call.account, call.get("chat_id"))
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    own = call.account.me.user_id
    return [
        member.body()
        for member in chat.members.values()
        if member.status in {"creator", "administrator"} and (not member.user.is_bot or member.user.user_id == own)
    ]


def get_chat_member_count(call: Call) -> int:
    """Count who is in a chat."""
    chat = readable_chat(call.account, call.get("chat_id"))
    return 2 if chat.is_private else sum(member.present for member in chat.members.values())


def get_chat_member(call: Call) -> Json:
    """Tell somebody's standing in a chat."""
    chat = readable_chat(call.account, call.get("chat_id"))
    return _member(call, chat).body()


def _member(call: Call, chat: Chat) -> Member:
    user_id = call.get("user_id")
    if user_id == call.account.me.user_id:
        return call.account.chat_member(chat)
    user = call.account.hub.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if chat.kind == "supergroup" else "user not found")
    return chat.members.get(user_id) or Member(user, "member" if chat.chat_id == user_id else "left")


def _restrictable(call: Call, right: str = "can_restrict_members") -> tuple[Chat, Member]:
    """Find the member to act on; the owner and administrators are out of reach."""
    chat = writable_chat(call.account, call.get("chat_id"))
    if chat.is_private:
        raise bad_request("method is available only for groups, supergroups and channels")
    require_right(call.account, chat, right, _FEW_RIGHTS)
    member = _member(call, chat)
    if member.status == "creator":
        raise bad_request("can't remove chat owner" if right == "can_restrict_members" else "CHAT_CREATOR_REQUIRED")
    if member.status == "administrator" and right == "can_restrict_members":
        raise bad_request("user is an administrator of the chat")
    return chat, member


def _set(call: Call, chat: Chat, member: Member) -> bool:
    old = (chat.members.get(member.user.user_id) or Member(member.user, "left")).body()
    chat.members[member.user.user_id] = member
    incoming.change_member(call.account, chat, call.account.me, old, member)
    return True


def ban_chat_member(call: Call) -> bool:
    """Throw somebody out for good."""
    chat, member = _restrictable(call)
    return _set(call, chat, Member(member.user, "kicked"))


def unban_chat_member(call: Call) -> bool:
    """Let somebody come back; who was not banned is thrown out unless only_if_banned."""
    chat, member = _restrictable(call)
    if call.get("only_if_banned") and member.status != "kicked":
        return True
    return _set(call, chat, Member(member.user, "left"))


def restrict_chat_member(call: Call) -> bool:
    """Limit what somebody may do; all permissions together lift every limit."""
    chat, member = _restrictable(call)
    permissions: Json = call.get("permissions")
    free = all(permissions.get(name) for name in PERMISSIONS[:9])
    status = "member" if free else "restricted"
    return _set(call, chat, Member(member.user, status, permissions={} if free else dict(permissions)))


def promote_chat_member(call: Call) -> bool:
    """Make somebody an administrator, or with no right at all a plain member again."""
    chat, member = _restrictable(call, "can_promote_members")
    rights = frozenset(right for right in ADMIN_RIGHTS if call.get(right))
    status = "administrator" if rights else "member"
    return _set(call, chat, Member(member.user, status, rights, anonymous=bool(call.get("is_anonymous"))))


def set_custom_title(call: Call) -> bool:
    """Give an administrator a title (Client.cpp:15225-15250)."""
    chat = writable_chat(call.account, call.get("chat_id"))
    member = _member(call, chat)
    if member.status != "administrator":
        raise bad_request("user is not an administrator")
    member.custom_title = call.get("custom_title")
    return True


def leave_chat(call: Call) -> bool:
    """Leave a group or channel."""
    chat = find_chat(call.account, call.get("chat_id"))
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    return _set(call, chat, Member(call.account.me, "left"))


def set_chat_detail(detail: str, unchanged: str) -> Any:
    """Build setChatDescription or setChatPermissions."""

    def method(call: Call) -> bool:
        chat = writable_chat(call.account, call.get("chat_id"))
        require_right(call.account, chat, "can_change_info", "not enough rights to change chat " + detail)
        value = call.get(detail) or ""
        if chat.details.get(detail, "") == value:
            raise bad_request(unchanged)
        chat.details[detail] = value
        return True

    return method


def set_chat_title(call: Call) -> bool:
    """Rename a chat; a service message tells so."""
    chat = writable_chat(call.account, call.get("chat_id"))
    require_right(call.account, chat, "can_change_info", "not enough rights to change chat title")
    if chat.title == call.get("title"):
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.title = call.get("title")
    incoming.announce(call.account, chat, {"new_chat_title": chat.title})
    return True


def export_invite_link(call: Call) -> str:
    """Make a new primary invite link."""
    return str(_invite(call, primary=True)["invite_link"])


def create_invite_link(call: Call) -> Json:
    """Make a further invite link."""
    return _invite(call, primary=False)


def _invite(call: Call, *, primary: bool) -> Json:
    chat = writable_chat(call.account, call.get("chat_id"))
    require_right(call.account, chat, "can_invite_users", "not enough rights to manage chat invite link")
    link = f"https://t.me/+{call.account.hub.unique(16)}"
    if primary:
        chat.details["invite_link"] = link
    body: Json = {
        "invite_link": link,
        "creator": call.account.me.body(),
        "creates_join_request": bool(call.get("creates_join_request")),
        "is_primary": primary,
        "is_revoked": False,
    }
    return body | {key: call.get(key) for key in ("name", "expire_date", "member_limit") if call.get(key)}
