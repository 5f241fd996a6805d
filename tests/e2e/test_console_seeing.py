"""Agents who see only what concerns them: what a colleague takes leaves the page that shows it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Server, open_shop
from tests.e2e.desk import agent, call_a_person, customer, rows, tab


@pytest.fixture
def reserved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reserved")
    policy = folder / "policy.yml"
    policy.write_text('contact: {opens: "00:00", closes: "23:59"}\n', "utf-8")
    server = open_shop(folder, KEFU_AGENTS_SEE="own_and_waiting", KEFU_POLICY_FILE=str(policy))
    yield server
    server.stop()


def test_what_a_colleague_takes_leaves_the_page(browser: Browser, reserved: Server) -> None:
    with (
        agent(browser, reserved, "Anna Berg") as anna,
        agent(browser, reserved, "李梅") as li,
        customer(browser, reserved) as emma,
    ):
        call_a_person(emma)
        for page in (anna, li):
            tab(page, "Waiting")
            rows(page).first.locator("a").click()
            expect(page.locator(".conversation .line.customer").first).to_be_visible()
        li.get_by_role("button", name="Take", exact=True).click()
        expect(li.locator("#composer")).to_be_visible()
        gone = anna.get_by_role("region", name="Conversation", exact=True).get_by_text("This is not there any more.")
        expect(gone).to_be_visible()
        expect(anna.locator(".line.customer")).to_have_count(0)
        expect(rows(anna)).to_have_count(0)
        anna.reload()
        expect(gone).to_be_visible()
