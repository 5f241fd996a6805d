"""An official account in safe mode; encrypted and signed here by wechatpy."""

import base64
from html import escape
from xml.etree import ElementTree

import orjson
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

APP_ID = "wx0123456789abcdef"
TOKENS = {name: f"the-{name}-token" for name in ("current", "previous", "wrong")}
KEYS = {name: base64.b64encode(name.encode().ljust(32, b"k")).decode()[:43] for name in TOKENS}
SECRETS = {
    "token": TOKENS["current"],
    "previous_token": TOKENS["previous"],
    "encoding_aes_key": KEYS["current"],
    "previous_encoding_aes_key": KEYS["previous"],
}
LENT = b'{"errcode": 0, "errmsg": "ok", "access_token": "a-token-lent", "expires_in": 7200}'


class Wechat(Platform):
    def settings(self, url: str) -> dict[str, str]:
        return {"app_id": APP_ID, "app_secret": "an-app-secret-of-tests", "api_url": url, **SECRETS}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = xml(f"o{sender}", int(at), MsgType="text", Content=text, MsgId=str(9_000 + number))
        return sealed(said, at, secret, APP_ID)

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = xml(f"o{sender}", int(at), MsgType="image", MediaId="media-1", MsgId=str(9_000 + number))
        return sealed(said, at, "current", APP_ID)

    def holds(self, heard: Heard) -> Reply | None:
        return picture_at(heard)

    def forged(self, genuine: Delivered) -> list[Delivered]:
        return altered(genuine)

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/cgi-bin/stable_token":
            return Reply(200, LENT)
        assert heard.path.endswith("?access_token=a-token-lent")
        return Reply(200, b'{"errcode": 0, "errmsg": "ok"}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if not heard.path.startswith("/cgi-bin/message/custom/send"):
            return None
        fields = orjson.loads(heard.body)
        menu = fields.get("msgmenu")
        return fields["touser"], menu["head_content"] if menu else fields["text"]["content"]


def picture_at(heard: Heard) -> Reply | None:
    is_asked = heard.path == "/cgi-bin/media/get?media_id=media-1&access_token=a-token-lent"
    return Reply(200, PICTURE, {"content-type": "image/png"}) if is_asked else None


def xml(sender: str, at: int, **fields: str) -> str:
    given = {"ToUserName": "gh_1", "FromUserName": sender, "CreateTime": str(at), **fields}
    return "<xml>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in given.items()) + "</xml>"


def sealed(plain: str, at: float, secret: str, receiver: str) -> Delivered:
    """What is posted: the ciphertext, and the signatures in the address."""
    timestamp, nonce = str(int(at)), "a-nonce"
    made = WeChatCrypto(TOKENS[secret], KEYS[secret], receiver).encrypt_message(plain, nonce, timestamp)
    fields = {one.tag: one.text or "" for one in ElementTree.fromstring(made)}
    query = {"signature": signed(secret, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    body = f"<xml><Encrypt><![CDATA[{fields['Encrypt']}]]></Encrypt></xml>".encode()
    return Delivered(body, {"content-type": "text/xml"}, {**query, "msg_signature": fields["MsgSignature"]})


def signed(secret: str, *parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(TOKENS[secret], *parts)
    return str(signer.signature)


def altered(genuine: Delivered) -> list[Delivered]:
    """All that is signed stands in the address, and of the body what is encrypted."""
    names = ("timestamp", "nonce", "msg_signature")
    return [
        Delivered(genuine.body),
        *(Delivered(genuine.body, query={**genuine.query, name: genuine.query[name] + "1"}) for name in names),
        *(Delivered(genuine.body, query={**genuine.query, name: "é"}) for name in names),
        *(genuine.with_flipped_byte(place) for place in range(0, len(genuine.body), 7)),
    ]


PLATFORM = Wechat()
