"""DingTalk's two APIs: api.dingtalk.com with a lent token in a header; oapi.dingtalk.com for uploads and webhooks.

A session webhook is an address that a delivery names, and DingTalk signs no delivery's body: only addresses at
DingTalk's own hosts are ever called.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import orjson

from bot.messaging.access_tokens import AccessToken, Lent
from bot.messaging.channel import Fetched
from bot.messaging.downloads import download, is_allowed
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.sending import Call, check_status, post
from bot.messaging.uploads import upload

JSON = {"content-type": "application/json; charset=utf-8"}
WEBHOOK_HOSTS = ("oapi.dingtalk.com", "api.dingtalk.com")
FILE_HOSTS = (".dingtalk.com", ".aliyuncs.com", ".alicdn.com")
TOKEN_HEADER = "x-acs-dingtalk-access-token"
MINUTE = 60.0
LIMITED = frozenset({130101, 90018, 88, -1})
"""More than 20 messages in a minute, too many calls, or busy."""


class DingtalkApi:
    """One app's calls. Belongs to one event loop."""

    def __init__(self, url: str, oapi_url: str, app_key: str, app_secret: str) -> None:
        self.url, self._oapi_url = url.rstrip("/"), oapi_url.rstrip("/")
        self._ask = self.post("oauth2/accessToken", {"appKey": app_key, "appSecret": app_secret})
        self._tokens = AccessToken(self._lend)

    def post(self, path: str, fields: Mapping[str, Any]) -> Call:
        """Not yet with a token: `call` puts it in."""
        return Call(f"{self.url}/v1.0/{path}", orjson.dumps(fields), JSON)

    def is_webhook(self, address: str) -> bool:
        return is_allowed(address, WEBHOOK_HOSTS, self._oapi_url)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        """A session webhook needs no token, and gets none. Raises SendError."""
        if not call.url.startswith(f"{self.url}/v1.0/"):
            return await post(http, call)
        return await self._tokens.call(
            http, lambda token: replace(call, headers={**call.headers, TOKEN_HEADER: token}), is_stale
        )

    async def ask(self, http: httpx.AsyncClient, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        response = await self.call(http, self.post(path, fields))
        judge(response)
        return answer_of(response)

    async def lent(self, http: httpx.AsyncClient) -> str:
        """The token. Raises SendError where DingTalk does not know the app."""
        return await self._tokens.get(http)

    async def upload(self, http: httpx.AsyncClient, kind: str, file: Fetched) -> str:
        """The id of a file. `kind`: image or file. Raises SendError."""
        token = await self._tokens.get(http)
        try:
            response = await post(
                http, upload(f"{self._oapi_url}/media/upload?access_token={token}", "media", file, {"type": kind})
            )
            judge(response)
        except Uncertain as error:  # nothing was shown to anybody yet
            raise NotNow(error.reason) from None
        return str(answer_of(response)["media_id"])

    async def fetch(self, http: httpx.AsyncClient, robot: str, code: str, limit_bytes: int) -> Fetched:
        """What a customer sent. Raises SendError."""
        answer = await self.ask(http, "robot/messageFiles/download", {"downloadCode": code, "robotCode": robot})
        address = str(answer["downloadUrl"])
        if not is_allowed(address, (), self.url):
            address = address.replace("http://", "https://", 1)
        return await download(http, address, hosts=FILE_HOSTS, origin=self.url, limit_bytes=limit_bytes)

    async def _lend(self, http: httpx.AsyncClient) -> Lent:
        response = await post(http, self._ask)
        judge(response)
        answer = answer_of(response)
        return Lent(answer["accessToken"], float(answer["expireIn"]))


def is_stale(response: httpx.Response) -> bool:
    return answer_of(response).get("code") == "InvalidAuthentication"


def judge(response: httpx.Response) -> None:
    """The newer API says `code` with a 4xx, the older one `errcode` with a 200."""
    answer = answer_of(response)
    code, why = answer.get("code"), str(answer.get("message", ""))[:120]
    if isinstance(code, str) and response.status_code < 500:
        raise NotNow(f"code {code}", MINUTE, whole_channel=True) if is_limit(code) else Rejected(f"code {code}: {why}")
    check_status(response)
    number = answer.get("errcode", 0)
    if number in LIMITED:
        raise NotNow(f"errcode {number}", MINUTE)
    if number:
        raise Rejected(f"errcode {number}: {str(answer.get('errmsg', ''))[:120]}")
    if not answer:
        raise Uncertain("an answer that is no JSON")


def is_limit(code: str) -> bool:
    return "QpsLimit" in code or "Throttling" in code or code == "InvalidAuthentication"


def answer_of(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
