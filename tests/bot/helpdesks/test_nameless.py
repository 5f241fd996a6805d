"""What comes from another system without a name: a colleague's file, and colleagues of whom it tells none."""

import time

import pytest

from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.conftest import OpenPair
from tests.bot.helpdesks.zendesk_peer import ZendeskPeer


def test_a_file_in_a_comment_is_its_address_from_whoever_has_the_conversation(open_pair: OpenPair) -> None:
    pair = open_pair("zendesk")
    assert isinstance(pair.peer, ZendeskPeer)
    pair.customer_says("person")
    name, _case = pair.case()
    pair.mei_says(name, "Here is the form.")
    for actor, is_public in ((5, True), (9, True), (5, False)):
        file = pair.peer.attached(name, actor, is_public)
        assert pair.deliver(pair.peer.delivered(file, time.time())) == 200
    address = "https://shop.zendesk.com/attachments/token/1/?name=form.pdf"
    assert pair.said_by_people() == ["Here is the form.", f"form.pdf\n{address}"]
    assert pair.handoffs() == [("agent", "Mei")]


@pytest.mark.parametrize(("words", "name"), [("where is my parcel", "Support"), ("我的包裹在哪里？", "客服")])
def test_a_colleague_without_a_name_has_one_in_the_customers_language(
    open_pair: OpenPair, words: str, name: str
) -> None:
    pair = open_pair("webhook")
    pair.customer_says(words)
    path, bearer = "/conversations/rest:ann/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    assert pair.client.post(path, json=[{"event": "pause"}], headers=bearer).status_code == 200
    case, _ = pair.case()
    assert pair.deliver(pair.peer.says(case, "Hello", 1, time.time(), agent="")) == 200
    assert pair.handoffs() == [("agent", name)]
