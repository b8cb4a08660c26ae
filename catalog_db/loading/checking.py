"""From the rows of one file to values for its table: the fault table of the format, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_db.loading.cells import Fault, Parser, text
from catalog_db.loading.columns import Column, File
from catalog_db.loading.delimited import Row
from catalog_db.loading.report import Entry
from catalog_db.loading.sources import Sheet

Values = dict[str, Any]
_Plan = list[
    tuple[int, str, Parser, Column]
]  # which cell, its field, its reader; apart because they are needed per cell
_PLACES_LIKE = "categories"  # lists in which empty means all


@dataclass(slots=True)
class Known:
    """The identifiers that have loaded so far, by file; what else is referred to is unknown."""

    ids: dict[str, set[str]] = field(default_factory=dict)

    def of(self, file: str) -> set[str]:
        """Give the identifiers of a file."""
        return self.ids.setdefault(file, set())


@dataclass(slots=True)
class Checker:
    """Checks the rows of one file, one after the other, and collects what is wrong with them."""

    file: File
    known: Known
    note: Callable[[Entry], None]
    rejected: int = 0
    path: str = ""
    _seen: dict[str, int | str] = field(default_factory=dict)
    _line: int = 0
    _unnamed: list[int] = field(default_factory=list)
    _defaults: list[tuple[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._defaults = [(c.stored_as, c.default) for c in self.file.columns if c.default is not None]

    def rows(self, sheet: Sheet) -> Iterator[Values]:
        """Give the values of each good row: field → value, unknown ones left out (their default where they have one)."""
        self.path = self.path or self.file.path
        plan, extra = self._plan(sheet.columns)
        width = len(sheet.columns)
        absent = [c for c in self.file.columns if c.required and c.name not in sheet.columns]
        for row in sheet.rows:
            values = self._row(row, width, plan, extra, absent)
            if values is None:
                self.rejected += 1
            else:
                yield values

    def _plan(self, names: list[str]) -> tuple[_Plan, list[tuple[int, str]]]:
        """Match the file's header: which cell is which column, which are attributes."""
        columns = {column.name: column for column in self.file.columns}
        plan: _Plan = []
        extra: list[tuple[int, str]] = []
        for index, name in enumerate(names):
            if name and name in names[:index]:
                self._note("warning", name, name, "column.repeated", line=1)
            elif name in columns:
                column = columns[name]
                plan.append((index, column.stored_as, column.parse, column))
            elif self.file.open_columns and name:
                extra.append((index, name))
            elif name:
                self._note("warning", name, name, "column.unknown", line=1)
            else:
                self._unnamed.append(index)
        return plan, extra

    def _warn_of_unnamed(self, cells: list[str]) -> None:
        """Warn once of a column without a name, at its first cell that holds something: spreadsheets leave empty ones."""
        for index in [index for index in self._unnamed if cells[index].strip()]:
            self.warn("", cells[index], Fault("column.unnamed"))
            self._unnamed.remove(index)

    def _row(
        self,
        row: Row,
        width: int,
        plan: _Plan,
        extra: list[tuple[int, str]],
        absent: list[Column],
    ) -> Values | None:
        self._line, found = row
        if isinstance(found, Fault):
            self.reject("", "", found)
            return None
        cells = found if len(found) == width else self._fitted(found, width)
        if cells is None:
            return None
        if self._unnamed:
            self._warn_of_unnamed(cells)
        values, good = self._parsed(cells, plan)
        for column in absent:
            good = self.reject(column.name, "", Fault("required.empty"))
        if extra and (
            attributes := {name: text(cells[index].strip()) for index, name in extra if cells[index].strip()}
        ):
            values["attributes"] = attributes
        return self._accepted(values) if good else None

    def _fitted(self, cells: list[str], width: int) -> list[str] | None:
        """Give a row of the header's width; a shorter one is cut, a longer one has cells that belong nowhere."""
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        key = "cells.few" if len(cells) < width else "cells.many"
        self.reject("", "|".join(cells), Fault(key, expected=width, found=len(cells)))
        return None

    def _parsed(self, cells: list[str], plan: _Plan) -> tuple[Values, bool]:
        values: Values = {}
        good = True
        for index, field_name, parse, column in plan:
            cell = cells[index].strip()
            if not cell:
                if column.required:
                    good = self.reject(column.name, "", Fault("required.empty"))
                continue
            try:
                value = parse(cell)
                values[field_name] = self._referred(column, value) if column.refers else value
            except Fault as fault:
                good = self.reject(column.name, cell, fault)
        return values, good

    def _accepted(self, values: Values) -> Values | None:
        """Apply the rules that look at the whole row, then the one of unique identifiers."""
        for name, default in self._defaults:
            values.setdefault(name, default)
        check = _WHOLE_ROW.get(self.file.name)
        if check is not None and not check(self, values):
            return None
        if self.file.name == "terms":  # has no identifier: the same word twice is no fault
            return values
        key = values[self.file.key]
        if key in self._seen:
            self.reject(self.file.key, key, self._twice(self._seen[key]))
            return None
        self._seen[key] = self._line if self.path == self.file.path else self.path
        return values

    @staticmethod
    def _twice(first: int | str) -> Fault:
        return Fault("duplicate" if isinstance(first, int) else "duplicate.guide", first=first)

    def _referred(self, column: Column, value: Any) -> Any:
        """Leave out references that are unknown, each with a warning, or reject the row for them."""
        file = column.refers or ""
        known = self.known.of(file)
        if file == self.file.name:
            return value  # rows of one file refer to each other: checked when all are read
        if not column.many:
            if value in known:
                return value
            if column.must_exist:
                raise Fault("category.unknown", value=value)
            self.unknown(column.name, value, file)
            return None
        found = tuple(code for code in value if code in known)
        if len(found) == len(value):
            return value
        # An empty list of categories would mean all of them: then the unknown ones stay and match nothing.
        kept = not found and file == _PLACES_LIKE
        for code in value:
            if code not in known:
                self.unknown(column.name, code, file, kept=kept)
        return value if kept else found

    def unknown(self, column: str, value: str, file: str, *, kept: bool = False) -> None:
        """Note a reference of the row at hand to something that the file does not have."""
        key = "reference.kept" if kept else "reference.unknown"
        self._note("warning", column, value, key, {"file": f"{file}.csv", "value": value})

    def warn(self, column: str, value: str, fault: Fault) -> None:
        """Note a warning about the row at hand."""
        self._note("warning", column, value, fault.key, fault.values)

    def reject(self, column: str, value: str, fault: Fault) -> bool:
        """Note that the row at hand is rejected; gives False, for it is not good."""
        self._note("rejected", column, value, fault.key, fault.values)
        return False

    def _note(
        self,
        level: str,
        column: str,
        value: str,
        key: str,
        values: Mapping[str, object] | None = None,
        *,
        line: int | None = None,
    ) -> None:
        where = self._line if line is None else line
        self.note(Entry(level, self.path, where, column, value, key, values or {}))

    @property
    def line(self) -> int:
        """Give the line of the row at hand."""
        return self._line

    def at(self, line: int) -> None:
        """Take up the row of a line again."""
        self._line = line


def _certificate(checker: Checker, values: Values) -> bool:
    if values["expires_on"] < values["issued_on"]:
        issued, expires = values["issued_on"].isoformat(), values["expires_on"].isoformat()
        return checker.reject("expires_on", expires, Fault("dates.reversed", issued_on=issued, expires_on=expires))
    if values.get("grade") is not None and values["scheme"] != "green_building_material":
        checker.warn("grade", str(values.pop("grade")), Fault("grade.scheme"))
    return True


def _term(checker: Checker, values: Values) -> bool:
    kind, value = values["kind"], values["value"]
    if kind == "attribute":
        name, sign, worth = value.partition("=")
        if not (sign and name.strip() and worth.strip()):
            return checker.reject("value", value, Fault("term.attribute"))
        values["value"] = f"{name.strip()}={worth.strip()}"
    file = {"category": "categories", "brand": "brands"}.get(kind)
    if file and value not in checker.known.of(file):
        checker.unknown("value", value, file, kept=True)
    return True


_WHOLE_ROW: dict[str, Callable[[Checker, Values], bool]] = {"certificates": _certificate, "terms": _term}
