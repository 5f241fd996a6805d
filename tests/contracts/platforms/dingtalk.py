"""A DingTalk robot; what it delivers here is what dingtalk_stream reads and writes. Only the time is signed."""

import base64
import hashlib
import hmac

import orjson
from dingtalk_stream import ChatbotMessage

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

SECRETS = {name: f"the-{name}-app-secret" for name in ("current", "previous", "wrong")}


class Dingtalk(Platform):
    signs_body = False

    def settings(self, url: str) -> dict[str, str]:
        secrets = {"app_secret": SECRETS["current"], "previous_app_secret": SECRETS["previous"]}
        app = {"app_key": "dingkey", "robot_code": "dingkey"}
        return {**app, **secrets, "api_url": url, "oapi_url": url}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = {"msgtype": "text", "text": {"content": text}, "msgId": f"msg{number}", "createAt": int(at * 1000)}
        return signed({**said, **whose(sender)}, at, SECRETS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = {"msgtype": "picture", "content": {"downloadCode": "code-1"}, "msgId": f"msg{number}"}
        return signed({**said, **whose(sender)}, at, SECRETS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        if heard.path == "/v1.0/robot/messageFiles/download":
            assert orjson.loads(heard.body) == {"downloadCode": "code-1", "robotCode": "dingkey"}
            return Reply(200, orjson.dumps({"downloadUrl": f"http://{heard.headers['host']}/a-file?expires=1"}))
        return Reply(200, PICTURE) if heard.path == "/a-file?expires=1" else None

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/v1.0/oauth2/accessToken":
            return Reply(200, b'{"accessToken": "a-token-lent", "expireIn": 7200}')
        assert heard.headers["x-acs-dingtalk-access-token"] == "a-token-lent"
        return Reply(200, b'{"processQueryKey": "pqk", "invalidStaffIdList": [], "flowControlledStaffIdList": []}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != "/v1.0/robot/oToMessages/batchSend":
            return None
        fields = orjson.loads(heard.body)
        param = orjson.loads(fields["msgParam"])
        text = param["content"] if "content" in param else param["text"].replace("  \n", "\n")
        return fields["userIds"][0], text


def whose(sender: str) -> dict[str, str]:
    return {
        "conversationType": "1",
        "conversationId": "cid1",
        "senderId": f"$:LWCP_v1:${sender}",
        "senderStaffId": f"staff-{sender}",
        "senderNick": "Ann",
        "robotCode": "dingkey",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=abc",
        "sessionWebhookExpiredTime": "1893456000000",
    }


def signed(payload: dict[str, object], at: float, secret: str) -> Delivered:
    milliseconds = str(int(at * 1000))
    signature = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    stamps = {"timestamp": milliseconds, "sign": base64.b64encode(signature).decode()}
    body = orjson.dumps(ChatbotMessage.from_dict(payload).to_dict())
    return Delivered(body, {"content-type": "application/json", **stamps})


PLATFORM = Dingtalk()
