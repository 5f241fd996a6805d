"""Slack's Events API; signed here by slack_sdk."""

import html

import orjson
from slack_sdk.signature import SignatureVerifier

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

SECRETS = {name: name.encode().hex() * 4 for name in ("current", "previous", "wrong")}


class Slack(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"signing_secret": SECRETS["current"], "previous_signing_secret": SECRETS["previous"]}
        return {"bot_token": "xoxb-a-token-of-tests", "api_url": f"{url}/api", **secrets}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = {"type": "message", "channel_type": "im", "channel": f"D{sender}", "user": "U1", "ts": str(at)}
        return self._delivered({**said, "text": html.escape(text, quote=False)}, number, at, secret)

    def _delivered(self, event: dict[str, object], number: int, at: float, secret: str = "current") -> Delivered:
        body = orjson.dumps({"type": "event_callback", "event_id": f"Ev{number}", "team_id": "T1", "event": event})
        return signed(body, at, SECRETS[secret], "application/json")

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = {"type": "message", "channel_type": "im", "channel": f"D{sender}", "user": "U1", "ts": str(at)}
        address = f"{self.url}/files-pri/T1-F1/download/a.png"
        file = {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 68, "url_private_download": address}
        return self._delivered({**said, "subtype": "file_share", "text": "", "files": [file]}, number, at)

    def holds(self, heard: Heard) -> Reply | None:
        if not heard.path.startswith("/files-pri/"):
            return None
        assert heard.headers["authorization"] == "Bearer xoxb-a-token-of-tests"
        return Reply(200, PICTURE, {"content-type": "image/png"})

    def answer(self, heard: Heard) -> Reply:  # noqa: ARG002
        return Reply(200, b'{"ok": true, "ts": "1700000000.000100"}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != "/api/chat.postMessage":
            return None
        fields = orjson.loads(heard.body)
        return fields["channel"], html.unescape(fields["text"])


def signed(body: bytes, at: float, secret: str, media_type: str) -> Delivered:
    timestamp = str(int(at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature
    stamped = {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
    return Delivered(body, {"content-type": media_type, **stamped})


PLATFORM = Slack()
