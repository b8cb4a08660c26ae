"""The chat page in a real browser: on a phone and on a desk, with and without its script, nothing from outside."""

from urllib.parse import urlsplit

import pytest

from bot.channels.web.application import create_app
from catalog_db.conversations import MemoryConversations, StoredConversations
from tests.bot import script
from tests.bot.site import scripted_app, serving
from tests.browser import DESKTOP, PHONE

WORDING = script.test_wording()
EVERYTHING = ["哪些涂料有认证", "细说", "比一比", "怎么挑", "长", "几件事", "坏标题"]


@pytest.fixture(scope="module")
def url():
    with serving(scripted_app(demonstration=True)) as url:
        yield url


@pytest.fixture
def page(browser, url):
    yield from _page(browser, url, viewport=PHONE)


def _page(browser, url, **options):
    """A page that has seen no error and asked nobody but us; both are checked at the end."""
    context = browser.new_context(**options)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url)
    yield page
    context.close()
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(url).netloc}
    assert errors == []


def ask(page, text):
    turns = page.locator(".turn[id]").count()
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.locator(".turn[id]").nth(turns).wait_for()
    return page.locator(".turn[id]").nth(turns)


def test_a_question_is_answered_on_the_page(page):
    turn = ask(page, "哪些涂料有认证")
    assert turn.locator(".said").inner_text() == "哪些涂料有认证"
    assert turn.locator(".entry").count() == 3
    assert page.locator(".typing").count() == 0
    assert page.locator("#text").input_value() == ""


def test_a_button_is_pressed(page):
    turn = ask(page, "哪些涂料有认证")
    turn.get_by_role("button", name="便宜点的").click()
    page.locator("#turn-2 .compare").wait_for()
    assert page.locator("#turn-2 .said").inner_text() == "便宜点的"


def test_a_title_is_pressed(page):
    ask(page, "哪些涂料有认证").get_by_role("button", name="禾木").click()
    page.locator("#turn-2").wait_for()
    assert page.locator("#turn-2 .said").inner_text() == "禾木 竹炭内墙漆 5L"


def test_an_example_is_pressed(page):
    first = page.locator(".examples button").first
    text = first.inner_text()
    first.click()
    page.locator("#turn-1").wait_for()
    assert page.locator("#turn-1 .said").inner_text() == text


def test_the_conversation_is_there_after_a_reload(page):
    ask(page, "哪些涂料有认证")
    page.reload()
    assert page.locator("#turn-1 .entry").count() == 3
    ask(page, "第几句")
    assert "这是第 2 句。" in page.locator("#turn-2").inner_text()


def test_it_is_cleared_after_a_question_back(page):
    ask(page, "哪些涂料有认证")
    page.get_by_role("button", name=WORDING.say("web.forget"), exact=True).click()
    page.wait_for_load_state()
    assert page.locator(".turn").count() == 0


def test_enter_while_composing_sends_nothing(page):
    page.fill("#text", "ruj")
    page.dispatch_event("#text", "keydown", {"key": "Enter", "isComposing": True})
    page.dispatch_event("#text", "keydown", {"key": "Enter", "keyCode": 229})
    page.keyboard.press("Shift+Enter")
    assert page.locator(".turn").count() == 0
    assert page.locator("#text").input_value() == "ruj\n"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen_and_everything_can_be_touched(browser, url, viewport):
    for page in _page(browser, url, viewport=viewport):
        for text in EVERYTHING:
            ask(page, text)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= viewport["width"], text
        small = page.evaluate(
            "[...document.querySelectorAll('.choices button, .examples button, #ask button, .quiet')]"
            ".filter(b => b.getBoundingClientRect().height < 44).map(b => b.textContent)"
        )
        assert small == []
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.line')).fontSize)")
        assert size >= 16


def test_nothing_that_comes_from_data_runs(page):
    page.evaluate("window.alert = () => { window.ran = true }")
    ask(page, script.NASTY)
    ask(page, "坏标题")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran === undefined")
    assert page.evaluate("document.querySelectorAll('main script, main img, main [onerror]').length") == 0
    assert script.NASTY in page.locator("#turn-1 .said").text_content()


def test_colours_can_be_told_apart(page):
    """WCAG contrast of every text on the page: 4.5 to 1 or more."""
    for text in ("哪些涂料有认证", "比一比", "怎么挑"):
        ask(page, text)
    assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest(".unseen")) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(e.className + ": " + e.textContent.slice(0, 20));
  }
  return bad;
}"""


def test_it_works_without_its_script(browser, url):
    for page in _page(browser, url, viewport=PHONE, java_script_enabled=False):
        page.fill("#text", "哪些涂料有认证")
        page.click("#ask button")
        page.locator("#turn-1 .entry").nth(2).wait_for()  # the page may still be read
        assert page.locator("#turn-1 .entry").count() == 3
        page.locator("#turn-1").get_by_role("button", name="便宜点的").click()
        page.locator("#turn-2 .compare").wait_for()
        assert page.locator("#turn-2 .compare").count() == 1
        assert page.url.endswith("#turn-2")


def test_a_lost_network_keeps_the_question_and_sends_it_again(browser):
    kept = MemoryConversations()
    with serving(scripted_app(kept)) as url:
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        page.goto(url)
        context.set_offline(True)
        page.fill("#text", "哪些涂料有认证")
        page.click("#ask button")
        page.locator(".turn .warning").wait_for()
        assert page.locator(".turn .warning").inner_text() == WORDING.say("web.error.unreached")
        context.set_offline(False)
        page.get_by_role("button", name=WORDING.say("web.again")).click()
        page.locator("#turn-1 .entry").first.wait_for()
        assert page.locator(".turn").count() == 1
        context.close()


def test_the_conversation_survives_a_restart_of_the_server(browser, tmp_path):
    file = tmp_path / "conversations.db"
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    for turn in (1, 2):
        kept = StoredConversations(file)
        with serving(scripted_app(kept)) as url:
            page.goto(url)  # cookies do not know ports: the browser brings its key to the new address
            ask(page, "第几句")
            assert f"这是第 {turn} 句。" in page.locator(f"#turn-{turn}").inner_text()
            assert page.locator(".turn").count() == turn
        kept.close()
    context.close()


def test_every_example_is_answered_on_the_bundled_catalogue(browser, demonstration):
    app = create_app(
        lambda: demonstration.assistant,
        MemoryConversations(),
        demonstration.wording,
        lambda: script.NOW,
        demonstration=True,
    )
    with serving(app) as url:
        for page in _page(browser, url, viewport=PHONE):
            examples = page.locator(".examples button").all_inner_texts()
            assert len(examples) >= 5
            for number, example in enumerate(examples, 1):
                page.locator(".examples").get_by_role("button", name=example, exact=True).click()
                page.locator(f"#turn-{number}").wait_for()
                answer = page.locator(f"#turn-{number} .answer").inner_text()
                assert WORDING.say("channel.failed") not in answer
                assert page.locator(f"#turn-{number} .answer > *").count() > 0
                assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], example
            page.reload()
            assert page.locator(".turn").count() == len(examples)
