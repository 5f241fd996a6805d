"""The API of WeChat and of WeCom: an access token in the query, and in the body what went wrong.

https://api.weixin.qq.com/cgi-bin/…       Official Accounts
https://qyapi.weixin.qq.com/cgi-bin/…     WeCom, its customer service
"""

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from bot.messaging.access_tokens import AccessToken, Lent
from bot.messaging.channel import Fetched, Part
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.sending import Call, check_status, post
from bot.messaging.uploads import upload

JSON = {"content-type": "application/json"}
STALE = frozenset({40001, 40014, 42001})
WAITS = {-1: None, 6000: None, 45009: 600.0, 45011: 60.0, 45033: 5.0, **dict.fromkeys(STALE)}
"""What may go better later, and after how many seconds: busy, too many calls, a token that somebody else renewed."""
LIMITS = frozenset({45009, 45011, 45033})
"""Of the account: whatever is sent to anybody."""
WHY = {
    40164: "this server's address is not on the account's list of addresses (IP 白名单)",
    60020: "this server's address is not on the app's list of trusted addresses (企业可信IP)",
    45015: "window closed: the customer has not written for 48 hours, or no longer follows the account",
    45047: "too many messages since the customer last wrote",
    48001: "the account has no right to this interface (客服接口)",
    95001: "window closed: five messages, or 48 hours, since the customer last wrote",
    95018: "somebody in WeCom has this conversation, or it has ended",
}
PICTURE = "图片 · Picture"
"""The title of an article that is nothing but a picture."""
REFERENCE = re.compile(r"\d{1,9}\.\d{1,2}")
KINDS = {"image": "image", "audio": "voice", "video": "video", "file": "file"}
VIDEO_HOSTS = (".qpic.cn", ".qq.com")


class WechatApi:
    """`ask` is the call that lends a token. Belongs to one event loop."""

    def __init__(self, url: str, ask: Call) -> None:
        self.url = url.rstrip("/")
        self._ask = ask
        self._tokens = AccessToken(self._lend)

    def post(self, path: str, fields: Mapping[str, Any]) -> Call:
        """Not yet with a token: `call` puts it in."""
        return plain(self.url, path, fields)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        """Raises SendError where there is no answer, or no token."""
        return await self._tokens.call(http, lambda token: with_token(call, token), is_stale)

    async def ask(self, http: httpx.AsyncClient, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What the API answers. Raises SendError where it is no success."""
        response = await self.call(http, self.post(path, fields))
        judge(response)
        return answer_of(response)

    async def upload(self, http: httpx.AsyncClient, kind: str, file: Fetched) -> str:
        """The id of a file that is kept for three days. `kind`: image, voice, video or file."""
        call = upload(f"{self.url}/cgi-bin/media/upload?type={kind}", "media", file)
        try:
            response = await self.call(http, call)
            judge(response)
        except Uncertain as error:  # nothing was shown to anybody yet
            raise NotNow(error.reason) from None
        return str(answer_of(response)["media_id"])

    async def handed_over(self, http: httpx.AsyncClient, part: Part, kinds: Set[str]) -> tuple[str, str] | None:
        """Uploads a part's file, where its bytes are here and it is of a kind that is taken; returns kind and id."""
        for file in part.message.files:
            content, kind = part.contents.get(file.reference), KINDS[file.kind]
            if content is not None and kind in kinds:
                return kind, await self.upload(http, kind, content)
        return None

    async def fetch(self, http: httpx.AsyncClient, media_id: str, limit_bytes: int) -> Fetched:
        """A file that a customer sent. Official Accounts give of a video only where it lies."""
        call = with_token(
            Call(f"{self.url}/cgi-bin/media/get?media_id={quote(media_id, '')}"), await self._tokens.get(http)
        )
        fetched = await download(http, call.url, origin=self.url, limit_bytes=limit_bytes)
        said = json_of(fetched.content)
        if "video_url" in said:
            address = str(said["video_url"]).replace("http://", "https://", 1)
            return await download(http, address, hosts=VIDEO_HOSTS, limit_bytes=limit_bytes)
        if "errcode" in said:
            self._tokens.forget(call.url.rpartition("=")[2])
            raise problem(said)
        return fetched

    async def _lend(self, http: httpx.AsyncClient) -> Lent:
        response = await post(http, self._ask)
        judge(response)
        answer = answer_of(response)
        return Lent(str(answer["access_token"]), float(answer["expires_in"]))


def pressed(key: str) -> dict[str, str]:
    """What a message's metadata says of a menu's or button's key: which of the bot's buttons it is, if it is one."""
    return {PRESSED: key} if REFERENCE.fullmatch(key) else {}


def picture(address: str) -> dict[str, Any]:
    """A picture by its address, without handing it over: an article that shows it."""
    return {"msgtype": "news", "news": {"articles": [{"title": PICTURE, "url": address, "picurl": address}]}}


def plain(url: str, path: str, fields: Mapping[str, Any]) -> Call:
    """A call without a token, such as the one that asks for it."""
    return Call(f"{url.rstrip('/')}/cgi-bin/{path}", orjson.dumps(fields), JSON)


def with_token(call: Call, token: str) -> Call:
    return replace(call, url=f"{call.url}{'&' if '?' in call.url else '?'}access_token={token}")


def judge(response: httpx.Response) -> None:
    """Raises SendError where the API says that it did not do it."""
    check_status(response)
    answer = answer_of(response)
    if answer.get("errcode", 0) != 0:
        raise problem(answer)


def problem(answer: Mapping[str, Any]) -> NotNow | Rejected:
    code = int(answer["errcode"])
    why = f"errcode {code}: {WHY.get(code) or str(answer.get('errmsg', ''))[:120]}"
    return NotNow(why, WAITS[code], whole_channel=code in LIMITS) if code in WAITS else Rejected(why)


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """Raises Uncertain for what is no answer of theirs: perhaps something between us broke it."""
    answer = json_of(response.content)
    if not answer:
        raise Uncertain("an answer that is no JSON")
    return answer


def is_stale(response: httpx.Response) -> bool:
    return json_of(response.content).get("errcode") in STALE


def json_of(content: bytes) -> dict[str, Any]:
    """The object in it; an empty one for anything else, such as a picture."""
    try:
        found = orjson.loads(content) if content[:1] == b"{" else {}
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
