"""Agents and customers in browsers of their own, for the tests that play both sides of a handoff."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_storefront import open_chat


@contextmanager
def visiting(browser: Browser, server: Server, locale: str, width: int = 1280) -> Iterator[Page]:
    """A window of its own; fails when a page asks another origin, breaks its policy or throws."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("request", lambda request: None if _is_ours(request.url, server) else complaints.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints, complaints


def _is_ours(url: str, server: Server) -> bool:
    return url.startswith((server.url, "blob:", "data:"))


@contextmanager
def agent(browser: Browser, server: Server, name: str, locale: str = "en-US", width: int = 1280) -> Iterator[Page]:
    """One of the demo's people, signed in at the desk."""
    with visiting(browser, server, locale, width) as page:
        page.goto(f"{server.url}/console/")
        page.get_by_role("button", name=name).click()
        page.get_by_role("button", name=re.compile("^(Sign in|登录)$")).click()
        expect(page.locator(".queue")).to_be_visible()
        yield page
        sign_out(page)


def sign_out(page: Page) -> None:
    """Who has left is offered nothing."""
    page.locator("dialog[open]").evaluate_all("found => found.forEach(dialog => dialog.close())")
    page.locator("button.me").click()
    page.get_by_role("menuitem", name=re.compile("^(Sign out|退出登录)$")).click()
    expect(page.locator(".login")).to_be_visible()


@contextmanager
def customer(browser: Browser, server: Server, locale: str = "en-US") -> Iterator[Page]:
    """A visitor of the shop with the chat open."""
    with visiting(browser, server, locale, width=900) as page:
        page.goto(server.url)
        open_chat(page)
        yield page


def tell(page: Page, text: str) -> None:
    """The customer says it, and it is stored."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")
    expect(page.locator(".row.user:not(.pending) .bubble", has_text=text).last).to_be_visible()


def call_a_person(page: Page, words: str = "I want to talk to a person") -> None:
    tell(page, words)
    expect(page.locator(".notice")).to_be_visible()


def reply(page: Page, text: str) -> None:
    """The agent says it, and it has left the field."""
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")
    expect(page.locator(".line.agent .bubble", has_text=text)).to_be_visible()


def offer(page: Page) -> Locator:
    return page.locator(".offer")


def rows(page: Page) -> Locator:
    return page.locator(".row")


def tab(page: Page, name: str) -> None:
    page.locator(".tabs").get_by_role("button", name=re.compile(f"^{name}")).click()


def said_to_customer(page: Page) -> str:
    return "\n".join(page.locator(".log .row").all_inner_texts())
