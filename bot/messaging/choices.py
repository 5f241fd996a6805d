"""What a number, or a pressed button, stands for: the words of a button or row of the bot's last answer.

Only where that answer was shown as a numbered list; on a channel with real buttons a typed "2" is just a 2.
"""

import unicodedata
from dataclasses import replace

import regex
from sqlalchemy import Connection

from bot.conversation.outbox import decode
from bot.conversation.sql import Statement
from bot.messages import UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.fitting import choices_of, numbered

PRESSED = "pressed"
"""In a message's metadata: `<seq>.<number from 0>` of the button or row whose words were too long for the platform."""
NUMBER = regex.compile(r"[(\[]?\s*(\d{1,2})\s*[.)\]、]?")

# The bot's last answer may have been several lines; what a person wrote since has no inbox_id, and so no buttons.
_LAST_ANSWER = Statement(
    "SELECT body FROM outbox WHERE conversation_id = :conversation_id AND status IN ('delivered', 'unsure')"
    " AND inbox_id = (SELECT inbox_id FROM outbox WHERE conversation_id = :conversation_id"
    " AND status IN ('delivered', 'unsure') ORDER BY seq DESC LIMIT 1) ORDER BY seq DESC"
)
_LINE = Statement("SELECT body FROM outbox WHERE conversation_id = :conversation_id AND seq = :seq")


def is_choice(message: UserMessage) -> bool:
    """Whether it may stand for a button; only then is the database asked."""
    return PRESSED in message.metadata or number_of(message.text) is not None


def number_of(text: str) -> int | None:
    """The number in "2", "２", "2." or "(2)"; None for anything else."""
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def resolved(connection: Connection, message: UserMessage, can: Capabilities) -> UserMessage:
    """`resolve`, for what may be a choice; else the same message."""
    return resolve(connection, message, can) if is_choice(message) else message


def resolve(connection: Connection, message: UserMessage, can: Capabilities) -> UserMessage:
    """The message with the words of the button that it stands for; the same one where it stands for none."""
    if pressed := message.metadata.get(PRESSED):
        words = _pressed(connection, message.conversation_id, str(pressed))
    else:
        words = _numbered(connection, message, can)
    return replace(message, text=words) if words else message


def _pressed(connection: Connection, conversation_id: str, reference: str) -> str | None:
    seq, _, number = reference.partition(".")
    if not (seq.isdecimal() and number.isdecimal() and len(reference) < 16):
        return None
    row = _LINE.first(connection, {"conversation_id": conversation_id, "seq": int(seq)})
    offered = choices_of(decode(row[0])) if row else ()
    return offered[int(number)].payload if int(number) < len(offered) else None


def _numbered(connection: Connection, message: UserMessage, can: Capabilities) -> str | None:
    number = number_of(message.text)
    for (body,) in _LAST_ANSWER.all(connection, {"conversation_id": message.conversation_id}) if number else ():
        if listed := numbered(decode(body), can):
            return listed[number - 1].payload if number and number <= len(listed) else None
    return None
