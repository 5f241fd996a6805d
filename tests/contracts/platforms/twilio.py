"""Twilio's messaging webhooks and Messages API; signed here by its own SDK."""

import hashlib
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import orjson
from twilio.request_validator import RequestValidator

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, PUBLIC_URL, Delivered, Platform, State

SECRETS = {name: name.encode().hex() * 3 for name in ("current", "previous", "wrong")}
ACCOUNT = "AC" + "0123456789abcdef" * 2
URL = f"{PUBLIC_URL}/webhooks/twilio"
OURS = "+14155550100"


class Twilio(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"auth_token": SECRETS["current"], "previous_auth_token": SECRETS["previous"]}
        return {**secrets, "account_sid": ACCOUNT, "number": OURS, "api_url": url}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:  # noqa: ARG002
        return signed(message(sender, text, number), SECRETS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:  # noqa: ARG002
        media = {"NumMedia": "1", "MediaUrl0": f"{self.url}/2010-04-01/Media/ME1", "MediaContentType0": "image/png"}
        return signed({**message(sender, "", number), **media}, SECRETS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        """It leads to where the file lies; the login must not go along."""
        if heard.path == "/2010-04-01/Media/ME1":
            assert heard.headers["authorization"].startswith("Basic ")
            return Reply(307, b"", {"location": f"{self.url}/cdn/photo"})
        if heard.path != "/cdn/photo":
            return None
        assert "authorization" not in heard.headers
        return Reply(200, PICTURE, {"content-type": "image/png"})

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered:  # noqa: ARG002
        status = "undelivered" if state == "failed" else state
        error = {"ErrorCode": "30003"} if state == "failed" else {}
        fields = {"MessageSid": platform_id, "MessageStatus": status, "AccountSid": ACCOUNT, "From": OURS, **error}
        return signed(fields, SECRETS["current"])

    def report_of(self, call: Heard, state: State, at: float) -> Delivered:  # noqa: ARG002
        url = parse_qs(call.body.decode())["StatusCallback"][0]
        fields = {"MessageSid": "SM" + "9" * 32, "MessageStatus": state, "AccountSid": ACCOUNT, "From": OURS}
        return replace(signed(fields, SECRETS["current"], url), query=dict(parse_qsl(urlsplit(url).query)))

    def answer(self, heard: Heard) -> Reply:
        sid = "SM" + hashlib.sha256(heard.body).hexdigest()[:32]
        return Reply(201, orjson.dumps({"sid": sid, "status": "queued"}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return None
        assert heard.headers["authorization"].startswith("Basic ")
        fields = {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
        assert fields["From"] == OURS and fields["StatusCallback"].startswith(f"{URL}?part=kefu-")
        return fields["To"], fields["Body"]


def message(sender: str, text: str, number: int) -> dict[str, str]:
    sid = {"MessageSid": f"SM{number:032x}", "SmsStatus": "received", "AccountSid": ACCOUNT, "NumMedia": "0"}
    return {**sid, "From": sender, "To": OURS, "Body": text}


def signed(fields: dict[str, str], secret: str, url: str = URL) -> Delivered:
    made = RequestValidator(secret).compute_signature(url, fields)
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8", "x-twilio-signature": made}
    return Delivered(urlencode(fields).encode(), headers)


PLATFORM = Twilio()
