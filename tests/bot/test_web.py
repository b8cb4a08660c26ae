"""The chat page over real HTTP: conversation, forms, limits, headers; text is only text."""

import re
import signal
import subprocess
import sys
from html.parser import HTMLParser

import httpx
import pytest

from bot.channels.web.protection import BODY_LIMIT, host_name
from bot.channels.web.server import PortError, address, listen
from catalog_db.conversations import ConversationsError, MemoryConversations, StoredConversations
from handlers.turn import Action
from tests.bot import script
from tests.bot.said_keys import ROOT
from tests.bot.site import scripted_app, serving

WORDING = script.test_wording()


@pytest.fixture(scope="module")
def served():
    """One server for the module: every test is a person of its own."""
    assistant = script.ScriptedAssistant()
    with serving(scripted_app(assistant=assistant)) as url:
        yield url, assistant


@pytest.fixture
def assistant(served):
    served[1].heard.clear()
    return served[1]


@pytest.fixture
def site(served):
    with httpx.Client(base_url=served[0], follow_redirects=True) as client:
        yield client


class Elements(HTMLParser):
    """The tags of a page and its attributes, as a browser would read them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def test_a_conversation_goes_on_over_requests(site):
    site.post("/say", data={"text": "你好"})
    page = site.post("/say", data={"text": "第几句"})
    assert "这是第 2 句。" in page.text
    assert page.text.index("你好") < page.text.index("第几句")
    assert "这是第 2 句。" in site.get("/").text


def test_a_stranger_sees_the_welcome_and_gets_no_cookie(site):
    page = site.get("/")
    assert page.status_code == 200
    assert WORDING.say("web.welcome") in page.text
    assert "set-cookie" not in page.headers


def test_two_people_do_not_mix(site):
    site.post("/say", data={"text": "第几句"})
    other = httpx.post(f"{site.base_url}/turn", data={"text": "第几句"})
    assert "这是第 1 句。" in other.text


def test_the_cookie_is_kept_from_scripts_and_other_sites(site):
    cookie = site.post("/turn", data={"text": "你好"}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert re.search(r"max-age=\d{6,}", cookie)


def test_a_button_does_what_was_offered(site, assistant):
    site.post("/say", data={"text": "哪些涂料有认证"})
    site.post("/turn", data={"text": "你好"})
    page = site.post("/turn", data={"press": "1-1"})
    assert (assistant.heard[-1].text, assistant.heard[-1].action) == ("便宜点的", script.LIST.choices[1].action)
    assert 'class="question"' in page.text
    assert "便宜点的" in page.text


@pytest.mark.parametrize("press", ["1-9", "9-0", "-", "1-", "a-b", "1-0-0", "¹-0", "1--1", "9" * 5000 + "-0"])
def test_a_button_that_was_never_offered_does_nothing(site, assistant, press):
    site.post("/say", data={"text": "哪些涂料有认证"})
    assert site.post("/turn", data={"press": press}).status_code == 200
    assert assistant.heard[-1].action is None


def test_a_product_title_asks_for_the_product(site, assistant):
    page = site.post("/say", data={"text": "哪些涂料有认证"})
    titles = [b["value"] for b in Elements(page.text).of("button") if b.get("class") == "title"]
    assert titles == ["1-3", "1-4", "1-5"]
    site.post("/turn", data={"text": "你好"})
    site.post("/turn", data={"press": titles[1]})
    pressed = assistant.heard[-1]
    assert (pressed.text, pressed.action) == ("禾木 竹炭内墙漆 5L", Action("show_product", ("SKU2",)))


def test_each_answer_of_a_message_has_its_own_buttons_each_label_once(site, assistant):
    page = site.post("/say", data={"text": "几件事"}).text
    first, second, third = page.split('class="part"')[1:]
    assert re.findall(r'value="1-(\d+)">([^<]+)<', first)[-3:] == [
        ("0", "再看几件"),
        ("1", "便宜点的"),
        ("2", "第 2 件细说"),
    ]
    assert re.findall(r'value="1-(\d+)">([^<]+)<', second) == [("3", "看证书")]
    assert "press" not in third.split("</form>")[0]
    site.post("/say", data={"press": "1-3"})
    assert assistant.heard[-1].text == "看证书"


def test_a_failure_is_said_in_words_and_loses_nothing(site):
    site.post("/turn", data={"text": "第几句"})
    page = site.post("/turn", data={"text": "出错"})
    assert page.status_code == 200
    assert WORDING.say("channel.failed") in page.text
    assert "Traceback" not in page.text
    assert "这是第 2 句。" in site.post("/turn", data={"text": "第几句"}).text


@pytest.mark.parametrize("text", ["", " \n", "\x00", "😀", "好" * 10_000, "\ud800".encode("utf-8", "surrogatepass")])
def test_any_text_is_answered(site, text):
    assert site.post("/turn", data={"text": text}).status_code == 200


def test_titles_and_questions_are_only_text(site):
    site.post("/say", data={"text": script.NASTY})
    page = site.post("/say", data={"text": "坏标题"})
    elements = Elements(page.text)
    assert elements.of("script") == [{"src": "/static/chat.js", "defer": None}]
    assert {image["src"] for image in elements.of("img")} == {"/static/leaf.svg"}
    for _, attributes in elements.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert not any((value or "").lower().startswith("javascript:") for value in attributes.values())


def test_links_lead_outside_only_by_http_and_tell_nothing(site):
    page = Elements(site.post("/say", data={"text": "细说"}).text)
    (link,) = [a for a in page.of("a") if a["href"].startswith("http")]
    assert link == {
        "class": "outside",
        "href": "https://shop.example/p/2?a=1&b=2",
        "target": "_blank",
        "rel": "noopener noreferrer",
    }


def test_clearing_deletes_the_conversation():
    kept = MemoryConversations()
    with serving(scripted_app(kept)) as url, httpx.Client(base_url=url, follow_redirects=True) as client:
        client.post("/say", data={"text": "第几句"})
        key = client.cookies["lvxuan"]
        assert kept.load(key)
        page = client.post("/forget")
        assert kept.load(key) is None
        assert "第几句" not in page.text
        assert "lvxuan" not in client.cookies


def test_a_conversation_survives_a_restart(tmp_path):
    file = tmp_path / "conversations.db"
    cookies = {}
    for turn in (1, 2):
        kept = StoredConversations(file)
        with serving(scripted_app(kept)) as url:
            page = httpx.post(f"{url}/turn", data={"text": "第几句"}, cookies=cookies)
            assert f"这是第 {turn} 句。" in page.text
            cookies = dict(page.cookies)
            assert page.text.count("turn-") == 1
        kept.close()


def test_a_turn_of_another_version_is_left_out():
    kept = MemoryConversations()
    with serving(scripted_app(kept)) as url, httpx.Client(base_url=url, follow_redirects=True) as client:
        client.post("/say", data={"text": "第几句"})
        old = kept.load(client.cookies["lvxuan"])
        turns = {1: {"version": 0, "strange": True}, 2: old.turns[1]}
        kept.save(client.cookies["lvxuan"], type(old)(old.session, turns), script.NOW)
        page = client.get("/")
        assert page.status_code == 200
        assert 'id="turn-2"' in page.text
        assert 'id="turn-1"' not in page.text


class FullDisk(MemoryConversations):
    """A disk that takes nothing any more."""

    def save(self, key, conversation, now):
        raise ConversationsError("disk full")


def test_an_answer_that_cannot_be_kept_is_still_given():
    with serving(scripted_app(FullDisk())) as url:
        page = httpx.post(f"{url}/turn", data={"text": "哪些涂料有认证"})
    assert "江晚305" in page.text
    assert WORDING.say("web.unkept") in page.text


def test_demonstration_data_is_marked_everywhere():
    with serving(scripted_app(demonstration=True)) as url:
        for path in ("/", "/notice", "/nowhere"):
            assert WORDING.say("web.demonstration") in httpx.get(url + path).text
    with serving(scripted_app()) as url:
        assert WORDING.say("web.demonstration") not in httpx.get(url).text


@pytest.mark.parametrize("path", ["/", "/notice", "/nowhere", "/static/chat.js", "/healthz"])
def test_every_response_is_strict(site, path):
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/say", "/turn", "/forget"])
def test_a_form_of_another_site_is_refused(site, assistant, path, headers):
    page = site.post(path, data={"text": "你好"}, headers=headers)
    assert page.status_code == 403
    assert WORDING.say("web.error.foreign") in page.text
    assert assistant.heard == []


def test_our_own_form_is_taken(site):
    origin = str(site.base_url).rstrip("/")
    assert site.post("/turn", data={"text": "你好"}, headers={"Origin": origin}).status_code == 200


def test_a_foreign_name_for_this_machine_is_refused(site):
    for path in ("/", "/notice"):
        assert site.get(path, headers={"Host": "evil.example"}).status_code == 400
    assert site.post("/turn", data={"text": "x"}, headers={"Host": "evil.example"}).status_code == 400


def test_other_hosts_can_be_allowed():
    with serving(scripted_app(hosts={"shop.example"})) as url:
        assert httpx.get(url, headers={"Host": "shop.example:8080"}).status_code == 200
        assert httpx.get(url).status_code == 400
    with serving(scripted_app(hosts={"*"})) as url:
        assert httpx.get(url, headers={"Host": "anything"}).status_code == 200


def test_a_body_that_is_too_large_is_refused(site):
    page = site.post("/turn", data={"text": "x" * BODY_LIMIT})
    assert page.status_code == 413
    assert WORDING.say("web.error.large") in page.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"text=%FF%FE", "application/x-www-form-urlencoded", 200),
        (b"\xff\xfe=&&&=", "application/x-www-form-urlencoded", 200),
        (b"&".join(b"a%d=1" % n for n in range(99)), "application/x-www-form-urlencoded", 400),
        (b'{"text": "x"}', "application/json", 415),
    ],
)
def test_a_strange_body_is_an_answer_or_a_clear_refusal(site, content, kind, status):
    assert site.post("/turn", content=content, headers={"Content-Type": kind}).status_code == status


@pytest.mark.parametrize("cookie", ["x", "../../etc/passwd", "'; drop table conversation --", "a" * 4000])
def test_a_strange_cookie_is_a_new_conversation(site, cookie):
    page = httpx.post(f"{site.base_url}/turn", data={"text": "第几句"}, cookies={"lvxuan": cookie})
    assert "这是第 1 句。" in page.text
    assert page.cookies["lvxuan"] != cookie


def test_what_is_not_there_is_said_in_words(site):
    assert WORDING.say("web.error.missing") in site.get("/nowhere").text
    assert site.get("/say").status_code == 405
    assert site.get("/static/../application.py").status_code == 404
    assert site.get("/static/%2e%2e/application.py").status_code == 404


def test_health(site):
    assert site.get("/healthz").json() == {"status": "ok"}


def test_a_taken_port_is_said_in_words():
    first = listen("127.0.0.1", 0, WORDING)
    port = first.getsockname()[1]
    with pytest.raises(PortError, match=f"{port} 端口已经有程序在用.*--port {port + 1}"):
        listen("127.0.0.1", port, WORDING)
    first.close()
    with pytest.raises(PortError, match="不让用"):
        listen("203.0.113.1", 0, WORDING)


def test_addresses():
    assert address("127.0.0.1", 80) == "http://127.0.0.1:80/"
    assert address("::1", 80) == "http://[::1]:80/"
    assert [host_name(h) for h in ("LocalHost:80", "[::1]:80", "[::1]", "a")] == ["localhost", "[::1]", "[::1]", "a"]


def test_the_server_tells_its_address_and_ends_on_ctrl_c(tmp_path):
    program = (
        "from bot.channels.web.server import serve\n"
        "from tests.bot.site import scripted_app, test_wording\n"
        "serve(scripted_app(), test_wording(), port=0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    try:
        url = re.search(rb"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0].decode()
        assert httpx.get(url + "healthz", timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.communicate()
