"""Workbooks for tests, written by hand: an xlsx is a zip of XML."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from tests.catalog_db.folders import Rows

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"

# Style 1 shows a number as a date (format 14), as a spreadsheet does with a typed 2025-01-01.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_workbook(path: Path, files: dict[str, Rows], *, dates: frozenset[str] = frozenset()) -> Path:
    """Write a workbook, a sheet for each file; numbers as numbers, the columns in `dates` (serial numbers) as dates."""
    names = list(files)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", _content_types(len(names)))
        book.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        sheets = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
        head = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        book.writestr("xl/workbook.xml", f"{head}<sheets>{sheets}</sheets></workbook>")
        targets = [("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)]
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")]))
        book.writestr("xl/styles.xml", _STYLES)
        for index, rows in enumerate(files.values(), 1):
            book.writestr(f"xl/worksheets/sheet{index}.xml", _sheet(rows, dates))
    return path


def _content_types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", _BOOK_TYPE), ("/xl/styles.xml", _STYLES_TYPE)]
    parts += [(f"/xl/worksheets/sheet{i}.xml", _SHEET_TYPE) for i in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    rels = (
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}'
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}</Types>'


def _relations(targets: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{index}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _sheet(rows: Rows, dates: frozenset[str]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [[_cell(column) for column in columns]]
    lines += [[_cell(row.get(column, ""), is_date=column in dates) for column in columns] for row in rows]
    body = "".join(f"<row>{''.join(cells)}</row>" for cells in lines)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(value: str, *, is_date: bool = False) -> str:
    if is_date:
        return f'<c s="1"><v>{value}</v></c>'
    if value.replace(".", "", 1).isdigit():
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
