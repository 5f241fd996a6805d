"""Changing an order that has not left: its address, items, payment; and the default address."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from knowledge.shop.shop import Shop
from knowledge.shop.types import Address, Order, OrderStatus
from tests.actions.orders.conftest import TalkFactory

Read = Callable[[str], Order]
WHO = "#K1000001, ann@example.com"
DALLAS = Address("9 Oak Ave", "Apt 4", "Dallas", "TX", "75201", "USA")


def test_changes_the_address_said_in_one_line(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    preview = ann.say(f"send {WHO} to 9 Oak Ave, Apt 4, Dallas, TX 75201", "change_delivery_address")
    assert "9 Oak Ave, Apt 4, Dallas, TX 75201, USA" in preview
    ann.say("that's right", "affirm")
    assert order("#K1000001").address == DALLAS


def test_asks_only_for_the_missing_parts(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"change the address of {WHO}", "change_delivery_address")
    asked = ann.say("9 Oak Ave, Apt 4")
    assert "city" in asked
    assert "postcode" in asked
    asked = ann.say("Dallas")
    assert "city" not in asked
    asked = ann.say("75201")
    assert "state" in asked
    assert "postcode" not in asked
    assert "Dallas, TX 75201" in ann.say("TX")
    ann.say("yes", "affirm")
    assert order("#K1000001").address.city == "Dallas"


def test_only_the_flat_changes(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    assert "1 Elm St, Apt 7, Austin" in ann.say(f"{WHO}: please add Apt 7", "change_delivery_address")
    ann.say("yes", "affirm")
    assert order("#K1000001").address.line2 == "Apt 7"


def test_corrects_the_address_at_the_confirmation(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"send {WHO} to 9 Oak Ave, Apt 4, Dallas, TX 75201", "change_delivery_address")
    assert "9 Oak Ave, Apt 5, Dallas" in ann.say("no, apt 5", "deny")


def test_a_chinese_address(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    ann.say("订单K1000001，ann@example.com，改一下收货地址", "change_delivery_address")
    ann.say("广东省深圳市南山区科技园路1号3栋502 518057")
    ann.say("对的", "affirm")
    assert order("#K1000001").address == Address("南山区科技园路1号", "3栋502", "深圳市", "广东省", "518057", "中国")


def test_the_default_address_leaves_orders_alone(talk: TalkFactory, order: Read, database: Engine) -> None:
    ann = talk()
    ann.say(f"where is {WHO}", "track_order")
    ann.say("change my default address to 9 Oak Ave, Apt 4, Dallas, TX 75201, USA", "change_default_address")
    ann.say("yes", "affirm")
    with Session(database) as session:
        customer = Shop(session).customer("ann")
    assert customer is not None
    assert customer.address == DALLAS
    assert order("#K1000001").address.city == "Austin"


def test_as_my_default_address(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"send {WHO} to 9 Oak Ave, Apt 4, Dallas, TX 75201", "change_delivery_address")
    ann.say("yes", "affirm")
    assert "1 Elm St" in ann.say("send #K1000001 to my default address again", "change_delivery_address")


def test_changes_items_and_reminds_that_it_can_be_done_once(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    preview = ann.say(f"in {WHO} change the shirt to size L, use my visa", "change_order_items")
    assert "only once" in preview
    assert "blue, size M → blue, size L" in preview
    done = ann.say("yes", "affirm")
    assert "blue, size M → blue, size L" in done
    assert order("#K1000001").status == OrderStatus.PENDING_ITEM_MODIFIED
    assert order("#K1000001").lines[0].variant_id == "shirt-blue-L"


def test_changes_the_quantity_where_the_shop_lets_it(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    ann.say("订单K1000001，ann@example.com，衬衫改成两件，用贝宝", "change_order_items")
    ann.say("确认", "affirm")
    assert order("#K1000001").lines[0].quantity == 2
    assert order("#K1000001").lines[0].variant_id == "shirt-blue-M"


def test_a_gift_card_without_enough_on_it_is_told_and_another_asked_for(talk: TalkFactory) -> None:
    ann = talk()
    answer = ann.say(f"pay {WHO} with my gift card instead", "change_payment_method")
    assert "$12.00" in answer
    assert "$56.00" in answer
    assert "Which payment method" in answer


def test_changes_the_payment(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"switch {WHO} from visa to paypal", "change_payment_method")
    ann.say("yes", "affirm")
    assert order("#K1000001").original_payment_method_id == "paypal_ann"


def test_the_method_in_use_is_no_change(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"change the payment of {WHO}", "change_payment_method")
    assert "already" in ann.say("the visa")


def test_what_has_left_cannot_be_changed(talk: TalkFactory) -> None:
    answer = talk().say("#K1000005, ann@example.com: change the size to M", "change_order_items")
    assert "can no longer be changed" in answer


def test_the_address_of_another_order(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"send {WHO} to 9 Oak Ave, Apt 4, Dallas, TX 75201", "change_delivery_address")
    ann.say("yes", "affirm")
    preview = ann.say("send #K1000002 to the same address as order #K1000001", "change_delivery_address")
    assert "order #K1000002 to: 9 Oak Ave" in preview
    ann.say("yes", "affirm")
    assert order("#K1000002").address == DALLAS


def test_a_yes_is_no_part_of_the_default_address(talk: TalkFactory, database: Engine) -> None:
    ann = talk("zh")
    ann.say(
        "K1000001，ann@example.com，把我的默认地址改成江苏省南京市鼓楼区中央路10号，邮编210009",
        "change_default_address",
    )
    assert "已更新" in ann.say("确认", "affirm")
    with Session(database) as session:
        customer = Shop(session).customer("ann")
    assert customer is not None
    assert customer.address == Address("鼓楼区中央路10号", "", "南京市", "江苏省", "210009", "中国")


def test_what_proves_who_they_are_is_no_part_of_the_address(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("send #K1000001 to 445 Maple Drive, Suite 394, Fort Worth, TX 76165, USA", "change_delivery_address")
    preview = ann.say("My name is Ann Meyer and my zip code is 78701")
    assert "445 Maple Drive, Suite 394, Fort Worth, TX 76165, USA" in preview


def test_the_own_postcode_is_not_the_new_address(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("I need order #K1000001 to be delivered to a different address", "change_delivery_address")
    assert "full address" in ann.say("I'm Ann Meyer, zip code 78701.") or ann.slot("address") is None


def test_never_mind_behind_an_okay_writes_nothing(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"send {WHO} to 9 Oak Ave, Apt 4, Dallas, TX 75201", "change_delivery_address")
    ann.say("Okay, never mind.", "affirm")
    assert order("#K1000001").address.city == "Austin"
    assert ann.tracker.active_loop is None


def test_a_correction_of_the_count(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"make it 3 lamps in {WHO}", "change_order_items")
    assert "× 3" in ann.say("the visa", "choose_option")
    assert "× 2" in ann.say("no, make that two", "deny")
    ann.say("ok yes", "affirm")
    assert [line.quantity for line in order("#K1000001").lines] == [1, 2]


def test_not_that_one_is_about_the_item_last_spoken_of(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"in {WHO} change the lamp to white", "change_order_items")
    ann.say("Not that one. I want the lamp in black with low brightness", "deny")
    assert ann.slot("order_number") == "#K1000001"
    assert [change["variant_id"] for change in ann.slot("changes")] == ["lamp-black-low"]


def test_another_house_number_keeps_the_street(talk: TalkFactory, order: Read) -> None:
    wei = talk("zh")
    wei.say("K1000001改地址，ann@example.com", "change_delivery_address")
    wei.say("广东省深圳市福田区深南大道2008号中国凤凰大厦5楼，518026")
    preview = wei.say("哦等一下，是2009号", "inform")
    assert "深南大道2009号中国凤凰大厦5楼" in preview
    wei.say("对的", "affirm")
    assert order("#K1000001").address.line1 == "福田区深南大道2009号中国凤凰大厦"
