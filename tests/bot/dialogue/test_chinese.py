"""The same survival skills for a customer who writes Chinese."""

from tests.bot.dialogue.chat import Chat, understood

OFFER = "抱歉，我好像没能帮上忙。要不要为您转接人工客服？"


def test_an_earlier_slot_is_corrected_in_the_middle(chat: Chat) -> None:
    chat.says("取消#W1", "cancel_order", order_number="#W1")
    assert chat.says("说错了，是#W2", order_number="#W2") == ["请问取消的原因是？"]
    assert chat.slots["order_number"] == "#W2"


def test_a_changed_mind_at_the_confirmation_changes_nothing(chat: Chat) -> None:
    chat.says("取消#W1", "cancel_order", order_number="#W1")
    chat.says("不想要了")
    assert chat.says("还是先别取消", "deny") == ["订单没有改动。"]


def test_refusing_a_slot_leaves_the_form(chat: Chat) -> None:
    chat.says("我要取消订单", "cancel_order")
    assert chat.says("不告诉你", "deny") == ["好的，那就先不办了，没有做任何改动。"]


def test_a_wrong_value_is_explained_and_three_lead_to_a_person(chat: Chat) -> None:
    chat.says("我要取消订单", "cancel_order")
    assert chat.says("单号12", order_number="12") == ["没有找到12这个订单。", "请问是哪个订单？"]
    chat.says("单号13", order_number="13")
    assert chat.says("单号14", order_number="14") == ["没有找到14这个订单。", OFFER]
    assert chat.says("转人工吧", "human_handoff") == ["马上为您转接人工。"]


def test_another_form_in_between_and_back(chat: Chat) -> None:
    chat.says("取消#W1", "cancel_order", order_number="#W1")
    assert chat.says("先帮我退个货", "return_item") == ["请问是哪个订单？"]
    assert chat.says("#W9的台灯", order_number="#W9", product="台灯") == [
        "请寄回台灯。",
        "我们接着取消订单。",
        "请问取消的原因是？",
    ]
    assert chat.slots["order_number"] == "#W1"


def test_the_two_likeliest_meanings_are_offered_and_clicked(chat: Chat) -> None:
    torn = {"cancel_order": 0.4, "track_order": 0.35}
    (message,) = chat.sends(understood("我那个订单#W1", torn, order_number="#W1"))
    assert [button.title for button in message.buttons] == ["取消订单", "查物流"]
    assert chat.says("查物流", {"out_of_scope": 0.4}) == ["#W1在路上。"]


def test_failing_again_and_again_asks_for_other_words_and_offers_a_person(chat: Chat) -> None:
    assert chat.says("啊这", {"greet": 0.2}) == ["这个我不太清楚，要帮您转人工吗？"]
    assert chat.says("呃呃", {"greet": 0.2}) == ["不好意思，我没太明白您的意思，能换个说法吗？"]
    assert chat.says("嗯嗯嗯", {"greet": 0.2}) == [OFFER]


def test_an_expired_session_starts_with_a_welcome(chat: Chat) -> None:
    chat.says("取消#W1", "cancel_order", order_number="#W1")
    chat.waits(hours=2)
    assert chat.says("你好", "greet") == ["欢迎光临，请问有什么可以帮您？"]
