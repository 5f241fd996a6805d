"""What supervisors and administrators do at the console, in a demo shop with made-up conversations."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, SOON_MS, Server, open_shop
from tests.e2e.desk import agent, visiting
from tests.e2e.test_storefront import violations

SUPERVISOR, ADMIN = "sam", "ada"
HELD = 20


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Twenty made-up conversations of the last week, and three customers who wait."""
    folder = tmp_path_factory.mktemp("counted")
    policy = folder / "policy.yml"
    policy.write_text('contact: {opens: "00:00", closes: "23:59"}\n', "utf-8")
    server = open_shop(folder, KEFU_POLICY_FILE=str(policy), KEFU_HANDOFF_GIVE_UP_MINUTES="600")
    talk = [sys.executable, "-m", "bot", "demo", "conversations", "--count", str(HELD), "--days", "6"]
    subprocess.run(talk, cwd=ROOT, env=server.environment, check=True, capture_output=True)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def sessions(shop: Server) -> dict[str, str]:
    """Who is signed in already, by the local part of the address: signing in is slow on purpose."""
    return {name: session_of(shop, name) for name in (SUPERVISOR, ADMIN)}


def session_of(shop: Server, name: str) -> str:
    login = {"email": f"{name}@demo.kefu.example", "password": "welcome-to-kefu"}
    answer = httpx.post(f"{shop.url}/console/api/session", json=login, timeout=30)
    return answer.raise_for_status().cookies["kefu_console"]


def come_in(page: Page, shop: Server, session: str) -> None:
    page.context.add_cookies([{"name": "kefu_console", "value": session, "url": f"{shop.url}/console"}])
    page.goto(f"{shop.url}/console/")
    expect(page.locator(".rail")).to_be_visible(timeout=SOON_MS)


@pytest.fixture
def sam(browser: Browser, shop: Server, sessions: dict[str, str]) -> Iterator[Page]:
    with visiting(browser, shop, "en-US") as page:
        come_in(page, shop, sessions[SUPERVISOR])
        yield page


@pytest.fixture
def ada(browser: Browser, shop: Server, sessions: dict[str, str]) -> Iterator[Page]:
    with visiting(browser, shop, "en-US") as page:
        come_in(page, shop, sessions[ADMIN])
        yield page


def go(page: Page, name: str) -> None:
    page.locator(".rail").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def figure(page: Page, name: str) -> str:
    return page.locator(".tiles > li", has=page.get_by_text(name, exact=True)).locator("strong").inner_text()


def test_the_board_shows_who_waits_and_changes_by_itself_when_somebody_comes(
    sam: Page, browser: Browser, shop: Server
) -> None:
    go(sam, "Board")
    expect(sam.locator(".alarms")).to_contain_text("Nobody is available, and 3 customers wait.")
    assert figure(sam, "Waiting now") == "3"
    with agent(browser, shop, "Anna Berg"):
        expect(sam.locator(".alarms")).not_to_contain_text("Nobody is available")
        row = sam.get_by_role("row", name=re.compile("^Anna Berg"))
        expect(row).to_contain_text("Available")


def test_a_figure_opens_the_visits_behind_it_and_a_visit_its_conversation(sam: Page) -> None:
    go(sam, "Analytics")
    assert figure(sam, "Visits") == str(HELD + 3)
    handed = sam.locator(".tiles a", has=sam.get_by_text("Went to people", exact=True))
    counted = re.search(r"(\d+) of", handed.inner_text())
    assert counted
    handed.click()
    expect(sam.get_by_role("heading", level=1, name="Went to people")).to_be_visible()
    expect(sam.get_by_role("status").filter(has_text="visits")).to_have_text(f"{counted[1]} visits")
    rows = sam.locator("table.visits tbody tr")
    assert rows.count() == int(counted[1])
    rows.first.get_by_role("link").click()
    expect(sam.locator(".line.customer").first).to_be_visible()
    sam.go_back()
    sam.get_by_role("link", name="Back to the figures").click()
    expect(sam.get_by_role("heading", level=1, name="Analytics")).to_be_visible()


def test_filters_stand_in_the_address_and_can_be_gone_back_from(sam: Page) -> None:
    go(sam, "Analytics")
    all_visits = int(figure(sam, "Visits"))
    sam.get_by_label("Language", exact=True).select_option("zh")
    expect(sam).to_have_url(re.compile("customer_language=zh"))
    expect(sam.get_by_role("button", name="Clear filters")).to_be_visible()
    sam.wait_for_function(
        "all => Number(document.querySelector('.tiles strong').innerText) < all", arg=all_visits, timeout=SOON_MS
    )
    sam.reload()
    expect(sam.get_by_label("Language", exact=True)).to_have_value("zh")
    sam.get_by_role("button", name="Clear filters").click()
    expect(sam.locator(".tiles strong").first).to_have_text(str(all_visits))


def test_the_pictures_can_be_read_by_keyboard_and_as_tables(sam: Page) -> None:
    go(sam, "Analytics")
    chart = sam.locator("figure", has_text="Visits by day")
    chart.locator("svg[tabindex]").focus()
    sam.keyboard.press("End")
    expect(chart.locator(".reading")).to_contain_text(re.compile(r"With people [3-9]"))
    sam.keyboard.press("ArrowLeft")
    expect(chart.locator(".reading")).to_contain_text("Settled by the bot")
    sam.keyboard.press("Enter")
    expect(sam.get_by_role("heading", level=1, name="All visits")).to_be_visible()
    expect(sam).to_have_url(re.compile(r"from=(\d{4}-\d\d-\d\d)&to=\1"))
    sam.go_back()
    chart.get_by_role("button", name="Show as table").click()
    expect(chart.get_by_role("row")).to_have_count(31)
    expect(chart.get_by_role("columnheader")).to_have_text(
        ["Day", "Settled by the bot", "With people", "Ended badly or came back", "Too fresh to tell"]
    )


