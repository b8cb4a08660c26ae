"""Sixty photos of QR codes as people take them: turned, tilted, blurred, with glare, small, dark, on a bag."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

_ROOM = 300


def pictures(texts: list[str], count: int = 60, seed: int = 60) -> Iterator[tuple[str, str, bytes]]:
    """Yield what is wrong with a picture, its text, and the picture as JPEG."""
    rng = random.Random(seed)
    kinds = list(_KINDS)
    for number in range(count):
        kind, text = kinds[number % len(kinds)], texts[number % len(texts)]
        picture = _KINDS[kind](_photo(text, rng), rng)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=rng.choice((60, 75, 85)))
        yield kind, text, out.getvalue()


@cache
def _noise() -> Image.Image:
    """What photos are cut out of, each elsewhere: to make it takes longer than all the rest of a photo."""
    return Image.effect_noise((1280 + _ROOM, 960 + _ROOM), 40)


def _photo(text: str, rng: random.Random) -> Image.Image:
    """A code printed on a bag, somewhere in a photo of 1280 by 960."""
    out = io.BytesIO()
    segno.make(text, error=rng.choice("LMQ"), micro=False).save(out, kind="png", scale=9, border=4)
    code = Image.open(out).convert("L")
    left, top = rng.randrange(_ROOM), rng.randrange(_ROOM)
    photo = _noise().crop((left, top, left + 1280, top + 960)).point(lambda level: 90 + level // 3)
    size = rng.randint(360, 620)
    photo.paste(code.resize((size, size), Image.Resampling.BICUBIC), (rng.randint(40, 600), rng.randint(20, 300)))
    return photo


def _turned(photo: Image.Image, rng: random.Random) -> Image.Image:
    return photo.rotate(rng.uniform(-180, 180), Image.Resampling.BICUBIC, expand=True, fillcolor=120)


def _tilted(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Seen from the side: the far edge is shorter."""
    width, height = photo.size
    short = rng.uniform(0.10, 0.22) * height
    corners = (0, 0, 0, height, width, height - short, width, short)
    return photo.transform(photo.size, Image.Transform.QUAD, _shuffled(corners, rng), Image.Resampling.BICUBIC)


def _shuffled(corners: tuple[float, ...], rng: random.Random) -> tuple[float, ...]:
    return corners if rng.random() < 0.5 else tuple(value * 0.97 + 8 for value in corners)


def _blurred(photo: Image.Image, rng: random.Random) -> Image.Image:
    return photo.filter(ImageFilter.GaussianBlur(rng.uniform(1.5, 4.0)))


def _shaken(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Moved while taken: several times beside itself."""
    step = rng.randint(1, 2)
    mixed = photo
    for number in range(1, 4):
        mixed = Image.blend(
            mixed, photo.transform(photo.size, Image.Transform.AFFINE, (1, 0, step * number, 0, 1, 0)), 1 / (number + 1)
        )
    return mixed


def _glaring(photo: Image.Image, rng: random.Random) -> Image.Image:
    """A lamp in the shiny bag."""
    light = Image.new("L", photo.size, 0)
    x, y, r = rng.randint(200, 900), rng.randint(150, 650), rng.randint(60, 130)
    ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=rng.randint(120, 200))
    light = light.filter(ImageFilter.GaussianBlur(50))
    return Image.composite(Image.new("L", photo.size, 255), photo, light)


def _small(photo: Image.Image, rng: random.Random) -> Image.Image:
    """From far away, or sent small."""
    by = rng.uniform(0.2, 0.35)
    return photo.resize((round(photo.width * by), round(photo.height * by)), Image.Resampling.BILINEAR)


def _dark(photo: Image.Image, rng: random.Random) -> Image.Image:
    dim = ImageEnhance.Brightness(photo).enhance(rng.uniform(0.2, 0.4))
    return Image.blend(dim, Image.effect_noise(photo.size, 30), 0.08)


def _pale(photo: Image.Image, rng: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(photo).enhance(rng.uniform(0.15, 0.35))


def _torn(photo: Image.Image, rng: random.Random) -> Image.Image:
    """A scratch through it."""
    torn = photo.copy()
    start = (rng.randint(0, 600), rng.randint(0, 900))
    ImageDraw.Draw(torn).line((*start, start[0] + 700, start[1] - rng.randint(-300, 300)), fill=200, width=9)
    return torn


def _all_at_once(photo: Image.Image, rng: random.Random) -> Image.Image:
    return _blurred(_tilted(_turned(photo, rng), rng), random.Random(rng.random() * 0.5))


_KINDS = {
    "as it is": lambda photo, rng: photo, "turned": _turned, "tilted": _tilted, "blurred": _blurred, "shaken": _shaken,
    "glaring": _glaring, "small": _small, "dark": _dark, "pale": _pale, "torn": _torn, "all at once": _all_at_once,
    "turned and small": lambda photo, rng: _small(_turned(photo, rng), rng),
}  # fmt: skip
