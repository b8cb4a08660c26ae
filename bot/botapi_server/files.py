"""Files: uploads, ids that belong to one bot and one kind, sizes of pictures."""

from __future__ import annotations

import struct
from typing import Any

from bot.botapi_server.account import Account
from bot.botapi_server.call import Call
from bot.botapi_server.errors import ApiError, bad_request
from bot.botapi_server.spec import Upload
from bot.botapi_server.state import Json, StoredFile

_PREFIX = {
    "photo": "AgACAg", "document": "BQACAg", "video": "BAACAg", "voice": "AwACAg", "audio": "CQACAg",
    "animation": "CgACAg", "sticker": "CAACAg", "video_note": "DQACAg",
}  # fmt: skip
_NAMES = {"photo": "Photo", "document": "Document", "video": "Video", "voice": "VoiceNote", "audio": "Audio", "animation": "Animation", "sticker": "Sticker", "video_note": "VideoNote"}  # fmt: skip
_FOLDERS = {"photo": "photos", "document": "documents", "video": "videos", "voice": "voice", "audio": "music", "animation": "animations", "sticker": "stickers", "video_note": "video_notes"}  # fmt: skip
# Bot API, "Sending files": 10 MB for photos, 50 MB for the rest; getFile up to 20 MB.
MOST_PHOTO_BYTES = 10 * 1024 * 1024
MOST_UPLOAD_BYTES = 50 * 1024 * 1024
MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024


def keep_file(account: Account, kind: str, filename: str, mime_type: str, content: bytes | None) -> StoredFile:
    """Store a file and give it its ids."""
    file_id = _PREFIX[kind] + account.hub.unique(48)
    suffix = filename.rpartition(".")[2] or "bin"
    path = f"{_FOLDERS[kind]}/file_{len(account.files)}.{suffix}"
    stored = StoredFile(file_id, account.hub.unique(15), filename, mime_type, content, path)
    account.files[file_id] = stored
    return stored


def take_file(call: Call, value: Any, kind: str) -> StoredFile:
    """Find or store the file that a call names: an upload, attach://…, a URL or a file id."""
    if isinstance(value, str) and value.startswith("attach://"):
        name = value.removeprefix("attach://")
        if name not in call.uploads:
            raise bad_request(f"there is no file with the name {name!r} in the request")
        value = call.uploads[name]
    if isinstance(value, Upload):
        return _keep_upload(call, value, kind)
    if value.startswith(("http://", "https://")):
        # Nothing is fetched: the server never talks to anything but loopback.
        return keep_file(call.account, kind, value.rpartition("/")[2] or "file", "application/octet-stream", None)
    stored = call.account.files.get(value)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    actual = next(name for name, prefix in _PREFIX.items() if stored.file_id.startswith(prefix))
    if actual != kind:
        raise bad_request(f"can't use file of type {_NAMES[actual]} as {_NAMES[kind]}")
    return stored


def _keep_upload(call: Call, upload: Upload, kind: str) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MOST_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.content) > MOST_PHOTO_BYTES:
        raise bad_request(f"too big for a photo; the maximum size is {MOST_PHOTO_BYTES} bytes")
    if kind == "photo" and picture_size(upload.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return keep_file(call.account, kind, upload.filename, upload.mime_type, upload.content)


def file_body(stored: StoredFile) -> Json:
    """Build the `File` object of getFile."""
    body = base_body(stored)
    body["file_path"] = stored.path
    return body


def base_body(stored: StoredFile) -> Json:
    """Build what every kind of file shows of itself."""
    body: Json = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
    if stored.content is not None:
        body["file_size"] = len(stored.content)
    return body


def photo_body(stored: StoredFile) -> list[Json]:
    """Build the sizes of a photo; a photo of unknown size counts as 800 by 600."""
    width, height = picture_size(stored.content or b"") or (800, 600)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return [{**base_body(stored), "width": width, "height": height}]


def media_body(kind: str, stored: StoredFile, given: Json) -> Any:
    """Build the object of a message for a file of `kind`, with what the call told about it."""
    if kind == "photo":
        return photo_body(stored)
    body = base_body(stored)
    if kind in {"document", "video", "animation", "audio"}:
        body |= {"file_name": stored.filename, "mime_type": stored.mime_type}
    if kind == "voice":
        body["mime_type"] = stored.mime_type
    if kind in {"video", "animation", "sticker"}:
        body |= {"width": given.get("width", 640), "height": given.get("height", 360)}
    if kind in {"video", "animation", "audio", "voice", "video_note"}:
        body["duration"] = int(given.get("duration", 1))
    if kind == "video_note":
        body["length"] = given.get("length", 240)
    if kind == "sticker":
        body |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return body | {key: given[key] for key in ("performer", "title") if kind == "audio" and key in given}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Read width and height of a PNG, GIF, WebP or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:4] == b"GIF8" and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return _jpeg_size(content) if content[:2] == b"\xff\xd8" else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