def test_what_nothing_answers_is_put_together_and_the_formula_is_told(sam: Page) -> None:
    go(sam, "Analytics")
    expect(sam.get_by_role("heading", name="What customers ask and nothing answers")).to_be_visible()
    expect(sam.locator(".gaps li, .after").first).to_be_visible(timeout=SOON_MS)
    sam.get_by_text("How is this counted?").click()
    expect(sam.locator(".formula")).to_contain_text("did not come back within 24 hours")
    sam.get_by_label("Hours in which").select_option("48")
    expect(sam.locator(".formula")).to_contain_text("did not come back within 48 hours")


def test_the_visits_can_be_taken_away_as_csv(sam: Page) -> None:
    go(sam, "Analytics")
    sam.get_by_role("button", name="Export").click()
    with sam.expect_download() as download:
        sam.get_by_role("menuitem", name="All visits as CSV").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == HELD + 3
    assert {row["language"] for row in rows} == {"en", "zh"}


def test_agents_do_not_see_these_pages(browser: Browser, shop: Server) -> None:
    with agent(browser, shop, "Anna Berg") as page:
        expect(page.locator(".rail li")).to_have_count(1)
        page.goto(f"{shop.url}/console/#/analytics")
        expect(page.locator(".queue")).to_be_visible()


def test_an_administrator_adds_an_agent_who_must_choose_a_password_and_disables_them(
    ada: Page, browser: Browser, shop: Server
) -> None:
    go(ada, "Settings")
    ada.get_by_role("button", name="Add an agent").click()
    ada.get_by_label("Name", exact=True).fill("Noor <b>Aziz</b>")
    ada.get_by_label("E-mail").fill("noor@shop.example")
    ada.get_by_label("Skills").fill("refund_status, 发票")
    ada.get_by_role("button", name="Save").click()
    password = ada.locator("dialog .secret code").inner_text()
    ada.get_by_role("button", name="Done").click()
    row = ada.get_by_role("row", name=re.compile("noor@shop.example"))
    expect(row).to_contain_text("Noor <b>Aziz</b>")
    expect(row).to_contain_text("发票")
    with visiting(browser, shop, "en-US") as page:
        page.goto(f"{shop.url}/console/")
        page.get_by_label("E-mail").fill("noor@shop.example")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
    row.get_by_role("button", name=re.compile("^More for")).click()
    ada.get_by_role("menuitem", name="Disable the account").click()
    ada.get_by_role("button", name="Disable the account").click()
    expect(row).to_contain_text("Disabled")
    ada.get_by_role("link", name="Audit log").click()
    expect(ada.get_by_role("row", name=re.compile("Added an agent")).first).to_be_visible()


def test_ready_replies_are_written_changed_and_deleted(ada: Page) -> None:
    go(ada, "Settings")
    ada.get_by_role("link", name="Ready replies").click()
    ada.get_by_role("button", name="Add a reply").click()
    ada.get_by_label("Shortcut").fill("warranty")
    ada.get_by_label("Title").fill("Warranty")
    ada.get_by_label("English").fill("You have two years, {name}.")
    ada.get_by_label("Chinese").fill("{name}，保修期两年。")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("row", name=re.compile("warranty"))).to_contain_text("保修期两年")
    ada.get_by_role("button", name="Change a reply: Warranty").click()
    ada.get_by_label("English").fill("You have three years, {name}.")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("row", name=re.compile("warranty"))).to_contain_text("three years")
    ada.get_by_role("button", name="Delete: Warranty").click()
    ada.get_by_role("button", name="Delete", exact=True).click()
    expect(ada.get_by_role("row", name=re.compile("warranty"))).to_have_count(0)


def test_the_settings_can_be_searched_and_show_no_secret(ada: Page) -> None:
    go(ada, "Settings")
    ada.get_by_role("link", name="System").click()
    ada.get_by_label("Find a setting").fill("csat")
    expect(ada.locator("tbody tr")).to_have_count(1)
    expect(ada.locator("tbody tr")).to_contain_text("KEFU_CSAT")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, shop: Server, sessions: dict[str, str], scheme: str) -> None:
    with visiting(browser, shop, "zh-CN" if scheme == "dark" else "en-US") as page:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        come_in(page, shop, sessions[ADMIN])
        for path in (
            "board",
            "analytics",
            "analytics/visits",
            "admin/agents",
            "admin/canned",
            "admin/audit",
            "admin/settings",
        ):
            page.goto(f"{shop.url}/console/#/{path}")
            expect(page.locator("table").first).to_be_visible(timeout=SOON_MS)
            assert violations(page) == [], path
        page.goto(f"{shop.url}/console/#/admin/deliveries")
        expect(page.locator(".empty")).to_be_visible()
        assert violations(page) == []


def test_it_fits_a_small_window(browser: Browser, shop: Server, sessions: dict[str, str]) -> None:
    with visiting(browser, shop, "en-US", width=640) as page:
        come_in(page, shop, sessions[ADMIN])
        for path in ("board", "analytics", "admin/agents"):
            page.goto(f"{shop.url}/console/#/{path}")
            expect(page.locator("table").first).to_be_visible(timeout=SOON_MS)
            wide = page.evaluate(
                "() => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth"
            )
            assert wide <= 0, path
