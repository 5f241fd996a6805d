"""What every HTTP request and answer passes: the body's limits on the way in, the security headers on the way out."""

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problem import Problem

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
BODY_SECONDS = 20.0
"""For the whole of a body; who sends more slowly than that holds a connection for nothing."""
PRIVATE = "/console/api/"
"""What is answered under this path no browser keeps: customers' words and profiles."""
EMBEDDED = "/widget/"
"""Files under this path are fetched by the pages of other sites."""


FILES = "/files"
"""Ends the paths to which files are uploaded."""
FILE_SECONDS = 180.0
DELIVERIES, OWN_CHANNEL = "/webhooks/", "/webhooks/rest/"
"""Begins the paths to which messaging platforms deliver: what one of them may put into a delivery is its own affair."""
DELIVERY_BYTES = 4_000_000


class Guard:
    """ASGI middleware. Reading a body larger than its path may have raises Problem 413, a slow one 408."""

    def __init__(self, app: ASGIApp, body_limit_bytes: int, file_limit_bytes: int = 0) -> None:
        self.app = app
        self.body_limit_bytes = body_limit_bytes
        self.file_limit_bytes = file_limit_bytes

    def limits(self, path: str) -> tuple[int, float]:
        """Of a body sent to this path: bytes and seconds."""
        if path.endswith(FILES):
            return max(self.file_limit_bytes, self.body_limit_bytes), FILE_SECONDS
        if path.startswith(DELIVERIES) and not path.startswith(OWN_CHANNEL):
            return max(DELIVERY_BYTES, self.body_limit_bytes), BODY_SECONDS
        return self.body_limit_bytes, BODY_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_embedded = scope["path"].startswith(EMBEDDED)
        received, is_whole = 0, False
        limit, seconds = self.limits(scope["path"])
        deadline = asyncio.get_running_loop().time() + seconds

        async def limited() -> Message:
            nonlocal received, is_whole
            try:
                async with asyncio.timeout_at(None if is_whole else deadline):
                    message = await receive()
            except TimeoutError:
                raise Problem(408, "Too slow", f"A request body must arrive within {seconds:g} seconds.") from None
            is_whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                raise Problem(413, "Too large", f"A request body may have {limit} bytes.")
            return message

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page may have a stricter policy of its own
                if scope["path"].startswith(PRIVATE):
                    headers.setdefault("cache-control", "no-store")
                if is_embedded:
                    headers["access-control-allow-origin"] = "*"
                    headers["cross-origin-resource-policy"] = "cross-origin"
            await send(message)

        await self.app(scope, limited, secured)
