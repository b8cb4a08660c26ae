"""Loading a catalogue folder, zip or workbook into the database, and writing one back.

`load` reads and replaces the whole catalogue in one transaction; `export` writes the folder. The format is
"The catalogue folder, version 1"; its columns are in `columns`, its faults in `checking`.
"""

from catalog_db.loading.importing import load
from catalog_db.loading.report import Report

__all__ = ["Report", "load"]
