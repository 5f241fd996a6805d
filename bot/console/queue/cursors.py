"""Where the next page of a list begins: the order's number and the id of the last row, as a word that clients keep."""

import base64
import binascii

import orjson

from bot.problem import Problem


def cursor_of(place: float, conversation_id: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([place, conversation_id])).decode().rstrip("=")


def after(cursor: str) -> tuple[float, str] | None:
    """None for the first page. Raises Problem 422 for a word that was not made here."""
    if not cursor:
        return None
    try:
        place, conversation_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return float(place), str(conversation_id)
    except (binascii.Error, ValueError, TypeError):
        raise Problem(422, "Unprocessable request", "cursor: take it from the page before this one.") from None
