"""A backend that speaks Rasa's callback channel, as Rasa 3.6 has it."""

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform

TOKENS = {name: f"the-{name}-token" for name in ("current", "previous", "wrong")}


class RasaBackend(Platform):
    signs_body = False

    def settings(self, url: str) -> dict[str, str]:
        tokens = {"token": TOKENS["current"], "previous_token": TOKENS["previous"]}
        return {"url": f"{url}/bot", "url_token": "a-token-of-the-backend", **tokens}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:  # noqa: ARG002
        body = orjson.dumps({"sender": sender, "message": text, "message_id": f"m{number}"})
        return Delivered(body, {"authorization": f"Bearer {TOKENS[secret]}", "content-type": "application/json"})

    def answer(self, heard: Heard) -> Reply:
        assert heard.headers["authorization"] == "Bearer a-token-of-the-backend"
        return Reply(200, b"")

    def said(self, heard: Heard) -> tuple[str, str] | None:
        fields = orjson.loads(heard.body)
        return fields["recipient_id"], fields.get("text", "")


PLATFORM = RasaBackend()
