"""Files in the widget, in a real Chromium: by keyboard, pasted and dropped; shown before and after they are sent."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.contracts.platform import PICTURE
from tests.e2e.conftest import Server

PASTE = """(input, [kind, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "pasted.txt", { type: "text/plain" }));
    const about = { bubbles: true, cancelable: true };
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: transfer, ...about })
        : new DragEvent("drop", { dataTransfer: transfer, ...about });
    input.dispatchEvent(event);
}"""


@pytest.fixture
def chat(page: Page, server: Server) -> Locator:
    page.goto(server.url)
    page.get_by_role("button", name="Open chat").click()
    expect(page.locator("kefu-chat .state")).to_have_text("Online")
    return page.locator("kefu-chat")


def test_a_picture_by_keyboard_is_listed_sent_and_shown(page: Page, chat: Locator, tmp_path: Path) -> None:
    picture = tmp_path / "crack.png"
    picture.write_bytes(PICTURE)
    attach = chat.get_by_role("button", name="Attach a file")
    expect(chat.locator("textarea")).to_be_focused()  # the window has taken the focus, and takes it no more
    page.on("filechooser", lambda _: None)
    page.wait_for_timeout(500)  # Chromium does not say when it hands its choosers over
    attach.focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(picture)
    expect(chat.locator(".tray li")).to_contain_text(re.compile(rf"crack\.png\s*{len(PICTURE)} B"))
    expect(chat.get_by_role("button", name="Remove crack.png")).to_be_visible()
    expect(chat.locator("textarea")).to_be_focused()
    page.keyboard.type("The mug has a crack")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Enter")
    sent = chat.locator(".row.user:not(.pending)").last
    expect(sent).to_contain_text("The mug has a crack")
    image = sent.locator("img")
    expect(image).to_have_attribute("alt", "crack.png")
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    expect(chat.locator(".tray")).to_be_hidden()


def test_a_pasted_and_a_dropped_file_are_taken_and_can_be_removed(chat: Locator) -> None:
    for kind in ("paste", "drop"):
        chat.locator("textarea").evaluate(PASTE, [kind, "order W1"])
    expect(chat.locator(".tray li")).to_have_count(2)
    chat.get_by_role("button", name="Remove pasted.txt").first.click()
    expect(chat.locator(".tray li")).to_have_count(1)
    chat.get_by_role("button", name="Send").click()
    expect(chat.locator(".row.user a.file").last).to_contain_text("pasted.txt")
    expect(chat.locator(".row.bot .bubble:not(.dots)").last).to_contain_text("Thank you, I have your file")


def test_what_is_not_taken_stays_and_says_why(chat: Locator) -> None:
    chat.locator("textarea").evaluate(PASTE, ["paste", "<html><script>alert(1)</script>"])
    chat.get_by_role("button", name="Send").click()
    expect(chat.locator(".trouble")).to_contain_text("I can't take pasted.txt")
    expect(chat.locator(".tray li")).to_have_count(1)
