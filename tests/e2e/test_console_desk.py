"""The desk as one agent uses it: by keyboard, in the dark, with two hundred conversations, when the line is cut."""

import base64
import re
from collections.abc import Iterator
from typing import Literal

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from bot.database import open_database
from tests.bot.console.filled_queue import fill_queue
from tests.e2e.conftest import Server
from tests.e2e.desk import agent, call_a_person, customer, reply, rows, sign_out, tab, tell, visiting
from tests.e2e.test_storefront import sign_in, violations

Scheme = Literal["light", "dark"]
MANY = 200
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BAD = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
SCROLL = """() => new Promise(resolve => {
    const list = document.querySelector(".rows"), begun = performance.now();
    const frame = time => {
        list.scrollTop += 60;
        time - begun < 1500 ? requestAnimationFrame(frame) : resolve();
    };
    requestAnimationFrame(frame);
})"""


@pytest.fixture
def talking(conversation: tuple[Page, Page]) -> tuple[Page, Page]:
    """That conversation, whatever the test before left open."""
    anna, emma = conversation
    anna.locator("dialog[open]").evaluate_all("found => found.forEach(dialog => dialog.close())")
    anna.locator("#composer").fill("")
    anna.locator("#composer").press("Escape")
    return anna, emma


@pytest.fixture(scope="module")
def conversation(browser: Browser, staffed: Server) -> Iterator[tuple[Page, Page]]:
    """Anna with a signed-in customer who asked for an order and then for her."""
    with agent(browser, staffed, "Anna Berg") as anna, visiting(browser, staffed, "en-US", 900) as emma:
        emma.goto(staffed.url)
        number = sign_in(emma, "en")
        name = emma.locator("#customer option:checked").inner_text().split(" ·")[0]
        emma.get_by_role("button", name=re.compile("^Open chat")).click()
        tell(emma, f"Where is my order {number}?")
        expect(emma.locator(".row.bot .bubble:not(.dots)").last).to_contain_text(number)
        call_a_person(emma)
        tab(anna, "Waiting")
        rows(anna).filter(has_text=name).locator("a").click()
        anna.get_by_role("button", name="Take", exact=True).click()
        expect(anna.locator(".with .chip.good")).to_be_visible()
        tab(anna, "Mine")
        yield anna, emma
        anna.locator(".stream").focus()
        anna.keyboard.press("e")


def test_markup_that_a_customer_writes_stays_text_everywhere(talking: tuple[Page, Page]) -> None:
    anna, emma = talking
    tell(emma, BAD)
    expect(anna.locator(".line.customer .bubble").last).to_have_text(BAD)
    expect(anna.locator(".row .last .text")).to_have_text(BAD)
    anna.keyboard.press("n")
    anna.locator("#composer").fill(BAD)
    anna.locator("#composer").press("Enter")
    expect(anna.locator(".line.note .bubble")).to_have_text(BAD)
    reply(anna, BAD)
    expect(emma.locator(".row.agent .bubble").last).to_contain_text("<img src=x")
    assert "owned" not in (anna.title(), emma.title())


def test_why_the_bot_said_it_is_told_and_can_be_put_right(talking: tuple[Page, Page]) -> None:
    anna, _ = talking
    anna.get_by_role("button", name="Why did the bot say this?").first.click()
    told = anna.locator(".told").first
    expect(told).to_contain_text("Track an order")
    expect(told.locator("meter").first).to_be_visible()
    told.get_by_role("button", name="Teach the bot").click()
    anna.get_by_role("searchbox", name="What did the customer want?").fill("details")
    anna.locator(".picking button").first.click()
    expect(anna.locator(".toast", has_text="once an administrator lets Kefu keep")).to_be_visible()
    expect(told.locator(".chip.good")).to_be_visible()


def test_the_customer_and_their_orders_stand_beside_the_conversation(talking: tuple[Page, Page]) -> None:
    anna, emma = talking
    name = emma.locator("#customer option:checked").inner_text().split(" ·")[0]
    for part in ("Customer", "Orders", "Help", "Summary"):
        anna.get_by_role("tab", name=part).click()
        expect(anna.locator(".part .waiting, .part [role=alert]")).to_have_count(0)
        assert violations(anna) == []
    anna.get_by_role("tab", name="Customer").click()
    expect(anna.locator(".part")).to_contain_text(name)


