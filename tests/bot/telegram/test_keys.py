"""The key file and what it seals."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.channels.telegram.key_rotation import rotate_keys
from bot.channels.telegram.keys import KeyFileError, KeyRing, load_keys, make_keys, save_keys
from catalog_db.journal.opening import open_journal
from tests.catalog_db.journal.conftest import START, said


def test_the_key_file_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lvxuan.key"
    keys = load_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(path) == keys
    assert [item.name for item in path.parent.iterdir()] == ["lvxuan.key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k"
    load_keys(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"pseudonyms": "AAAA", "seals": []}', "\x00\xff"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "k"
    path.write_text(content, "utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=str(path)):
        load_keys(path)


def test_what_is_sealed_shows_nothing_and_bears_no_change() -> None:
    ring = KeyRing(make_keys())
    sealed = ring.seal("电话 13800138000".encode(), "update")
    assert b"13800138000" not in sealed
    assert sealed != ring.seal("电话 13800138000".encode(), "update")
    assert ring.open(sealed, "update") == "电话 13800138000".encode()
    for position in range(len(sealed)):
        changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(ValueError, match="sealed"):
            ring.open(changed, "update")
    for short in (b"", sealed[:3], sealed[:10], sealed[:-1]):
        with pytest.raises(ValueError, match="sealed"):
            ring.open(short, "update")
    with pytest.raises(ValueError, match="purpose"):
        ring.open(sealed, "session")


def test_pseudonyms_are_the_same_for_a_key_and_differ_between_keys() -> None:
    keys = make_keys()
    assert KeyRing(keys).pseudonym("7") == KeyRing(keys.with_new_seal().newest_only()).pseudonym("7")
    assert KeyRing(keys).pseudonym("7") != KeyRing(make_keys()).pseudonym("7")
    assert len(KeyRing(keys).pseudonym("7")) == 16


def test_rotation_by_command(tmp_path: Path) -> None:
    path, url = tmp_path / "k", f"sqlite:///{tmp_path / 'j.db'}"
    before = load_keys(path)
    journal = open_journal(url, KeyRing(before), 1)
    journal.store([said(1)], START).result()
    journal.close()
    assert rotate_keys(path, url, 1) == 2
    after = load_keys(path)
    assert len(after.seals) == 1
    assert after.seals != before.seals
    journal = open_journal(url, KeyRing(after), 1)
    assert [claim.number for claim in journal.claim(1, START).result()] == [1]
    journal.close()


def test_a_rotation_that_broke_off_is_finished_by_the_next(tmp_path: Path) -> None:
    path, url = tmp_path / "k", f"sqlite:///{tmp_path / 'j.db'}"
    keys = load_keys(path)
    journal = open_journal(url, KeyRing(keys), 1)
    journal.store([said(1)], START).result()
    journal.close()
    save_keys(path, keys.with_new_seal())  # the new key is written, nothing is sealed anew yet
    assert rotate_keys(path, url, 1) == 2
    assert len(load_keys(path).seals) == 1
