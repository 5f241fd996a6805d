from bot.messages import Attachment, BotMessage, Button, Card, Row
from bot.messaging.capabilities import Capabilities
from bot.messaging.fitting import degrade, fit, numbered, unreachable

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


LISTS = Capabilities(text_limit=160, buttons=3, title_limit=20, rows=10, row_title_limit=24, row_description_limit=20)
SIZES = tuple(Row(f"Size {n}", f"I want size {n}", "in stock") for n in range(1, 6))
PHOTO = Attachment("image", "https://kefu.example/attachments/7?until=1", "crack.png", "image/png", 5)
PAPER = Attachment("file", "https://kefu.example/attachments/8?until=1", "invoice.pdf", "application/pdf", 5)


def test_rows_are_a_list_where_there_are_lists() -> None:
    assert fit(BotMessage(text="Which size?", rows=SIZES), LISTS) == [BotMessage(text="Which size?", rows=SIZES)]


def test_rows_become_buttons_with_their_descriptions_in_the_text_or_numbers() -> None:
    message = BotMessage(text="Which size?", rows=SIZES[:2])
    [shown] = fit(message, RICH)
    assert [one.payload for one in shown.buttons] == ["I want size 1", "I want size 2"] and shown.rows == ()
    assert shown.text == "Which size?\n· Size 1 – in stock\n· Size 2 – in stock"
    assert degrade(message, PLAIN).text == (
        "Which size?\nReply with a number:\n1. Size 1 – in stock\n2. Size 2 – in stock"
    )
    long = BotMessage(text="?", rows=(Row("A title that is far too long", "x"), *SIZES))
    assert len(numbered(long, LISTS)) == 6


def test_more_buttons_than_fit_become_a_list_where_there_are_lists() -> None:
    [shown] = fit(BotMessage(text="?", buttons=(TRACK,) * 4), LISTS)
    assert shown.rows == (Row("Track it", "Track order #W1"),) * 4 and shown.buttons == ()


def test_buttons_and_rows_together_are_one_list_in_order() -> None:
    [shown] = fit(BotMessage(text="?", rows=SIZES, buttons=(CANCEL,)), LISTS)
    assert [one.payload for one in shown.rows][-2:] == ["I want size 5", "Cancel order #W1"]


def test_a_text_too_long_to_carry_buttons_goes_out_before_them() -> None:
    can = Capabilities(text_limit=160, buttons=3, title_limit=20, button_text_limit=40)
    parts = fit(BotMessage(text="word " * 20, buttons=(TRACK,)), can)
    assert [part.buttons for part in parts] == [(), (TRACK,)] and parts[1].text == "What would you like?"


def test_a_file_goes_out_as_such_or_as_its_address() -> None:
    message = BotMessage(text="Here:", files=(PHOTO, PAPER))
    assert fit(message, Capabilities(files=True)) == [
        BotMessage(text="Here:"),
        BotMessage(files=(PHOTO,)),
        BotMessage(files=(PAPER,)),
    ]
    pictures = fit(message, Capabilities(images=True))
    assert pictures == [BotMessage(text=f"Here:\ninvoice.pdf: {PAPER.reference}"), BotMessage(image=PHOTO.reference)]
    assert len(fit(message, Capabilities(files=True, attachment_limit_bytes=4))) == 1


def test_a_file_without_an_address_goes_out_only_where_its_bytes_do() -> None:
    message = BotMessage(files=(Attachment("file", "kefu:7", "invoice.pdf"),))
    assert unreachable(message, Capabilities(files=True)) and unreachable(message, PLAIN)
    assert not unreachable(message, Capabilities(files=True, uploads=True))


def test_cards_are_shown_as_many_as_fit_and_only_whole() -> None:
    cards = tuple(Card(f"Mug {n}", buttons=(TRACK,)) for n in range(3))
    can = Capabilities(cards=True, cards_at_once=2, card_text_limit=10, card_buttons=1, buttons=3, title_limit=20)
    assert [len(part.cards) for part in fit(BotMessage(cards=cards), can)] == [2, 1]
    assert fit(BotMessage(cards=(Card("A mug with a long name"),)), can)[0].text == "· A mug with a long name"
    two = fit(BotMessage(cards=(Card("Mug", buttons=(TRACK, CANCEL)),)), can)
    assert "1. Track it" in str(two[0].text)
