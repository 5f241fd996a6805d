"""The account over whole conversations: what is asked, what is confirmed, and what then stands in the shop."""

import pytest
from sqlalchemy import select

from knowledge.shop.policy import store_policy
from knowledge.shop.schema import OrderRow, TicketRow
from knowledge.shop.shop import Shop
from tests.actions.products.stage import NOW, Stage
from tests.actions.service.talk import Talk


def order_of(stage: Stage, customer_id: str) -> str:
    found = stage.session.scalars(select(OrderRow.order_number).where(OrderRow.customer_id == customer_id)).first()
    assert found
    return found


def tickets(stage: Stage, kind: str) -> int:
    return len(stage.session.scalars(select(TicketRow).where(TicketRow.kind == kind)).all())


def test_points_are_told_to_whoever_proves_who_they_are(stage: Stage) -> None:
    talk = Talk(stage)
    assert "620" not in talk.say("how many points do I have?", "loyalty_points")
    assert "620 points, worth $6.20" in talk.say(f"{order_of(stage, 'ann')}, ann@example.com", "inform")


def test_the_highest_tier_has_nowhere_to_go(stage: Stage) -> None:
    assert "最高的白金卡会员" in Talk(stage, "wei").say("我有多少积分", "loyalty_points")


@pytest.mark.parametrize(
    ("opening", "yes", "changed"),
    [
        ("change my email to Ann.New@example.com", "yes", ("email", "Ann.New@example.com")),
        ("my new phone number is +1 202 555 0175", "go ahead", ("phone", "+12025550175")),
        ("change my name to Ann Jones", "yes", ("last_name", "Jones")),
        ("手机号换成13812345678", "确认", ("phone", "+8613812345678")),
        ("名字改成王玥", "对", ("first_name", "玥")),
    ],
)
def test_a_detail_is_changed_after_a_yes(stage: Stage, opening: str, yes: str, changed: tuple[str, str]) -> None:
    talk = Talk(stage, "ann")
    talk.say(opening, "edit_account")
    assert talk.slot("requested_slot") == "confirmed"
    before = stage.shop.customer("ann")
    talk.say(yes, "affirm")
    after = stage.shop.customer("ann")
    assert before and after and getattr(before, changed[0]) != changed[1]
    assert getattr(after, changed[0]) == changed[1]
    assert talk.slot("account_change") is None


