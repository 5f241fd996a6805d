"""Teams: activities as Microsoft's own models write and read them, tokens signed with keys of our own."""

import base64
import re
from functools import cache
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from microsoft_agents.activity import Activity

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

APP_ID = "11111111-2222-3333-4444-555555555555"
SERVICE = "https://smba.trafficmanager.net/amer/"
ACTIVITIES = re.compile(r"/amer/v3/conversations/([^/]+)/activities")


@cache
def key_of(_name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).decode().rstrip("=")


def published(*names: str, endorsed: str = "msteams") -> bytes:
    """Microsoft's list of keys."""
    keys = []
    for name in names:
        numbers = key_of(name).public_key().public_numbers()
        secretless = {"kty": "RSA", "use": "sig", "n": number(numbers.n), "e": number(numbers.e)}
        keys.append({**secretless, "kid": f"key-{name}", "endorsements": [endorsed]})
    return orjson.dumps({"keys": keys})


def token(key: str, at: float, **claims: Any) -> str:
    own = {"iss": "https://api.botframework.com", "aud": APP_ID, "serviceurl": SERVICE}
    return jwt.encode({**own, "nbf": int(at), "exp": int(at), **claims}, key_of(key), "RS256", {"kid": f"key-{key}"})


class Teams(Platform):
    signs_body = False

    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"app_secret": "a-client-secret-of-tests", "previous_app_secret": "the-client-secret-before"}
        addresses = {"service_url": f"{url}/amer", "login_url": url, "openid_url": f"{url}/openid"}
        return {"app_id": APP_ID, **secrets, **addresses}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return self._delivered(sender, number, at, secret, text=text)

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        address = f"{self.url}/amer/v3/attachments/1/views/original"
        picture = {"contentType": "image/png", "contentUrl": address, "name": "shoe.png"}
        page = {"contentType": "text/html", "content": '<p><img src="https://smba.trafficmanager.net/x"></p>'}
        return self._delivered(sender, number, at, "current", attachments=[picture, page])

    def holds(self, heard: Heard) -> Reply | None:
        if heard.path != "/amer/v3/attachments/1/views/original":
            return None
        assert heard.headers["authorization"] == "Bearer a-lent-token"
        return Reply(200, PICTURE, {"content-type": "image/png"})

    def _delivered(self, sender: str, number: int, at: float, secret: str, **fields: object) -> Delivered:
        said = {
            "type": "message",
            "id": f"activity-{number}",
            "channelId": "msteams",
            "serviceUrl": SERVICE,
            "from": {"id": f"29:{sender}"},
            "recipient": {"id": f"28:{APP_ID}"},
            "conversation": {"id": f"a:{sender}", "conversationType": "personal", "tenantId": "t"},
            **fields,
        }
        body = Activity.model_validate(said).model_dump_json(by_alias=True, exclude_none=True).encode()
        return Delivered(body, {"authorization": f"Bearer {token(secret, at)}"})

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/openid":
            return Reply(200, orjson.dumps({"jwks_uri": f"http://{heard.headers['host']}/keys"}))
        if heard.path == "/keys":
            return Reply(200, published("current", "previous"))
        if heard.path.endswith("/oauth2/v2.0/token"):
            return Reply(200, orjson.dumps({"access_token": "a-lent-token", "expires_in": 3600}))
        assert heard.headers["authorization"] == "Bearer a-lent-token"
        return Reply(201, b'{"id": "1:sent"}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if not (found := ACTIVITIES.fullmatch(heard.path)):
            return None
        activity = Activity.model_validate_json(heard.body)
        return (found[1], text_of(activity)) if activity.type == "message" else None


def text_of(activity: Activity) -> str:
    """What the person reads."""
    if activity.text:
        return activity.text
    content: Any = (activity.attachments or [])[0].content
    return "\n".join(run["text"] for block in content["body"] for run in block.get("inlines", ()))


PLATFORM = Teams()
