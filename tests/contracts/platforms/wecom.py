"""A WeCom app; encrypted and signed here by wechatpy, whose scheme is the same."""

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform
from tests.contracts.platforms.wechat import LENT, SECRETS, altered, picture_at, sealed, xml

CORP_ID = "ww0123456789abcdef"


class Wecom(Platform):
    def settings(self, url: str) -> dict[str, str]:
        return {"corp_id": CORP_ID, "secret": "a-secret-of-tests", "agent_id": "1000002", "api_url": url, **SECRETS}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = xml(sender, int(at), MsgType="text", Content=text, MsgId=str(9_000 + number), AgentID="1000002")
        return sealed(said, at, secret, CORP_ID)

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = xml(sender, int(at), MsgType="image", MediaId="media-1", MsgId=str(9_000 + number), AgentID="1000002")
        return sealed(said, at, "current", CORP_ID)

    def holds(self, heard: Heard) -> Reply | None:
        return picture_at(heard)

    def forged(self, genuine: Delivered) -> list[Delivered]:
        return altered(genuine)

    def answer(self, heard: Heard) -> Reply:
        if heard.path.startswith("/cgi-bin/gettoken?corpid="):
            return Reply(200, LENT)
        assert heard.path.endswith("?access_token=a-token-lent")
        return Reply(200, b'{"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m1"}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if not heard.path.startswith("/cgi-bin/message/send"):
            return None
        fields = orjson.loads(heard.body)
        card = fields.get("template_card")
        return fields["touser"], card["sub_title_text"] if card else fields["text"]["content"]


PLATFORM = Wecom()
