"""Codes in photos: at least four in five are read, none is misread, and what is no picture is no accident."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.channels.telegram.codes import NoPicture, read_codes
from tests.bot.telegram.code_pictures import pictures

TEXTS = [
    "DEMO-LJ-25-190102", "https://t.me/lvxuan_bot?start=1pAbCdEfGhIjKYS190102", "https://example.cn/cert?no=DEMO-LJ-25-200202",
    "DEMO-HB-24-130502", "证书编号：DEMO-LC-24-110104", "WIFI:T:WPA;S=village;P=12345678;;",
]  # fmt: skip


def test_sixty_photos_of_codes() -> None:
    found = [(kind, text, read_codes(picture)) for kind, text, picture in pictures(TEXTS)]
    read = [one for one in found if one[2]]
    assert [one for one in read if one[2] != [one[1]]] == [], "misread"
    print(f"read {len(read)} of {len(found)}; missed:", [kind for kind, _, codes in found if not codes])
    assert len(found) == 60 and len(read) >= 48


def test_pictures_without_a_code_give_none() -> None:
    for level, noise in ((0, 0), (255, 0), (128, 60), (90, 120)):
        picture = Image.blend(Image.new("L", (900, 700), level), Image.effect_noise((900, 700), noise or 1), 0.5)
        out = io.BytesIO()
        picture.save(out, "PNG")
        assert read_codes(out.getvalue()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a\x20\x00\x10\x00", b"\xff\xd8\xff\xe0 broken", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + b"\0" * 40],
)
def test_what_is_no_picture_is_said_so(content: bytes) -> None:
    with pytest.raises(NoPicture):
        read_codes(content)


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(NoPicture):
        read_codes(out.getvalue())
