"""The sheet for the notice board: A4, black on white, the code large enough to be read from a step away."""

from __future__ import annotations

import io
from typing import cast

from fpdf import FPDF
from fpdf.enums import WrapMode

from bot.share_card import FONT, qr
from bot.shared import Shared

_MARGIN, _WIDTH, _QR = 18.0, 174.0, 42.0  # mm
_FAMILY = "noto"


def sheet(shared: Shared) -> bytes:
    """Lay out a list on as many pages as it needs; return the PDF. Every page ends with the code."""
    pdf = _Sheet(shared)
    pdf.add_page()
    pdf.write_text(shared.head, 20)
    for text in shared.changed:
        pdf.write_text(text, 12)
    for number, entry in enumerate(shared.entries, 1):
        with pdf.unbreakable() as recorder:
            block = cast(FPDF, recorder)  # it takes every call of a page
            block.ln(2)
            _text(block, f"{number}. {entry.title}", 14)
            for line in entry.lines:
                _text(block, line, 12, indent=6)
    pdf.ln(3)
    for text in shared.totals:
        pdf.write_text(text, 14)
    return bytes(pdf.output())


def _text(pdf: FPDF, text: str, size: float, indent: float = 0) -> None:
    pdf.set_font(_FAMILY, size=size)
    pdf.set_x(_MARGIN + indent)
    pdf.multi_cell(_WIDTH - indent, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR)


class _Sheet(FPDF):
    def __init__(self, shared: Shared) -> None:
        super().__init__(format="A4")
        self._shared = shared
        drawn = io.BytesIO()
        if shared.link:
            qr(shared.link, 600).save(drawn, "PNG")
        self._code = drawn.getvalue()
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_QR + 24)
        self.add_font(_FAMILY, "", str(FONT))

    def write_text(self, text: str, size: float) -> None:
        _text(self, text, size)

    def footer(self) -> None:
        top = self.h - _QR - 18
        self.set_draw_color(180)
        self.line(_MARGIN, top - 2, _MARGIN + _WIDTH, top - 2)
        if self._code:
            self.image(io.BytesIO(self._code), _MARGIN + _WIDTH - _QR, top, _QR, _QR)
        self.set_y(top + 2)
        self.set_font(_FAMILY, size=28)
        if self._shared.code:
            self.cell(_WIDTH - _QR - 6, 14, self._shared.code, new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, size=10)
        for text in (self._shared.code_line, self._shared.check, self._shared.disclosure):
            if text:
                self.multi_cell(
                    _WIDTH - _QR - 6, 5.2, text, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR
                )