def test_a_no_changes_nothing(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("change my email to other@example.com", "edit_account")
    talk.say("no", "deny")
    customer = stage.shop.customer("ann")
    assert customer and customer.email == "ann@example.com"
    assert talk.tracker.active_loop is None


def test_a_correction_at_the_confirmation_is_asked_anew(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("change my email to other@example.com", "edit_account")
    assert "third@example.com" in talk.say("no, to third@example.com", "inform")
    talk.say("yes", "affirm")
    customer = stage.shop.customer("ann")
    assert customer and customer.email == "third@example.com"


def test_the_new_email_proves_nothing(stage: Stage) -> None:
    """A stranger who knows an order number cannot pass off an e-mail as the known one by "changing" to it."""
    talk = Talk(stage)
    talk.say("change my email to thief@example.com", "edit_account")
    talk.say(order_of(stage, "ann"), "inform")
    assert talk.slot("customer_id") is None
    talk.say("thief@example.com", "inform")
    assert talk.slot("customer_id") is None


def test_an_email_of_somebody_else_cannot_be_taken(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("change my email to wangwei@example.cn", "edit_account")
    talk.say("yes", "affirm")
    customer = stage.shop.customer("ann")
    assert customer and customer.email == "ann@example.com"


def test_an_account_is_opened_step_by_step(stage: Stage) -> None:
    talk = Talk(stage)
    talk.say("注册个账号", "create_account")
    talk.say("lilei@example.cn", "inform")
    talk.say("李雷", "inform")
    talk.say("对", "affirm")
    customer = stage.shop.find_customer_by_email("lilei@example.cn")
    assert customer and customer.full_name == "李雷"
    assert talk.slot("customer_id") is None, "whoever gave the e-mail still has to prove that it is theirs"


def test_opening_an_account_does_not_tell_who_has_one(stage: Stage) -> None:
    answers = []
    for email in ("nobody@example.com", "ann@example.com"):
        talk = Talk(stage)
        talk.tracker.conversation_id = f"rest:{email}"
        talk.say(f"create an account for {email}, my name is Bob Stone", "create_account")
        answers.append(talk.say("yes", "affirm").replace(email, "…"))
    assert answers[0] == answers[1]
    assert tickets(stage, "password_reset") == 2, "both need the link that was promised"


def test_a_reset_says_the_same_whether_the_account_exists(stage: Stage) -> None:
    answers = []
    for email in ("nobody@example.com", "ann@example.com"):
        talk = Talk(stage)
        talk.tracker.conversation_id = f"rest:{email}"
        talk.say("I forgot my password", "reset_password")
        answers.append(talk.say(email, "inform").replace(email, "…"))
    assert answers[0] == answers[1]
    assert tickets(stage, "password_reset") == 1


def test_half_an_email_is_asked_for_again(stage: Stage) -> None:
    talk = Talk(stage)
    talk.say("忘记密码了", "reset_password")
    assert "不太对" in talk.say("邮箱是foo@bar", "inform")
    assert talk.tracker.active_loop == "reset_password_form"


@pytest.mark.parametrize("intent", ["delete_account", "privacy_erase"])
def test_closing_and_erasing_want_a_yes(stage: Stage, intent: str) -> None:
    talk = Talk(stage, "ann")
    talk.say("please remove me", intent)
    assert tickets(stage, "account_deletion") == 0
    talk.say("yes", "affirm")
    assert tickets(stage, "account_deletion") == 1


def test_closing_waits_for_orders_under_way(stage: Stage) -> None:
    talk = Talk(stage, "wei")
    talk.say("注销账号", "delete_account")
    assert order_of(stage, "wei") in talk.say("确认", "affirm")
    assert tickets(stage, "account_deletion") == 0


def test_an_old_yes_does_not_confirm_the_next_request(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("change my email to new@example.com", "edit_account")
    talk.say("yes", "affirm")
    talk.say("delete my account", "delete_account")
    assert talk.slot("requested_slot") == "confirmed"
    assert tickets(stage, "account_deletion") == 0


def test_consent_is_recorded_with_its_time_and_can_be_taken_back(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("subscribe me to the newsletter", "newsletter_subscribe")
    customer = stage.shop.customer("ann")
    assert customer and customer.newsletter_consent and customer.newsletter_consent_at
    talk.say("退订", "newsletter_unsubscribe")
    customer = stage.shop.customer("ann")
    assert customer and not customer.newsletter_consent


def test_my_data_shows_a_summary_and_sends_the_rest_on_yes(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    shown = talk.say("what data do you have about me", "privacy_my_data")
    assert all(piece in shown for piece in ("Ann Smith", "ann@example.com", "620"))
    talk.say("yes", "affirm")
    assert tickets(stage, "data_export") == 1


def test_a_stranger_sees_no_data(stage: Stage) -> None:
    assert "@" not in Talk(stage).say("what data do you have about me", "privacy_my_data")


@pytest.mark.parametrize(
    ("opening", "yes", "answer"),
    [
        ("change my email to evil@attacker.example", "yes", "ask you at a•••@example.com"),
        ("把邮箱改成evil@attacker.example", "对的", "现在的邮箱 a•••@example.com"),
    ],
)
def test_an_email_changes_only_after_asking_back_where_the_proof_is_weak(
    stage: Stage, opening: str, yes: str, answer: str
) -> None:
    """What stands on a parcel's label must not be enough to take an account over."""
    talk = Talk(stage, "ann", is_signed=False)
    talk.say(opening, "edit_account")
    assert answer in talk.say(yes, "affirm")
    customer = stage.shop.customer("ann")
    assert customer and customer.email == "ann@example.com"
    [ticket] = stage.shop.open_tickets("email_change")
    assert ticket.details == {"ask_back": True, "new_email": "evil@attacker.example"}


def test_what_else_is_changed_beside_the_email_is_changed_at_once(stage: Stage) -> None:
    talk = Talk(stage, "ann", is_signed=False)
    talk.say("change my email to new@example.com and my phone to +1 202 555 0175", "edit_account")
    said = talk.say("yes", "affirm")
    assert "a colleague will first ask" in said and "Done, it's changed: phone" in said
    customer = stage.shop.customer("ann")
    assert customer and (customer.email, customer.phone) == ("ann@example.com", "+12025550175")


@pytest.mark.parametrize(
    ("intent", "text", "kind"),
    [
        ("delete_account", "close my account", "account_deletion"),
        ("privacy_erase", "删除我的个人信息", "account_deletion"),
        ("privacy_my_data", "what data do you have about me", "data_export"),
    ],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_ticket_says_whether_to_ask_back_first(
    stage: Stage, intent: str, text: str, kind: str, is_signed: bool
) -> None:
    talk = Talk(stage, "ann", is_signed=is_signed)
    talk.say(text, intent)
    assert ("a•••@example.com" in talk.say("yes", "affirm")) is not is_signed
    [ticket] = stage.shop.open_tickets(kind)
    assert ticket.details == {"ask_back": not is_signed}


def test_contact_data_is_masked_where_the_proof_is_weak(stage: Stage) -> None:
    shown = Talk(stage, "ann", is_signed=False).say("what data do you have about me", "privacy_my_data")
    assert all(piece in shown for piece in ("Ann Smith", "a•••@example.com", "•••0123"))
    assert not any(secret in shown for secret in ("ann@example.com", "+12025550123", "78701"))


def test_a_shop_may_trust_every_proof(stage: Stage) -> None:
    store_policy(stage.session, {"account": {"needs_signed": []}})
    stage.shop = Shop(stage.session, now=lambda: NOW)
    talk = Talk(stage, "ann", is_signed=False)
    talk.say("change my email to new@example.com", "edit_account")
    talk.say("yes", "affirm")
    customer = stage.shop.customer("ann")
    assert customer and customer.email == "new@example.com"


def test_one_conversation_opens_only_so_many_accounts(stage: Stage) -> None:
    talk = Talk(stage)
    for number in range(stage.shop.policy.account.openings_a_day + 1):
        talk.say(f"create an account for bob{number}@example.com, my name is Bob Stone", "create_account")
        said = talk.say("yes", "affirm")
    assert "A colleague can" in said
    assert stage.shop.find_customer_by_email("bob3@example.com") is None
    assert stage.shop.find_customer_by_email("bob2@example.com")