def test_an_order_is_cancelled_after_a_second_look_and_only_once(talking: tuple[Page, Page]) -> None:
    anna, _ = talking
    anna.get_by_role("tab", name="Orders").click()
    order = anna.locator(".order", has_text="being prepared").first
    number = order.locator("strong").first.inner_text()
    order.get_by_role("button", name="What can be done with").click()
    anna.get_by_role("menuitem", name="Cancel order").click()
    anna.get_by_role("button", name="Go on").click()
    expect(anna.locator(".preview")).to_contain_text("$")
    assert violations(anna) == []
    anna.get_by_role("button", name="Cancel the order").click()
    expect(anna.locator(".toast", has_text="The order is cancelled.")).to_be_visible()
    expect(anna.locator(".order", has_text=number)).to_contain_text("cancelled")


def test_many_tags_are_folded_and_all_of_them_can_be_seen(talking: tuple[Page, Page]) -> None:
    anna, _ = talking
    anna.locator(".stream").focus()
    anna.keyboard.press("l")
    anna.get_by_label("Tags, separated by commas").fill("warranty, sizes, refund, gift, a-long-one-about-delivery")
    anna.get_by_role("button", name="Save").click()
    shown = anna.locator(".with .chip", has_text="#")
    expect(shown).to_have_count(2)
    anna.get_by_role("button", name="3 more tags").click()
    expect(shown).to_have_count(5)
    for width in (1366, 1280, 640):
        anna.set_viewport_size({"width": width, "height": 800})
        cut = "found => found.filter(chip => chip.scrollWidth > chip.clientWidth + 1).length"
        assert anna.locator(".with .chip").evaluate_all(cut) == 0
        box = anna.locator(".with .chips").evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert box[0] <= box[1] + 1
    anna.set_viewport_size({"width": 1280, "height": 800})


def test_a_suggestion_is_put_into_the_answer_and_changed(talking: tuple[Page, Page]) -> None:
    anna, emma = talking
    tell(emma, "how long does a refund take?")
    expect(anna.locator(".line.customer").last).to_contain_text("refund")
    suggestion = anna.locator(".suggested .use").first
    suggestion.click()
    words = anna.locator("#composer").input_value()
    assert words
    reply(anna, f"{words} Anna")
    expect(emma.locator(".row.agent").last).to_contain_text("Anna")


def test_files_go_both_ways_and_what_is_no_picture_is_named(talking: tuple[Page, Page]) -> None:
    anna, emma = talking
    emma.locator("input[type=file]").set_input_files({"name": "box.png", "mimeType": "image/png", "buffer": PICTURE})
    emma.get_by_role("button", name=re.compile("^Send")).click()
    expect(anna.locator(".line.customer .picture img").last).to_have_js_property("naturalWidth", 1)
    anna.locator(".composer input[type=file]").set_input_files(
        {"name": "label.txt", "mimeType": "text/plain", "buffer": b"print me"}
    )
    expect(anna.locator(".attached .file")).to_contain_text("8 B")
    anna.locator("#composer").fill("Here is the label.")
    anna.locator("#composer").press("Enter")
    expect(anna.locator(".line.agent .file").last).to_contain_text("label.txt")
    expect(emma.locator(".row.agent").last).to_contain_text("label.txt")


