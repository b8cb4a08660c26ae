"""The operator's handbook tells the truth: its example rows import, its commands and messages exist."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from catalog_db.database import open_database
from catalog_db.loading import load

ROOT = Path(__file__).parent.parent
HANDBOOK = (ROOT / "docs" / "运营手册.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?:csv|markdown) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^    |`)lvxuan ([a-z]+)((?: --[a-z-]+)*)", re.MULTILINE)
SENTENCE = re.compile(r"^\| ([^|]{6,}?) \| [^|]+ \|$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in BLOCK.findall(HANDBOOK):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_example_rows_make_a_catalogue_without_a_fault(folder: Path, tmp_path: Path) -> None:
    with_database = open_database(f"sqlite:///{tmp_path / 'example.db'}")
    report = load(folder, with_database, today=date(2026, 11, 22))
    with_database.close()
    assert (report.rejected, report.warnings) == (0, 0)


def test_every_file_of_the_catalogue_has_an_example() -> None:
    named = {name.split("/")[0].removesuffix(".csv") for name, _ in BLOCK.findall(HANDBOOK)}
    assert named == {
        "categories", "enterprises", "brands", "products", "certificates", "terms", "stores", "pavilions", "pilot_regions",
        "faqs", "services", "events", "rankings", "plans", "guides",
    }  # fmt: skip


@pytest.mark.parametrize(("command", "flags"), sorted(set(COMMAND.findall(HANDBOOK))))
def test_every_command_named_exists(command: str, flags: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(flag in said for flag in flags.split())


def test_every_message_explained_is_one_that_people_read() -> None:
    data = ROOT / "locales" / "zh_Hans_CN"
    texts = [data / "import-reasons.tsv", data / "LC_MESSAGES" / "command.po"]
    said = "".join(path.read_text(encoding="utf-8") for path in texts)
    trouble = HANDBOOK[HANDBOOK.index("## 10.") : HANDBOOK.index("**答得不对**")]
    pieces = [piece for row in SENTENCE.findall(trouble) for piece in re.split(r" ?… ?| / |，", row)]
    files = re.compile(r" ?\w+\.csv ?")
    missing = [piece for piece in pieces if len(files.sub("", piece)) > 3 and files.sub("", piece) not in said]
    assert missing == []
