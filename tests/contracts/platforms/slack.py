"""Slack's Events API; signed here by slack_sdk."""

import html
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import orjson
from slack_sdk.signature import SignatureVerifier

from tests.contracts.emulator import Emulator, Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

SECRETS = {name: name.encode().hex() * 4 for name in ("current", "previous", "wrong")}


class Slack(Platform):
    is_asked_first = True

    def __init__(self) -> None:
        self.url = ""
        self.posted: list[dict[str, Any]] = []

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

    @contextmanager
    def running(self) -> Iterator[Emulator]:
        self.posted = []
        with super().running() as emulator:
            yield emulator

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/api/conversations.history":
            return self._history({name: values[0] for name, values in parse_qs(heard.body.decode()).items()})
        if heard.path == "/api/chat.postMessage":
            self.posted.append({"ts": f"{time.time():.6f}", "bot_id": "B1", **orjson.loads(heard.body)})
        return Reply(200, b'{"ok": true, "ts": "1700000000.000100"}')

    def _history(self, asked: dict[str, str]) -> Reply:
        """The latest first; what an app has said of its messages only where it is asked for."""
        assert asked["include_all_metadata"] == "true"
        since = [one for one in self.posted if float(one["ts"]) >= float(asked["oldest"])]
        found = [one for one in reversed(since) if one["channel"] == asked["channel"]]
        return Reply(200, orjson.dumps({"ok": True, "messages": found}))

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