def test_the_desk_is_worked_with_the_keyboard_alone(browser: Browser, staffed: Server) -> None:
    with visiting(browser, staffed, "en-US") as page, customer(browser, staffed) as emma:
        page.goto(f"{staffed.url}/console/")
        page.locator("#email").focus()
        page.keyboard.type("limei@demo.kefu.example")
        page.keyboard.press("Tab")
        page.keyboard.type("welcome-to-kefu")
        page.keyboard.press("Enter")
        expect(page.locator(".queue")).to_be_visible()
        call_a_person(emma)
        page.keyboard.press("2")
        expect(rows(page)).to_have_count(1)
        page.keyboard.press("j")
        expect(page.locator(".with")).to_be_visible()
        page.keyboard.press("t")
        expect(page.locator(".with .chip.good")).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator("#composer")).to_be_focused()
        page.keyboard.type("jkte? all typed")
        page.keyboard.press("Enter")
        expect(page.locator(".line.agent .bubble")).to_have_text("jkte? all typed")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        page.keyboard.press("e")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator(".with .chip.good")).to_be_visible()
        page.keyboard.press("e")
        expect(page.locator(".with .chip.good")).to_be_hidden()
        sign_out(page)


def test_what_is_said_while_the_line_is_cut_arrives_later(talking: tuple[Page, Page], staffed: Server) -> None:
    anna, emma = talking
    anna.locator("#composer").fill("half a sentence")
    staffed.stop()
    expect(anna.get_by_text("The connection is lost.")).to_be_visible()
    staffed.start()
    expect(anna.get_by_text("The connection is lost.")).to_be_hidden(timeout=30_000)
    expect(anna.locator("#composer")).to_have_value("half a sentence")
    emma.get_by_role("textbox").fill("hello again")
    emma.get_by_role("textbox").press("Enter")
    expect(anna.locator(".line.customer").last).to_contain_text("hello again", timeout=30_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_wide_and_a_narrow_screen(talking: tuple[Page, Page], scheme: Scheme) -> None:
    anna, _ = talking
    where = anna.url
    anna.emulate_media(color_scheme=scheme)
    anna.locator(".why > [aria-expanded=false]").first.click()
    expect(anna.locator(".told").first).to_be_visible()
    assert violations(anna) == []
    for key in "?xsl":
        anna.locator(".stream").focus()
        anna.keyboard.press(key)
        expect(anna.get_by_role("dialog")).to_be_visible()
        assert violations(anna) == []
        anna.keyboard.press("Escape")
    anna.set_viewport_size({"width": 640, "height": 400})
    assert violations(anna) == []
    anna.get_by_role("button", name="Back to the list").click()
    expect(rows(anna).first).to_be_visible()
    assert violations(anna) == []
    anna.set_viewport_size({"width": 1280, "height": 800})
    anna.goto(where)
    expect(anna.locator(".with .chip.good")).to_be_visible()


def test_a_conversation_is_found_by_what_was_said_and_narrowed_down_by_language(
    talking: tuple[Page, Page], browser: Browser, staffed: Server
) -> None:
    with customer(browser, staffed, locale="zh-CN") as wang:
        wang.locator("#language").click()
        call_a_person(wang, "转人工")
    anna, emma = talking
    tell(emma, "the pomegranate lamp flickers")
    anna.get_by_role("searchbox", name="Search").first.fill("pomegranate")
    expect(rows(anna)).to_have_count(1)
    expect(rows(anna)).to_contain_text("pomegranate")
    anna.get_by_role("searchbox", name="Search").first.fill("")
    tab(anna, "All")
    expect(anna.locator(".row .chip", has_text="中").first).to_be_visible()
    anna.get_by_role("button", name="Filter").click()
    anna.get_by_label("Language").select_option("en")
    anna.get_by_role("button", name="Done", exact=True).click()
    expect(anna.locator(".row .chip", has_text="中")).to_have_count(0)
    expect(rows(anna).first).to_be_visible()
    anna.get_by_role("button", name="Filter").click()
    anna.get_by_role("button", name="Clear all").click()
    anna.get_by_role("button", name="Done", exact=True).click()
    tab(anna, "Mine")


def test_a_second_factor_is_set_up_and_then_asked_for(browser: Browser, staffed: Server) -> None:
    with visiting(browser, staffed, "en-US") as page:
        page.goto(f"{staffed.url}/console/")
        page.get_by_role("button", name="Ada Lin").click()
        page.get_by_role("button", name="Sign in").click()
        page.locator("button.me").click()
        page.get_by_role("menuitem", name="Your account").click()
        page.get_by_text("Second factor").click()
        page.get_by_label("Current password").last.fill("welcome-to-kefu")
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
        one_time = pyotp.TOTP(page.locator("dialog p code").inner_text())
        assert violations(page) == []
        page.get_by_label("Code").fill(one_time.now())
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator(".codes li")).to_have_count(10)
        spare = page.locator(".codes li").first.inner_text()
        sign_out(page)
        page.get_by_role("button", name="Ada Lin").click()
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("This code is not right.")
        page.get_by_label("Code").fill(spare)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".queue")).to_be_visible()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_axe_finds_nothing_at_the_door(browser: Browser, staffed: Server, locale: str) -> None:
    with visiting(browser, staffed, locale) as page:
        page.goto(f"{staffed.url}/console/")
        expect(page.locator("#email")).to_be_visible()
        assert violations(page) == []
        page.locator("#email").fill("anna@demo.kefu.example")
        page.locator("#password").fill("not the password")
        page.locator("#password").press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        page.wait_for_timeout(300)  # colours change in an eighth of a second
        assert violations(page) == []


