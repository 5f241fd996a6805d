"""The API of Feishu and Lark: a tenant's access token in a header, and in the body what went wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from bot.messages import Attachment
from bot.messaging.access_tokens import AccessToken, Lent
from bot.messaging.channel import Fetched
from bot.messaging.downloads import download
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.sending import Call, check_status, post, retry_after
from bot.messaging.uploads import upload

JSON = {"content-type": "application/json; charset=utf-8"}
NOT_NOW = frozenset({99991400, 230020, 11232, 11247, 2200, 1500})
"""Too many calls, of the app or into this chat; or Feishu failed."""
WHOLE_APP = 99991400
STALE = frozenset({99991661, 99991663, 99991664, 99991668, 99991671})
FILE_TYPES = {name: name for name in ("pdf", "doc", "xls", "ppt", "mp4", "opus")} | {
    "docx": "doc",
    "xlsx": "xls",
    "pptx": "ppt",
}


class FeishuApi:
    """One app's calls. Belongs to one event loop."""

    def __init__(self, url: str, app_id: str, app_secret: str) -> None:
        self.url = f"{url.rstrip('/')}/open-apis"
        fields = {"app_id": app_id, "app_secret": app_secret}
        self._ask = self.post("auth/v3/tenant_access_token/internal", fields)
        self._tokens = AccessToken(self._lend)

    def post(self, path: str, fields: Mapping[str, Any]) -> Call:
        """Not yet with a token: `call` puts it in."""
        return Call(f"{self.url}/{path}", orjson.dumps(fields), JSON)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        """Raises SendError where there is no answer, or no token."""
        return await self._tokens.call(
            http,
            lambda token: replace(call, headers={**call.headers, **bearer(token)}),
            lambda response: code_of(response) in STALE,
        )

    async def ask(self, http: httpx.AsyncClient, path: str) -> dict[str, Any]:
        """What the API answers to a GET. Raises SendError where it is no success."""
        response = await self.call(http, Call(f"{self.url}/{path}", method="GET"))
        judge(response)
        return answer_of(response)

    async def upload(self, http: httpx.AsyncClient, file: Attachment, content: Fetched) -> tuple[str, str]:
        """What the file is to Feishu, and its key there. Raises SendError."""
        name = content.name or file.name or "file"
        if file.kind == "image":
            kind, call = "image", upload(f"{self.url}/im/v1/images", "image", content, {"image_type": "message"})
        else:
            fields = {"file_type": FILE_TYPES.get(name.rpartition(".")[2].lower(), "stream"), "file_name": name}
            kind, call = "file", upload(f"{self.url}/im/v1/files", "file", content, fields)
        try:
            response = await self.call(http, call)
            judge(response)
        except Uncertain as error:  # nothing was shown to anybody yet
            raise NotNow(error.reason) from None
        return kind, str(answer_of(response)["data"][f"{kind}_key"])

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment, limit_bytes: int) -> Fetched:
        """A file of a message; the reference is `<message_id>/<key>`. Raises SendError."""
        message_id, _, key = (quote(part, "") for part in attachment.reference.partition("/"))
        kind = "image" if attachment.kind == "image" else "file"
        url = f"{self.url}/im/v1/messages/{message_id}/resources/{key}?type={kind}"
        token = await self._tokens.get(http)
        try:
            return await download(http, url, origin=self.url, headers=bearer(token), limit_bytes=limit_bytes)
        except Rejected:
            self._tokens.forget(token)
            raise

    async def _lend(self, http: httpx.AsyncClient) -> Lent:
        response = await post(http, self._ask)
        judge(response)
        answer = answer_of(response)
        return Lent(answer["tenant_access_token"], float(answer["expire"]))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def judge(response: httpx.Response) -> None:
    """Feishu says in the body what is wrong, often with a 400; after a 429 a header says how long to wait."""
    code = code_of(response)
    why = f"code {code}: {str(answer_of(response).get('msg', ''))[:120]}"
    if code in NOT_NOW or code in STALE:
        wait = response.headers.get("x-ogw-ratelimit-reset") or response.headers.get("retry-after", "")
        raise NotNow(why, retry_after(wait, datetime.now(UTC)), whole_channel=code == WHOLE_APP)
    if code and response.status_code < 500:
        raise Rejected(why)
    check_status(response)
    if code is None:
        raise Uncertain("an answer that is no JSON")


def answer_of(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def code_of(response: httpx.Response) -> int | None:
    """0 for what was done; None where there is no answer of Feishu's."""
    code = answer_of(response).get("code")
    return code if isinstance(code, int) else None
