from bot.messages import BotMessage, Button, Card
from bot.messaging.capabilities import Capabilities
from bot.messaging.fitting import degrade, fit, numbered

PLAIN = Capabilities(text_limit=160)
RICH = Capabilities(text_limit=160, buttons=3, title_limit=20, cards=True, images=True)
TRACK, CANCEL = Button("Track it", "Track order #W1"), Button("Cancel it", "Cancel order #W1")


def test_what_a_platform_can_show_is_left_as_it_is() -> None:
    message = BotMessage(text="What next?", buttons=(TRACK, CANCEL))
    assert fit(message, RICH) == [message]


def test_buttons_become_a_numbered_list_where_there_are_none() -> None:
    message = BotMessage(text="What next?", buttons=(TRACK, CANCEL))
    assert degrade(message, PLAIN).text == "What next?\nReply with a number:\n1. Track it\n2. Cancel it"
    assert degrade(message, PLAIN, "zh").text == "What next?\n回复数字就可以：\n1. Track it\n2. Cancel it"
    assert numbered(message, PLAIN) == (TRACK, CANCEL)


def test_too_many_buttons_or_one_that_is_too_long_become_a_numbered_list() -> None:
    assert numbered(BotMessage(text="?", buttons=(TRACK,) * 4), RICH) == (TRACK,) * 4
    long = Button("The one that I bought in March", "x")
    assert numbered(BotMessage(text="?", buttons=(TRACK, long)), RICH) == (TRACK, long)
    assert "The one that I bought in March" in str(degrade(BotMessage(text="?", buttons=(TRACK, long)), RICH).text)


def test_cards_become_lines_and_their_buttons_join_the_list() -> None:
    cards = (Card("Mug", "blue", price="€9", buttons=(Button("Buy", "Buy the mug"),)), Card("Jug", price="€19"))
    message = BotMessage(text="Two for you:", cards=cards, buttons=(Button("More", "More"),))
    assert degrade(message, PLAIN).text == (
        "Two for you:\n· Mug · €9 · blue\n· Jug · €19\nReply with a number:\n1. Buy: Mug\n2. More"
    )
    assert [one.payload for one in numbered(message, PLAIN)] == ["Buy the mug", "More"]


def test_an_image_becomes_its_address_or_a_message_of_its_own() -> None:
    message = BotMessage(text="Here:", image="https://shop.example/a.png")
    assert fit(message, PLAIN) == [BotMessage(text="Here:\nhttps://shop.example/a.png")]
    assert fit(message, RICH) == [BotMessage(text="Here:"), BotMessage(image="https://shop.example/a.png")]


def test_a_long_text_is_several_messages_with_the_buttons_under_the_last() -> None:
    message = BotMessage(text="word " * 80, buttons=(TRACK,))
    parts = fit(message, RICH)
    assert len(parts) == 3
    assert [part.buttons for part in parts] == [(), (), (TRACK,)]
    assert " ".join(str(part.text) for part in parts).split() == ["word"] * 80


def test_buttons_alone_get_a_question() -> None:
    assert fit(BotMessage(buttons=(TRACK,)), RICH, "zh") == [BotMessage(text="您想怎么做？", buttons=(TRACK,))]
