"""QR codes and barcodes in a picture. Printed text is not read.

Only kinds of codes whose checksum tells a misread one from a read one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

MOST_PIXELS = 40_000_000  # a larger picture is not opened: it may be made to fill the memory
MOST_CODES = 4
_LONG_SIDE = 2400  # pixels that are looked at
_SHORT_SIDE = 700  # a smaller picture is looked at enlarged too
_MOST_TEXT = 1000  # characters of a code; more holds nothing that we know
_FORMATS = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.MicroQRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.EAN13,
)


class NoPicture(Exception):  # noqa: N818 - said of what was sent
    """The file is no picture that can be opened."""


def read_codes(content: bytes) -> list[str]:
    """Return the texts of the codes in a picture, none twice. Takes up to a second: not for the event loop. Raises NoPicture."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture
            picture = ImageOps.exif_transpose(opened).convert("L")
    except NoPicture:
        raise
    except Exception as error:  # Pillow raises a dozen unrelated types on damaged files
        raise NoPicture from error
    for looked_at in _ways(picture):
        found = zxingcpp.read_barcodes(
            looked_at, formats=zxingcpp.BarcodeFormats(_FORMATS), try_rotate=True, try_downscale=True, try_invert=True
        )
        texts = dict.fromkeys(code.text.strip() for code in found if code.valid)
        if any(texts):
            return [text[:_MOST_TEXT] for text in texts if text][:MOST_CODES]
    return []


def _ways(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture as it is, then in other sizes, sharper, softer and with more contrast."""
    long = max(picture.size)
    base = _scaled(picture, _LONG_SIDE / long) if long > _LONG_SIDE else picture
    yield base
    if min(base.size) < _SHORT_SIDE:
        larger = _scaled(base, min(4.0, 2 * _SHORT_SIDE / min(base.size)))
        yield larger
        yield larger.filter(ImageFilter.UnsharpMask(4, 250, 2))
    yield ImageOps.autocontrast(base, cutoff=2)
    yield _scaled(base, 0.5)
    yield base.filter(ImageFilter.UnsharpMask(6, 300, 2))
    yield ImageOps.equalize(base)
    yield base.filter(ImageFilter.MedianFilter(5))
    yield _scaled(base, 0.33)
    yield ImageOps.autocontrast(base.filter(ImageFilter.GaussianBlur(2)), cutoff=5)


def _scaled(picture: Image.Image, by: float) -> Image.Image:
    size = (max(1, round(picture.width * by)), max(1, round(picture.height * by)))
    return picture.resize(size, Image.Resampling.LANCZOS)
