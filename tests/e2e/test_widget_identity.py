"""Whose conversation it is when a token ends, a connection drops, or another window begins anew."""

import pytest
from playwright.sync_api import Page, expect

from bot.assembly import shared_secret
from bot.database import open_database
from bot.identity import sign
from tests.e2e.conftest import Server
from tests.e2e.test_storefront import ask, open_chat, sign_in

CHAT = "document.querySelector('kefu-chat')"
DROP = f"{CHAT}.connection.socket.close()"


@pytest.fixture
def secret(server: Server) -> str:
    database = open_database(server.environment["KEFU_DATABASE_URL"])
    try:
        return shared_secret("identity_secret", database)
    finally:
        database.close()


def session(page: Page) -> str:
    return str(page.evaluate("localStorage.getItem('kefu.session')"))


def is_back(page: Page) -> None:
    expect(page.locator(".bar .state")).to_have_text("Online")


def test_a_token_that_ended_meanwhile_loses_no_conversation_and_is_renewed(page: Page, secret: str) -> None:
    number = sign_in(page, "en")
    open_chat(page)
    ask(page, "Hello there")
    before = session(page)
    ended = sign(page.locator("#customer").input_value(), secret, life_seconds=-1800)
    with page.expect_request("**/demo/session/*"):
        page.evaluate(f"token => {{ {CHAT}.connection.token = token; {DROP} }}", ended)
    page.wait_for_function(f"token => {CHAT}.connection.token !== token", arg=ended)
    is_back(page)
    assert number in ask(page, f"Where is my order {number}?")
    assert session(page) == before
    expect(page.locator(".row.user", has_text="Hello there")).to_have_count(1)


def test_a_page_is_asked_for_a_new_token_before_the_old_one_ends(page: Page, secret: str) -> None:
    sign_in(page, "en")
    open_chat(page)
    ends_soon = sign(page.locator("#customer").input_value(), secret, life_seconds=30)
    with page.expect_request("**/demo/session/*"):
        page.evaluate(f"token => {{ {CHAT}.connection.token = token; {CHAT}.connection.ping() }}", ends_soon)
    page.wait_for_function(f"token => {CHAT}.connection.token !== token", arg=ends_soon)


def test_another_conversation_than_the_one_shown_is_shown_anew(page: Page) -> None:
    open_chat(page)
    ask(page, "Hello there")
    page.evaluate(f"localStorage.removeItem('kefu.session'); {CHAT}.connection.shown += 'x'; {DROP}")
    expect(page.locator(".row.user")).to_have_count(0)
    is_back(page)
    assert "30 days" in ask(page, "What is your refund policy?")
    expect(page.locator(".row.user")).to_have_count(1)


def test_where_nothing_can_be_stored_a_lost_connection_loses_nothing(page: Page) -> None:
    open_chat(page)
    ask(page, "Hello there")
    page.evaluate(f"() => {{ Storage.prototype.getItem = () => {{ throw new Error('blocked') }}; {DROP} }}")
    assert "30 days" in ask(page, "What is your refund policy?")
    expect(page.locator(".row.user")).to_have_count(2)
