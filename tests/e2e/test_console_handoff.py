"""Whole handoffs: a customer in the widget and two agents at their desks, each in a browser of their own."""

import re
import time

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import SOON_MS, Server
from tests.e2e.desk import agent, call_a_person, customer, offer, reply, rows, tab, tell, visiting
from tests.e2e.test_storefront import open_chat, violations

JOINED = re.compile("joined|加入")
IS_AT_END = """() => {
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector("kefu-chat").log;
    return scrollHeight - scrollTop - clientHeight < 2;
}"""


def press_both(one: Page, other: Page, name: str) -> None:
    """Without waiting for the first to be answered."""
    for page in (one, other):
        page.get_by_role("button", name=name, exact=True).first.wait_for()
    for page in (one, other):
        page.evaluate(
            "name => [...document.querySelectorAll('.doing button')].find(b => b.innerText === name).click()", name
        )


def whoever(*shown: Locator) -> Page:
    """The page of the one that is seen first."""
    deadline = time.monotonic() + SOON_MS / 1000
    while time.monotonic() < deadline:
        for locator in shown:
            if locator.first.is_visible():
                return locator.page
        shown[0].page.wait_for_timeout(50)
    raise AssertionError(f"nobody saw {shown[0]}")


def holding(page: Page) -> Locator:
    return page.locator(".with .chip.good", has_text=re.compile("^(Yours|您在接待)$"))


def open_waiting(page: Page) -> None:
    tab(page, "Waiting")
    rows(page).first.locator("a").click()
    expect(page.locator(".conversation")).to_be_visible()


def test_two_agents_take_at_once_and_the_customer_is_carried_to_the_end(browser: Browser, staffed: Server) -> None:
    with (
        agent(browser, staffed, "Anna Berg") as anna,
        agent(browser, staffed, "李梅") as li,
        customer(browser, staffed) as emma,
    ):
        call_a_person(emma)
        whoever(offer(anna), offer(li))
        open_waiting(anna)
        open_waiting(li)
        press_both(anna, li, "Take")
        winner = whoever(holding(anna), holding(li))
        loser = li if winner is anna else anna
        name, other = ("Anna Berg", "李梅") if winner is anna else ("李梅", "Anna Berg")
        expect(loser.locator(".toast.bad")).to_contain_text("Somebody was quicker")
        expect(loser.locator(".toast.bad")).to_contain_text(name)
        expect(loser.locator(".with")).to_contain_text(f"With {name}")
        expect(loser.locator("#composer")).to_have_count(0)

        expect(emma.locator(".log")).to_contain_text(JOINED)
        winner.locator("#composer").press_sequentially("Hello Emma", delay=10)
        expect(emma.locator(".log")).to_contain_text("is typing")
        expect(loser.locator(".colliding")).to_contain_text(f"{name} is writing")
        winner.locator("#composer").press("Enter")
        expect(emma.locator(".row.agent").last).to_contain_text("Hello Emma")
        tell(emma, "my kettle leaks")
        expect(winner.locator(".line.customer").last).to_contain_text("my kettle leaks")

        transfer(winner, other, "She has photos of it")
        expect(offer(loser)).to_be_visible()
        tab(loser, "Mine")
        expect(loser.locator(".tab.here .number")).to_have_text("1")
        expect(rows(loser)).to_have_count(1)
        expect(rows(loser)).to_contain_text("Offered to you")
        offer(loser).get_by_role("button", name="Accept").click()
        expect(holding(loser)).to_be_visible()
        expect(loser.locator(".stream")).to_contain_text("She has photos of it")
        note(loser, "Second kettle this year")
        reply(loser, "A new one is on its way.")
        expect(emma.locator(".row.agent").last).to_contain_text("A new one is on its way.")
        assert "Second kettle" not in emma.locator(".log").inner_text()

        loser.keyboard.press("Escape")
        loser.get_by_role("button", name="Hand back to the bot").click()
        loser.get_by_role("dialog").get_by_role("textbox").fill("replacement sent")
        loser.get_by_role("button", name="Hand back", exact=True).click()
        expect(emma.locator(".notice")).to_be_hidden()
        tell(emma, "What is your refund policy?")
        expect(emma.locator(".row.bot .bubble:not(.dots)").last).to_contain_text("30 days")


def transfer(page: Page, to: str, note: str) -> None:
    page.get_by_role("button", name="Transfer").first.click()
    expect(page.locator("dialog select")).to_be_focused()
    option = page.locator("dialog option", has_text=to)
    option.wait_for(state="attached")
    page.locator("dialog select").select_option(value=option.get_attribute("value"))
    page.get_by_role("dialog").get_by_role("textbox").fill(note)
    page.get_by_role("dialog").get_by_role("button", name="Transfer").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def note(page: Page, text: str) -> None:
    page.get_by_role("button", name="Private note").click()
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")
    expect(page.locator(".line.note .bubble")).to_contain_text(text)


