"""How large a body may be depends on where it goes."""

import pytest

from bot.guard import BODY_SECONDS, DELIVERY_BYTES, FILE_SECONDS, Guard


async def nowhere(*_: object) -> None: ...


@pytest.mark.parametrize(
    ("path", "limits"),
    [
        ("/webhooks/web/files", (20_000_000, FILE_SECONDS)),
        ("/console/api/conversations/web:ann/files", (20_000_000, FILE_SECONDS)),
        ("/webhooks/whatsapp", (DELIVERY_BYTES, BODY_SECONDS)),
        ("/webhooks/rest/webhook", (65_536, BODY_SECONDS)),
        ("/console/api/session", (65_536, BODY_SECONDS)),
    ],
)
def test_files_and_platforms_have_room_and_nothing_else(path: str, limits: tuple[int, float]) -> None:
    assert Guard(nowhere, body_limit_bytes=65_536, file_limit_bytes=20_000_000).limits(path) == limits
