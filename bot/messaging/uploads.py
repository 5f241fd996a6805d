"""A file handed to a platform before the message that shows it."""

from collections.abc import Mapping
from types import MappingProxyType

import httpx

from bot.messaging.channel import Fetched
from bot.messaging.sending import Call

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


def upload(url: str, field: str, file: Fetched, fields: Mapping[str, str] = NO_FIELDS) -> Call:
    """A form with the file in `field`, and other fields beside it."""
    part = (file.name or "file", file.content, file.media_type or "application/octet-stream")
    request = httpx.Request("POST", url, data=dict(fields), files={field: part})
    return Call(url, request.read(), {"content-type": request.headers["content-type"]})
