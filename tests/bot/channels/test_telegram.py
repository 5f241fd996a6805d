"""Telegram: updates made by python-telegram-bot, and calls that it can read."""

from datetime import UTC, datetime

import httpx
import orjson
import pytest
from pydantic import SecretStr
from telegram import CallbackQuery, Chat, InlineKeyboardMarkup, Message, PhotoSize, Update, User

from bot.channels.telegram import CALLBACK_BYTES, Telegram, TelegramSettings
from bot.messages import BotMessage, Button
from bot.messaging.capabilities import size
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.fitting import fit
from bot.problem import Problem

ANN = User(42, "Ann", is_bot=False, language_code="zh-hans")
WHEN = datetime(2026, 11, 20, tzinfo=UTC)
TELEGRAM = Telegram(TelegramSettings(token=SecretStr("123:a-token"), secret=SecretStr("secret-token")))


def inbound(update: Update) -> Inbound:
    headers = {"x-telegram-bot-api-secret-token": "secret-token"}
    return Inbound(headers=headers, body=update.to_json().encode())


def message(kind: str = "private", **fields: object) -> Message:
    return Message(1, WHEN, Chat(42, kind), ANN, **fields)  # type: ignore[arg-type]


def pressed(data: str) -> Update:
    return Update(8, callback_query=CallbackQuery("q1", ANN, "chat", message=message(text="?"), data=data))


def test_a_text_and_a_caption_are_read() -> None:
    [said] = TELEGRAM.decode(inbound(Update(7, message=message(text="我的订单呢？"))))
    assert (said.text, said.conversation_id, said.message_id) == ("我的订单呢？", "telegram:42", "7")
    assert said.metadata["locale"] == "zh-hans"
    photo = (PhotoSize("f", "u", 10, 10),)
    [captioned] = TELEGRAM.decode(inbound(Update(7, message=message(photo=photo, caption="It is broken"))))
    assert captioned.text == "It is broken"


@pytest.mark.parametrize("words", ["/start", "/start a-link-of-the-shop"])
def test_whoever_presses_start_says_hello_in_their_language(words: str) -> None:
    assert TELEGRAM.decode(inbound(Update(7, message=message(text=words))))[0].text == "你好"
    ben = Message(1, WHEN, Chat(43, "private"), User(43, "Ben", is_bot=False, language_code="en"), text=words)
    assert TELEGRAM.decode(inbound(Update(8, message=ben)))[0].text == "Hello"


def test_groups_edits_and_other_updates_are_acknowledged_and_not_answered() -> None:
    updates = [Update(7, message=message("group", text="hi")), Update(7, edited_message=message(text="hi")), Update(7)]
    assert [list(TELEGRAM.decode(inbound(update))) for update in updates] == [[], [], []]


@pytest.mark.parametrize("body", [b"{}", b"[]", b'"x"', b'{"update_id": "7"}'])
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(Problem, match="400"):
        TELEGRAM.decode(Inbound(body=body))


def test_a_pressed_button_says_its_words_and_its_waiting_sign_ends() -> None:
    request = inbound(pressed("Track order #W1"))
    assert TELEGRAM.decode(request)[0].text == "Track order #W1"
    answer = TELEGRAM.answer(request)
    assert answer.media_type == "application/json"
    assert orjson.loads(answer.body) == {"method": "answerCallbackQuery", "callback_query_id": "q1"}


def test_words_too_long_for_a_button_are_named_and_found_again() -> None:
    buttons = (Button("Short", "yes"), Button("Long", "取消订单" * 10), Button("Odd", "=1.0"))
    call = TELEGRAM.render(Part(BotMessage(text="?", buttons=buttons), "k", 12), Recipient("42"))
    keyboard = InlineKeyboardMarkup.de_json(orjson.loads(call.body)["reply_markup"])
    data = [str(row[0].callback_data) for row in keyboard.inline_keyboard]
    assert data == ["yes", "=12.1", "=12.2"]
    assert all(len(one.encode()) <= CALLBACK_BYTES for one in data)
    assert TELEGRAM.decode(inbound(pressed("=12.1")))[0].metadata[PRESSED] == "12.1"


def test_a_customer_cannot_say_that_they_pressed_a_button() -> None:
    [said] = TELEGRAM.decode(inbound(Update(7, message=message(text="=12.1"))))
    assert PRESSED not in said.metadata


def test_a_long_text_is_several_messages_of_what_telegram_takes() -> None:
    parts = fit(BotMessage(text="😀 " * 5000), TELEGRAM.can)
    assert len(parts) > 1 and all(size(str(part.text), "utf16") <= 4096 for part in parts)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, Rejected),
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 4}}, NotNow),
        (500, {"ok": False, "description": "Internal Server Error"}, NotNow),
        (502, {"ok": False}, Uncertain),
    ],
)
def test_telegram_says_why_and_how_long_to_wait(status: int, answer: object, error: type[SendError]) -> None:
    with pytest.raises(error) as raised:
        TELEGRAM.judge(httpx.Response(status, json=answer))
    if isinstance(raised.value, NotNow) and status == 429:
        assert (raised.value.retry_after_seconds, raised.value.whole_channel) == (4, None)
    if error is Rejected:
        assert "blocked" in raised.value.reason
