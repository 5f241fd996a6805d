"""The console's pages: files of bot/web/console as they are, with a policy that lets nothing of other sites in."""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

INLINE = re.compile(r"<script type=\"importmap\">(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'self'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MODULES = {".mjs": "text/javascript", ".js": "text/javascript"}


class ConsoleFiles(StaticFiles):
    """Every answer carries the policy, and is asked for again each time (ETag): an update is there at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)
        self._policy = policy_for((folder / "index.html").read_text("utf-8"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        suffix = Path(scope["path"]).suffix

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = self._policy
                headers["cache-control"] = "no-cache"
                if suffix in MODULES and message["status"] == 200:
                    headers["content-type"] = f"{MODULES[suffix]}; charset=utf-8"
            await send(message)

        await super().__call__(scope, receive, secured)


def policy_for(page: str) -> str:
    """Inline are only import maps, each let in by its hash."""
    hashes = (base64.b64encode(hashlib.sha256(found.encode()).digest()).decode() for found in INLINE.findall(page))
    return POLICY.format(hashes="".join(f" 'sha256-{one}'" for one in hashes))


def router() -> APIRouter:
    """`/console` itself; what lies below is mounted by the app."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console")
    def page() -> RedirectResponse:
        return RedirectResponse("/console/", 308)

    return routes
