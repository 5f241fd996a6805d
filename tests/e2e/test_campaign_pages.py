"""What a campaign's reader sees: the mail in both languages, light and dark, and the page behind its link."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Server


@pytest.fixture(scope="module")
def mails(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the preview of a planned campaign."""
    folder = tmp_path_factory.mktemp("mails")
    environment = server.environment | {"KEFU_PUBLIC_URL": server.url, "KEFU_MAIL_FROM": "Kefu Shop <a@shop.example>"}
    for arguments in (("plan", "e2e", "--message", "we_miss_you"), ("preview", "e2e", "--out", str(folder))):
        command = [sys.executable, "-m", "bot", "campaign", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['help']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 340])
def test_a_mail_reads_well_and_asks_nobody_for_anything(
    browser: Browser, mails: Path, language: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((mails / f"e2e-{language}.html").as_uri())
    found, is_too_wide = violations(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert [each for each in found if not each.startswith(("region", "landmark"))] == []  # a mail is no page
    assert asked == [(mails / f"e2e-{language}.html").as_uri()] and not is_too_wide


@pytest.mark.parametrize(
    ("language", "button", "done"),
    [("en", "Yes, unsubscribe me", "You are unsubscribed"), ("zh", "是的，退订", "已经退订")],
)
def test_the_page_behind_the_link_asks_once_and_works_without_a_script(
    browser: Browser, mails: Path, language: str, button: str, done: str
) -> None:
    found = re.search(r"https?://\S+/unsubscribe\S+", (mails / f"e2e-{language}.txt").read_text("utf-8"))
    assert found
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(found[0])
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(done)
    context.close()


def test_axe_finds_nothing_on_that_page(browser: Browser, mails: Path) -> None:
    found = re.search(r"https?://\S+/unsubscribe\S+", (mails / "e2e-zh.txt").read_text("utf-8"))
    assert found
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(found[0])
    assert violations(page) == []
    context.close()
