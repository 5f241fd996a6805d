"""One HTTP call to a platform, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.messaging.errors import NotNow, Rejected, Uncertain

TIMEOUT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 3600.0
MAYBE_TAKEN = frozenset({502, 504})
"""A gateway that lost sight of the request: it may have been served."""


@dataclass(frozen=True)
class Call:
    """A request. `url` and `headers` may hold secrets: neither is ever logged or kept."""

    url: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


async def post(http: httpx.AsyncClient, call: Call) -> httpx.Response:
    """The answer, whatever its status. Raises Rejected, NotNow or Uncertain where there is none."""
    try:
        return await http.request(
            call.method, call.url, content=call.body, headers=dict(call.headers), timeout=TIMEOUT_SECONDS
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotNow(f"not reached: {type(error).__name__}") from None
    except httpx.HTTPError as error:
        raise Uncertain(f"no answer: {type(error).__name__}") from None
    except httpx.InvalidURL:
        raise Rejected("the address to send to is not a URL") from None


def check_status(response: httpx.Response) -> None:
    """Raises Rejected, NotNow or Uncertain unless it is a 2xx."""
    status = response.status_code
    if status in MAYBE_TAKEN:
        raise Uncertain(f"HTTP {status}")
    if status in (408, 425, 429) or status >= 500:
        raise NotNow(f"HTTP {status}", retry_after(response.headers.get("retry-after", ""), datetime.now(UTC)))
    if not 200 <= status < 300:
        raise Rejected(f"HTTP {status}")


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which may also be a date; at most an hour."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
