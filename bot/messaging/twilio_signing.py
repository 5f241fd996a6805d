"""What Twilio signs: the address that it calls, and the form's fields after it, or a hash of the body in it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from bot.messaging.channel import Inbound
from bot.messaging.signatures import is_same

KEY_HEADER = "x-twilio-webhooks-signature-settings"
"""Says that a shared key of yours signs, and not the auth token, and with which algorithm."""
ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
BODY_HASH = "bodySHA256"


def signature(secret: str, text: str, digest: str) -> str:
    made = hmac.new(secret.encode(), text.encode("utf-8", "surrogateescape"), digest)
    return base64.b64encode(made.digest()).decode()


def algorithm_of(about: str) -> str | None:
    """The hash of `key=…,algorithm=HMAC_SHA256`; SHA-1 where nothing is said, None for one that is not known."""
    named = dict(part.strip().partition("=")[::2] for part in about.split(","))
    return ALGORITHMS.get(named.get("algorithm") or "HMAC_SHA1")


def with_query(url: str, fields: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(fields)}" if fields else url


def with_and_without_port(url: str) -> list[str]:
    """Twilio's own sides do not agree upon which they sign."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    return [parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{port}")]


def signed_fields(request: Inbound) -> str:
    """Each field's name and value, in the order of the names; of a body that is hashed instead, nothing."""
    if BODY_HASH in request.query:
        return ""
    return "".join(name + value for name, value in sorted({*form_of(request)}))


def is_body_hash_right(request: Inbound) -> bool:
    given = request.query.get(BODY_HASH)
    return given is None or is_same(hashlib.sha256(request.body).hexdigest(), given)


def form_of(request: Inbound) -> list[tuple[str, str]]:
    return parse_qsl(request.body.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")


def fields_of(request: Inbound) -> dict[str, str]:
    if BODY_HASH not in request.query:
        return dict(form_of(request))
    return {name: str(value) for name, value in orjson.loads(request.body).items()}
