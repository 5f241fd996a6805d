"""What a turn commits as its answer, and the few sentences that need neither assistant nor model."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.events import Event, bot_uttered, user_uttered
from bot.conversation.inbox import Waiting
from bot.conversation.tracker import Tracker
from bot.dialogue.decision import Decision
from bot.messages import BotMessage, Button, UserMessage
from nlu.types import Language

UNREADABLE = {
    "empty": {
        "en": "I didn't catch that — your message arrived empty. What can I do for you?",
        "zh": "您好，刚才的消息是空的，我没有收到内容。请问有什么可以帮您？",
    },
    "too_long": {
        "en": "That message is too long for me. Could you tell me the main point in a few sentences?",
        "zh": "这条消息有点太长了，我看不过来。麻烦您用几句话说说主要的问题，好吗？",
    },
    "files": {
        "en": "Thank you, I have your file and keep it with our conversation. I can't look into files myself, though: "
        "tell me in a few words what it is about, or ask me for a person.",
        "zh": "收到您的文件了，我会把它和我们的对话放在一起。不过文件内容我自己看不了，麻烦您简单说说是什么事；"
        "需要的话也可以跟我说“转人工”。",
    },
    "files_in_form": {
        "en": "Thank you, I've put your file with this. Just my question from before:",
        "zh": "收到，文件已经和这件事放在一起了。刚才的问题还要麻烦您回答一下：",
    },
}
"""Answers to messages that hold nothing to understand. They need no assistant and no model."""
APOLOGY = {
    "en": "I'm sorry, something went wrong on our side with that message. Please try again, or ask me for a person.",
    "zh": "非常抱歉，刚才这条消息我们这边处理出错了。麻烦您再试一次，或者说“转人工”，我帮您找同事。",
}


@dataclass(frozen=True)
class Answer:
    """What a turn commits: the events already folded into the tracker, the replies, the decision record."""

    events: Sequence[Event]
    messages: Sequence[BotMessage]
    decision: Decision | None = None

    @classmethod
    def unreadable(cls, waiting: Waiting, tracker: Tracker, problem: str) -> "Answer":
        """To what holds nothing to understand. A file in the midst of a task belongs to it, and its question stands."""
        question = last_question(tracker) if problem == "files" and tracker.active_loop else None
        if question is None or tracker.paused:
            return cls.without_engine(waiting, tracker, UNREADABLE[problem])
        answer = cls.without_engine(waiting, tracker, UNREADABLE["files_in_form"])
        asked = bot_uttered(question, time.time())
        tracker.apply(asked)
        return cls((*answer.events, asked), (*answer.messages, question))

    @classmethod
    def without_engine(cls, waiting: Waiting, tracker: Tracker, sentence: Mapping[str, str]) -> "Answer":
        """Record what was said and say one fixed sentence; nothing while a person has the conversation."""
        at = time.time()
        language = tracker.slot("language") or guess_language(waiting.message)
        messages = [] if tracker.paused else [BotMessage(text=sentence[language])]
        events = [user_uttered(waiting.message, {}, at), *(bot_uttered(message, at) for message in messages)]
        tracker.apply_all(events)
        return cls(events, messages)


def last_question(tracker: Tracker) -> BotMessage | None:
    """What the bot said last, to be said again."""
    said = next((event for event in reversed(tracker.events) if event["event"] == "bot" and event.get("text")), None)
    if said is None:
        return None
    buttons = tuple(Button(one["title"], one["payload"]) for one in said.get("data", {}).get("buttons", ()))
    return BotMessage(text=said["text"], buttons=buttons)


def guess_language(message: UserMessage) -> Language:
    """For a message the model never saw: its script, else the page's locale."""
    is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in message.text[:200])
    return "zh" if is_chinese or str(message.metadata.get("locale", "")).startswith("zh") else "en"
