"""The storefront and the widget, as a visitor uses them in a browser."""

import re

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server

ANSWER_MS = 30_000
HAS_MORE_ANSWERS = """before => {
    const chat = document.querySelector("kefu-chat").shadowRoot;
    return chat.querySelectorAll(".row.bot .bubble:not(.dots)").length > before;
}"""


def open_chat(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Open chat|打开客服窗口)")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def bubbles(page: Page, role: str = "bot") -> list[str]:
    return page.locator(f".row.{role} .bubble:not(.dots)").all_inner_texts()


def ask(page: Page, text: str) -> str:
    """Say it and wait until the bot has answered; returns all that the answer says."""
    before = len(bubbles(page))
    say(page, text)
    page.wait_for_function(HAS_MORE_ANSWERS, arg=before, timeout=ANSWER_MS)
    page.wait_for_timeout(150)
    return "\n".join(bubbles(page)[before:])


def sign_in(page: Page, language: str) -> str:
    """Become the first demo customer of that language; returns their newest order's number."""
    option = page.locator(f"#customer option:has-text('· {language}')").first
    option.wait_for(state="attached")
    page.locator("#customer").select_option(value=option.get_attribute("value"))
    number = page.locator("#orders strong").first
    expect(number).to_be_visible()
    return number.inner_text()


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


def test_a_visitor_holds_a_conversation_in_english(page: Page) -> None:
    open_chat(page)
    assert re.search("Hello|Hi|Welcome", ask(page, "Hello there"))
    assert "30 days" in ask(page, "What is your refund policy?")


def test_a_visitor_holds_a_conversation_in_chinese(page: Page) -> None:
    page.locator("#language").click()
    open_chat(page)
    assert "退" in ask(page, "你们的退款政策是什么？")
    assert re.search(r"[一-鿿]", ask(page, "谢谢你"))


def test_a_signed_in_customer_is_told_about_their_order_without_proving_who_they_are(page: Page) -> None:
    number = sign_in(page, "en")
    open_chat(page)
    assert number in ask(page, f"Where is my order {number}?")


def test_a_message_written_offline_arrives_once_when_the_server_is_back(page: Page, server: Server) -> None:
    open_chat(page)
    ask(page, "Hello there")
    server.stop()
    expect(page.get_by_text("Connection lost")).to_be_visible(timeout=ANSWER_MS)
    before = len(bubbles(page))
    say(page, "When are you open?")
    server.start()
    page.wait_for_function(HAS_MORE_ANSWERS, arg=before, timeout=30_000)
    assert sum("When are you open?" in text for text in bubbles(page, "user")) == 1
    expect(page.get_by_text("Connection lost")).to_be_hidden()


def test_the_history_is_there_after_a_reload(page: Page) -> None:
    open_chat(page)
    answer = ask(page, "What are your opening hours?")
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator(".row.user").first.wait_for()
    assert answer.splitlines()[0] in "\n".join(bubbles(page))


def test_a_keyboard_alone_is_enough(page: Page) -> None:
    page.locator("button.launcher").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(page.locator(".row.bot").nth(1)).to_be_visible(timeout=ANSWER_MS)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("button.launcher")).to_be_focused()


def test_axe_finds_nothing_in_either_language_open_or_closed(page: Page) -> None:
    page.locator("#products li").first.wait_for()
    assert violations(page) == []
    open_chat(page)
    ask(page, "Can you recommend something for me?")
    assert violations(page) == []
    page.locator("#language").click()
    ask(page, "我要退货")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    open_chat(page)
    ask(page, "I need help")
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    assert violations(page) == []


def test_articles_can_be_read_in_both_languages(page: Page, server: Server) -> None:
    for language in ("en", "zh"):
        page.goto(f"{server.url}/articles?lang={language}")
        page.locator("li a").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "{" not in page.locator("main").inner_text()
        assert violations(page) == []


def test_another_site_may_load_the_widget_but_frames_are_refused(server: Server) -> None:
    script = httpx.get(f"{server.url}/widget/widget.js")
    assert script.headers["access-control-allow-origin"] == "*"
    page = httpx.get(server.url)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_demo_customer_stays_signed_in_after_a_reload_whatever_they_did(page: Page, server: Server) -> None:
    people = httpx.get(f"{server.url}/demo/customers").json()
    customer, number = next(
        (person["customer_id"], order["order_number"])
        for person in people
        for order in person["orders"]
        if order["status"] == "pending"
    )
    page.locator(f"#customer option[value='{customer}']").wait_for(state="attached")
    page.locator("#customer").select_option(value=customer)
    expect(page.locator("#orders")).to_contain_text(number)
    open_chat(page)
    assert "?" in ask(page, f"please cancel order {number}, I ordered it by mistake")
    assert number in ask(page, "yes")
    expect(page.locator("#orders li", has_text=number)).to_contain_text("cancelled")
    page.reload()
    expect(page.locator("#customer")).to_have_value(customer)
    page.locator(".row.user").first.wait_for()
    assert any("yes" in text for text in bubbles(page, "user"))
