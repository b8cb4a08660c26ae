"""`lvxuan staff`: the first lead, invitations, the list, dismissal, and what is refused. On both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.channels.telegram.configuration import key_path
from bot.channels.telegram.keys import KeyRing, load_keys
from bot.settings import load_settings
from catalog_db.database import Database, open_database
from catalog_db.journal import desk, desk_staff
from catalog_db.journal.books import Books
from tests.databases import postgres_journal, postgresql_journal_url, sqlite_journal_url
from tests.postgres import postgres_server

__all__ = ["postgres_journal", "postgres_server", "postgresql_journal_url", "sqlite_journal_url"]

Staff = Callable[..., tuple[int, str]]
NOW = 1_795_000_000.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of each kind, and the settings of a bot on it."""
    url = str(request.getfixturevalue(f"{request.param}_journal_url"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LVXUAN_HOME", str(tmp_path))
    monkeypatch.setenv("LVXUAN_DATABASE_URL", url)
    monkeypatch.setenv("LVXUAN_TELEGRAM_TOKEN", "12:abcdef")
    return url


@pytest.fixture
def staff(url: str, capsys: pytest.CaptureFixture[str]) -> Staff:
    """Run the command; give its exit status and what it says."""

    def run(*words: str) -> tuple[int, str]:
        status = main(["staff", *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


def _books(database: Database, tmp_path: Path) -> Callable[[Callable[[Books], object]], object]:
    settings = load_settings({}, folder=tmp_path)
    ring = KeyRing(load_keys(key_path(settings)))

    def run(do: Callable[[Books], object]) -> object:
        with database.writing() as connection:
            return do(Books(connection, 12, NOW, ring))

    return run


def test_the_first_lead_is_appointed_and_listed(staff: Staff) -> None:
    assert staff("list") == (0, "还没有客服。先任命组长：lvxuan staff appoint 号码 --name 名字\n")
    status, said = staff("appoint", "101", "--name", "老赵")
    assert status == 0 and "老赵" in said and "客服组长" in said
    status, said = staff("list")
    assert status == 0 and said.splitlines() == ["老赵（101）客服组长"]
    staff("appoint", "101")  # again: the name stays
    assert "老赵（101）客服组长" in staff("list")[1]


def test_who_is_meant_must_be_said_and_known(staff: Staff) -> None:
    for words in (["appoint"], ["invite"], ["dismiss"], ["appoint", "-5"]):
        status, said = staff(*words)
        assert status == 2 and "号码" in said
    status, said = staff("dismiss", "7")
    assert status == 2 and "7" in said
    with pytest.raises(SystemExit):
        staff("invite", "5", "--role", "boss")
    with pytest.raises(SystemExit):
        staff("appoint", "老赵")


def test_without_a_token_it_says_what_is_missing(staff: Staff, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LVXUAN_TELEGRAM_TOKEN")
    status, said = staff("list")
    assert status != 0 and "LVXUAN_TELEGRAM_TOKEN" in said


def test_the_last_lead_stays_another_may_go(staff: Staff) -> None:
    staff("appoint", "101", "--name", "老赵")
    for words in (["dismiss", "101"], ["appoint", "101", "--role", "agent"]):
        status, said = staff(*words)
        assert status == 2 and "最后一位组长" in said
    staff("appoint", "102", "--name", "老钱")
    status, said = staff("dismiss", "101")
    assert status == 0 and "老赵" in said
    assert staff("list")[1].splitlines() == ["老钱（102）客服组长"]
    assert staff("dismiss", "101")[0] == 2


def test_an_invitation_is_good_once_for_one_person(staff: Staff, database: Database, tmp_path: Path) -> None:
    status, said = staff("invite", "55", "--role", "auditor")
    assert status == 0 and "55" in said and "只看不答" in said
    token = said.splitlines()[1].removeprefix("/start desk-")
    within = _books(database, tmp_path)
    assert within(lambda books: desk_staff.accept(books, token, 66, "小偷")) is None
    assert within(lambda books: desk_staff.accept(books, token, 55, "审计员")) is not None
    assert within(lambda books: desk_staff.accept(books, token, 55, "审计员")) is None
    assert staff("list")[1].splitlines() == ["审计员（55）只看不答的人"]


def test_tickets_of_who_is_dismissed_are_free_again(staff: Staff, database: Database, tmp_path: Path) -> None:
    staff("appoint", "101", "--name", "老赵")
    staff("appoint", "102", "--name", "小陈", "--role", "agent")
    within = _books(database, tmp_path)

    def claimed(books: Books) -> int:
        who = desk.welcome(books, 9, "王婶", -5)
        ticket, _ = desk.begin(books, who, "want", None)
        assert desk.claim(books, ticket.id, books.key(102))
        desk.change_person(books, who.key, titled="shown")
        return ticket.id

    number = within(claimed)
    assert isinstance(number, int)
    staff("dismiss", "102")
    ticket = within(lambda books: desk.ticket(books, number))
    assert isinstance(ticket, desk.Ticket) and (ticket.state, ticket.owner) == ("open", None)
    who = within(lambda books: desk.person(books, 9))
    assert isinstance(who, desk.Person) and who.titled is None
