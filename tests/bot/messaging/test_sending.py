from datetime import UTC, datetime

import httpx
import pytest

from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.sending import Call, check_status, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-1", 0.0),
        ("999999", 3600.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("", None),
        ("soon", None),
    ],
)
def test_how_long_to_wait_is_read_from_seconds_and_from_dates(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((taken, None) for taken in (200, 204)),
        *((never, Rejected) for never in (302, 400, 401, 403, 404)),
        *((later, NotNow) for later in (408, 425, 429, 500, 503)),
        *((unknown, Uncertain) for unknown in (502, 504)),
    ],
)
def test_a_status_says_whether_it_may_be_tried_again(status: int, error: type[SendError] | None) -> None:
    if error is None:
        check_status(httpx.Response(status))
    else:
        with pytest.raises(error):
            check_status(httpx.Response(status))


@pytest.mark.parametrize("whom", ["+14155550100", "+1 (415) 555-0100", "8613800138000", "ann@shop.example"])
def test_a_reason_does_not_hold_for_whom_it_was(whom: str) -> None:
    """Twilio says \"The 'To' number … is not valid\": that is kept with the line, and logged."""
    error = Rejected(f"HTTP 400: 21211 The 'To' number <{whom}> is not valid")
    assert error.reason == str(error) == "HTTP 400: 21211 The 'To' number <…> is not valid"


def test_a_call_does_not_print_its_secrets() -> None:
    assert "123:secret" not in repr(
        Call("https://api.telegram.org/bot123:secret/x", b"123:secret", {"a": "123:secret"})
    )
