"""What a turn says by mail is one letter, with all that it said."""

from bot.messages import Attachment, BotMessage, Button, Card, Row
from bot.messaging.capabilities import Capabilities
from bot.messaging.fitting import fit
from bot.messaging.joining import joined


def test_all_that_was_said_is_there_in_order() -> None:
    file = Attachment("file", "7", "invoice.pdf")
    messages = (
        BotMessage(text="These are warm:", cards=(Card("Shoe", price="¥99", buttons=(Button("Buy", "buy shoe"),)),)),
        BotMessage(image="https://shop.example/a.png", files=(file,)),
        BotMessage(text="Anything else?", buttons=(Button("No", "no"),), rows=(Row("Hat", "a hat"),)),
    )
    one = joined(messages)
    assert one.text == "These are warm:\n· Shoe · ¥99\n\nhttps://shop.example/a.png\n\nAnything else?"
    assert [button.title for button in one.buttons] == ["Buy: Shoe", "No"]
    assert (one.rows, one.files) == ((Row("Hat", "a hat"),), (file,))


def test_its_choices_are_numbered_through() -> None:
    one = joined(
        (BotMessage(text="A?", buttons=(Button("Yes", "y"),)), BotMessage(text="B?", buttons=(Button("No", "n"),)))
    )
    [letter] = fit(one, Capabilities(text_limit=1000), "en")
    assert letter.text == "A?\n\nB?\nReply with a number:\n1. Yes\n2. No"