def test_whoever_is_signed_out_is_told_why_and_goes_on_where_they_were(
    talking: tuple[Page, Page], browser: Browser, staffed: Server
) -> None:
    where = talking[0].url
    with agent(browser, staffed, "李梅") as mei:
        mei.goto(where)
        mei.get_by_role("button", name="Private note").click()
        mei.locator("#composer").fill("half a sentence")
        let_sessions_run_out(staffed, "limei@demo.kefu.example")
        mei.locator(".tabs .tab").evaluate_all("found => found[1]?.click()")  # unless the page has asked for something
        expect(mei.get_by_role("status").filter(has_text="after a while without a click")).to_be_visible()
        assert mei.url == where
        mei.get_by_role("button", name="李梅").click()
        mei.get_by_role("button", name="Sign in").click()
        mei.get_by_role("button", name="Private note").click()
        expect(mei.locator("#composer")).to_have_value("half a sentence")
        assert mei.url == where
        sign_out(mei)
        expect(mei.locator("#email")).to_be_visible()
        expect(mei.locator(".over")).to_have_count(0)
        mei.get_by_role("button", name="李梅").click()
        mei.get_by_role("button", name="Sign in").click()


def let_sessions_run_out(server: Server, email: str) -> None:
    database = open_database(server.environment["KEFU_DATABASE_URL"])
    with database.transaction() as session:
        whose = "(SELECT id FROM agents WHERE email = ?)"
        session.connection().exec_driver_sql(
            f"UPDATE console_sessions SET seen_at = seen_at - 7200 WHERE agent_id = {whose}", (email,)
        )
    database.close()


def test_two_hundred_waiting_conversations_scroll_without_a_hitch(browser: Browser, staffed: Server) -> None:
    fill(staffed, MANY)
    with agent(browser, staffed, "Sam Okafor") as sam:
        tab(sam, "Waiting")
        expect(rows(sam).nth(40)).to_be_attached()
        for _ in range(8):
            sam.locator(".rows").evaluate("list => list.scrollTop = list.scrollHeight")
            sam.wait_for_timeout(150)
        assert rows(sam).count() >= MANY
        sam.locator(".rows").evaluate("list => list.scrollTop = 0")
        watch = sam.context.new_cdp_session(sam)
        watch.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = worked_seconds(watch)
        sam.evaluate(SCROLL)
        assert worked_seconds(watch) - before < 1.0  # of the processor, for a second and a half of scrolling
        before = worked_seconds(watch)
        rows(sam).nth(5).locator("a").click()
        expect(sam.locator(".stream .line").first).to_be_visible()
        assert worked_seconds(watch) - before < 0.6


def worked_seconds(watch: CDPSession) -> float:
    """What the page has needed of the processor: whatever else the machine does meanwhile does not count."""
    metrics = watch.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def fill(server: Server, many: int) -> None:
    """So many customers wait for a person."""
    database = open_database(server.environment["KEFU_DATABASE_URL"])
    fill_queue(database, many)
    database.close()
