"""The frames of the widget's WebSocket: JSON objects with a type, read with care and written in one shape."""

import re
import time
from typing import Any, TypeVar

import orjson

from bot.conversation import attachments
from bot.conversation.outbox import Line, encode
from bot.messages import Attachment
from bot.messaging.links import Links

T = TypeVar("T")

MOST_FILES = 10
"""In one message."""


class FrameError(ValueError):
    """A frame that is not of the protocol; `code` is for programs, the message for developers."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def address(page: str) -> str | None:
    """A page's address without its query and fragment: those hold tokens and e-mail addresses."""
    return re.split("[?#]", page, maxsplit=1)[0][:1000] or None


def parse_frame(text: str, limit: int) -> dict[str, Any]:
    """A frame as an object with a type. Raises FrameError."""
    if len(text) > limit:
        raise FrameError("too_large", f"a frame may have {limit} characters.")
    try:
        frame = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        raise FrameError("malformed", "a frame must be a JSON object.") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise FrameError("malformed", "a frame must be a JSON object with a type.")
    return frame


def field(frame: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = frame.get(name)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise FrameError("bad_field", f"{name} must be {'a number' if kind is int else 'a string'}.")
    return value


def files_of(frame: dict[str, Any]) -> list[Attachment]:
    """The uploads that a message names. Whether they are this session's is seen when it is stored."""
    ids = frame.get("files", [])
    if not isinstance(ids, list) or len(ids) > MOST_FILES or not all(type(one) is int and one > 0 for one in ids):
        raise FrameError("bad_field", f"files must be at most {MOST_FILES} ids of uploads.")
    return [Attachment("file", f"{attachments.STORED}{one}") for one in ids]


def message_frame(line: Line, links: Links) -> dict[str, Any]:
    """`name` is the person's who wrote it; `notice` says that a line of the bot's is about who has the conversation."""
    return {
        "type": "message",
        "seq": line.seq,
        "role": line.role,
        "id": line.message_id or str(line.outbox_id),
        "buttons": [],
        "cards": [],
        **encode(line.message),
        "files": [file_frame(one, links) for one in line.message.files],
        "time": line.time,
        **({"name": line.agent} if line.agent else {}),
    }


def file_frame(file: Attachment, links: Links) -> dict[str, Any]:
    """With an address that is good for three days from now; a file that is elsewhere has its own."""
    number = attachments.stored_id(file.reference)
    url = file.reference if number is None else links.path(number, time.time())
    return {"kind": file.kind, "name": file.name, "media_type": file.media_type, "size": file.size, "url": url}
