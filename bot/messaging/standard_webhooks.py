"""Standard Webhooks (standardwebhooks.com): deliveries signed over id, time and body, with `whsec_…` secrets."""

import base64
import binascii
import time
from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from bot.messaging.channel import Inbound
from bot.messaging.signatures import any_matches, hmac_sha256_base64, is_fresh

PREFIX = "whsec_"
SHAPE = f"must be {PREFIX} and 24 to 64 bytes in base64"


def key_of(secret: str) -> bytes:
    """The bytes of a `whsec_…`; none where it is not one."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        return b""


def is_key(secret: SecretStr) -> bool:
    return 24 <= len(key_of(secret.get_secret_value())) <= 64


def is_signed(request: Inbound, secrets: Sequence[SecretStr], now: float) -> bool:
    """Whether one of the secrets signed these bytes, now."""
    message_id, timestamp = request.header("webhook-id"), request.header("webhook-timestamp")
    given = [one.removeprefix("v1,") for one in request.header("webhook-signature").split() if one[:3] == "v1,"]
    made = any_matches(secrets, given, lambda secret: signature(secret, message_id, timestamp, request.body))
    return bool(message_id) and is_fresh(timestamp, now) and made


def signed(message_id: str, body: bytes, secrets: Sequence[SecretStr]) -> Mapping[str, str]:
    """The headers of a delivery of ours, signed by each secret: while one is changed, both sides get on."""
    timestamp = str(int(time.time()))
    signatures = [f"v1,{signature(one.get_secret_value(), message_id, timestamp, body)}" for one in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    return hmac_sha256_base64(key_of(secret), f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body)
