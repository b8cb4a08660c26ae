"""The sheet for the notice board: A4, black on white, the code large enough to be read from a step away."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode

from bot.share_card import qr
from bot.shared import Shared
from bot.typeface import FONT, drawable

_MARGIN, _WIDTH, _QR = 18.0, 174.0, 46.0  # mm
_FOOT = _QR + 22  # mm at the end of every page
_INDENT = 6.0
_FAMILY = "noto"
_FEW = 8  # entries; so many or fewer are printed larger: a wall is read from farther than a phone

Line = tuple[str, float, float]  # text, size in points, indent in mm


def sheet(shared: Shared, page: Callable[[int], str] = str) -> bytes:
    """Lay out a list on as many pages as it needs; return the PDF. Every page ends with the code and says which `page` it is."""
    few = len(shared.entries) <= _FEW
    name, fact = (17, 14) if few else (14, 12)
    pdf = _Sheet(shared, page)
    pdf.add_page()
    pdf.put([(shared.head, 22, 0), *((text, fact, 0) for text in shared.changed)])
    for title, entry in zip(shared.titles, shared.entries, strict=True):
        pdf.ln(3 if few else 2)
        pdf.put([(title, name, 0), *((line, fact, _INDENT) for line in entry.lines)])
    pdf.ln(3)
    pdf.put([(text, name, 0) for text in shared.totals])
    return bytes(pdf.output())


class _Sheet(FPDF):
    def __init__(self, shared: Shared, page: Callable[[int], str]) -> None:
        super().__init__(format="A4")
        self._shared, self._page = shared, page
        drawn = io.BytesIO()
        if shared.link:
            qr(shared.link, 600).save(drawn, "PNG")
        self._code = drawn.getvalue()
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_FOOT)
        self.add_font(_FAMILY, "", str(FONT))

    def put(self, lines: Sequence[Line]) -> None:
        """Write lines that stay together on one page."""
        drawn = [(drawable(text), size, indent) for text, size, indent in lines]
        if self.get_y() > _MARGIN and self.will_page_break(sum(self._height(*line) for line in drawn)):
            self.add_page()
        for text, size, indent in drawn:
            self._line(text, size, indent)

    def _height(self, text: str, size: float, indent: float) -> float:
        self.set_font(_FAMILY, size=size)
        tall = self.multi_cell(
            _WIDTH - indent, size * 0.5, text, align="L", wrapmode=WrapMode.CHAR, dry_run=True, output=MethodReturnValue.HEIGHT
        )  # fmt: skip
        assert isinstance(tall, float)  # noqa: S101 - one value was asked for
        return tall

    def _line(self, text: str, size: float, indent: float = 0, width: float = _WIDTH) -> None:
        self.set_font(_FAMILY, size=size)
        self.set_x(_MARGIN + indent)
        self.multi_cell(
            width - indent, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR
        )

    def footer(self) -> None:
        """End a page: the code in words and as a picture."""
        top, width = self.h - _FOOT + 4, _WIDTH - _QR - 6
        self.set_draw_color(180)
        self.line(_MARGIN, top - 2, _MARGIN + _WIDTH, top - 2)
        if self._code:
            self.image(io.BytesIO(self._code), _MARGIN + _WIDTH - _QR, top, _QR, _QR)
        self.set_y(top + 1)
        if self._shared.code:
            self._line(self._shared.code, 30, width=width)
        for text in (self._shared.code_line, self._shared.check, self._shared.disclosure):
            if text:
                self._line(drawable(text), 11.5, width=width)
        self.set_y(self.h - 12)
        self._line(self._page(self.page_no()), 10)