def test_a_chinese_customer_is_answered_in_a_chinese_desk(browser: Browser, staffed: Server) -> None:
    with agent(browser, staffed, "李梅", locale="zh-CN") as li, customer(browser, staffed, locale="zh-CN") as wang:
        wang.locator("#language").click()
        call_a_person(wang, "转人工")
        expect(offer(li)).to_contain_text("有客户找您")
        offer(li).get_by_role("button", name="接受").click()
        expect(li.locator(".with")).to_contain_text("您在接待")
        li.locator("#composer").press_sequentially("/")
        expect(li.get_by_role("option", name="您好")).to_be_visible()
        li.keyboard.press("Enter")
        ready = li.locator("#composer").input_value()
        assert re.search(r"[一-鿿]", ready)
        li.locator("#composer").press("Enter")
        expect(wang.locator(".row.agent").last).to_contain_text(ready)
        li.get_by_role("button", name="结束").first.click()
        expect(li.locator(".with")).not_to_contain_text("您在接待")
        tab(li, "更多")
        li.get_by_role("menuitemradio", name="已结束").click()
        expect(rows(li)).to_have_count(1)
        wang.locator(".choices button:enabled", has_text="5").click()
        expect(wang.locator(".row.bot .bubble:not(.dots)").last).to_contain_text("谢")


def test_what_is_snoozed_comes_back_when_the_customer_writes(browser: Browser, staffed: Server) -> None:
    with agent(browser, staffed, "Anna Berg") as anna, customer(browser, staffed) as emma:
        call_a_person(emma)
        offer(anna).get_by_role("button", name="Accept").click()
        anna.get_by_role("button", name="Snooze").first.click()
        anna.get_by_role("dialog").get_by_role("button", name="In an hour").click()
        expect(anna.locator(".queue")).to_contain_text("Nothing on your desk")
        tab(anna, "More")
        anna.get_by_role("menuitemradio", name="Snoozed").click()
        expect(rows(anna)).to_have_count(1)
        tell(emma, "are you still there?")
        expect(rows(anna)).to_have_count(0)
        tab(anna, "All")
        expect(rows(anna).first).to_contain_text("are you still there?")


def test_an_answer_in_a_conversation_that_nobody_has_takes_it_over(browser: Browser, staffed: Server) -> None:
    with agent(browser, staffed, "Sam Okafor") as sam, customer(browser, staffed) as emma:
        tell(emma, "Hello there")
        tab(sam, "More")
        sam.get_by_role("menuitemradio", name="With the bot").click()
        sam.locator(".row", has_text="Bot: ").first.locator("a").click()
        reply(sam, "Sam here, I saw you are new with us.")
        expect(holding(sam)).to_be_visible()
        expect(emma.locator(".row.agent").last).to_contain_text("Sam here")
        tell(emma, "what are your opening hours?")
        expect(sam.locator(".line.customer").last).to_contain_text("opening hours")
        emma.wait_for_timeout(1000)
        expect(emma.locator(".log .row:not(.user) .bubble:not(.dots)").last).to_contain_text("Sam here")


def test_a_supervisor_takes_over_from_an_agent_who_is_told(browser: Browser, staffed: Server) -> None:
    with (
        agent(browser, staffed, "Anna Berg") as anna,
        agent(browser, staffed, "Sam Okafor") as sam,
        customer(browser, staffed) as emma,
    ):
        call_a_person(emma)
        offer(anna).get_by_role("button", name="Accept").click()
        expect(holding(anna)).to_be_visible()
        expect(anna.get_by_role("button", name="Take over")).to_have_count(0)
        tab(sam, "All")
        visitor = anna.locator(".with h2").inner_text()  # Anna may have others from earlier tests
        sam.locator(".row", has_text=visitor).first.locator("a").click()
        sam.get_by_role("button", name="Take over").click()
        sam.get_by_role("dialog", name="Take over from Anna Berg").get_by_role("button", name="Take over").click()
        expect(holding(sam)).to_be_visible()
        expect(anna.locator(".toast.warn")).to_contain_text("Sam Okafor has taken over")
        expect(anna.locator(".with")).to_contain_text("With Sam Okafor")
        expect(emma.locator(".log")).to_contain_text("Sam")


def test_the_newest_line_stays_in_sight_when_a_notice_takes_room(browser: Browser, staffed: Server) -> None:
    with visiting(browser, staffed, "en-US", width=360) as phone:
        phone.set_viewport_size({"width": 360, "height": 560})
        phone.goto(staffed.url)
        open_chat(phone)
        call_a_person(phone)
        expect(phone.get_by_role("button", name="Stay with the bot")).to_be_in_viewport(ratio=1)
        with agent(browser, staffed, "Anna Berg") as anna:
            offer(anna).get_by_role("button", name="Accept").click()
            reply(anna, "Hello, Anna here. " * 12)
            expect(phone.locator(".row.agent .bubble").last).to_be_in_viewport(ratio=0.9)
            phone.set_viewport_size({"width": 360, "height": 420})
            expect(phone.get_by_text("Anna here").last).to_be_in_viewport()
            phone.wait_for_function(IS_AT_END)
            assert violations(phone) == []
        wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
