"""An attachment's bytes from an address that a payload names: of known hosts only, and never more than wanted.

An address in a payload is what an attacker would choose. So it has to be https at a host of the list (`.cdn.example`
stands for everything below it) or lie under `origin`, the platform's API as the settings have it. A redirect has to
lead to such an address too, and is followed without our headers: they hold the token.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpx

from bot.messaging.channel import Fetched
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import TIMEOUT_SECONDS, check_status

MOST_REDIRECTS = 3
Kind = Literal["image", "audio", "video", "file"]
KINDS: Mapping[str, Kind] = MappingProxyType({"image": "image", "audio": "audio", "video": "video"})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class TooLarge(Rejected):
    """It is larger than what is fetched; none of it was kept."""


async def download(
    http: httpx.AsyncClient,
    url: str,
    *,
    hosts: Sequence[str] = (),
    origin: str = "",
    headers: Mapping[str, str] = NO_HEADERS,
    limit_bytes: int,
) -> Fetched:
    """Raises Rejected where it may not or cannot be had, TooLarge, or NotNow."""
    for _ in range(MOST_REDIRECTS + 1):
        if not is_allowed(url, hosts, origin):
            raise Rejected("the address of the attachment is not one of the platform's")
        try:
            async with http.stream("GET", url, headers=dict(headers), timeout=TIMEOUT_SECONDS) as response:
                if not response.has_redirect_location:
                    check_status(response)
                    return Fetched(await read(response, limit_bytes), media_type_of(response))
        except httpx.HTTPError as error:
            raise NotNow(f"not fetched: {type(error).__name__}") from None
        url, headers = urljoin(url, response.headers["location"]), NO_HEADERS
    raise Rejected("the attachment's address leads to another one too often")


def is_allowed(url: str, hosts: Sequence[str], origin: str = "") -> bool:
    """Whether the address is at one of the hosts, by https and its usual port, or under `origin`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or "\\" in url:
        return False
    if origin and f"{parts.scheme}://{parts.netloc}" == "{0.scheme}://{0.netloc}".format(urlsplit(origin)):
        return True
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    return parts.scheme == "https" and port in (None, 443) and known


async def read(response: httpx.Response, limit_bytes: int) -> bytes:
    """Everything, or TooLarge as soon as it is more: what it says of its length is only believed where that is more."""
    told = response.headers.get("content-length", "")
    if told.isdecimal() and int(told) > limit_bytes:
        raise TooLarge(f"larger than {limit_bytes} bytes")
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > limit_bytes:
            raise TooLarge(f"larger than {limit_bytes} bytes")
    return bytes(content)


def media_type_of(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def kind_of(media_type: str) -> Kind:
    """What an attachment of this type is to a person."""
    return KINDS.get(media_type.partition("/")[0], "file")
