"""How WeChat, WeCom and DingTalk sign and encrypt what they deliver, and how Kefu answers in kind.

    signature    SHA-1 in hex over the token, the time, a nonce and the ciphertext, sorted and joined
    ciphertext   base64 of AES-256 in CBC mode, iv = the key's first 16 bytes, padded to 32 bytes as PKCS#7 has it
    plaintext    16 random bytes, the message's length (4 bytes, big-endian), the message, whom it is for

The scheme is theirs. It does not say when a delivery is too old: Kefu refuses one that is five minutes off.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import SecretStr

from bot.messaging.signatures import any_matches, is_fresh

SHORT_TOKENS: Mapping[str, int] = MappingProxyType({"token": 3, "previous_token": 3})
"""WeChat lets a token have 3 to 32 letters and digits; make it a long one."""
KEY_LENGTH = 43
BLOCK = 32
RANDOM = 16
MILLISECONDS = 13
"""How many digits a time has that counts them."""


class NotTheirs(ValueError):
    """This was not made by who holds the token and the key, or not just now. It does not say what was wrong."""


@dataclass(frozen=True)
class Signed:
    """What stands beside a ciphertext: the address's query, or what is put beside an answer."""

    signature: str
    timestamp: str
    nonce: str


def signed_by(query: Mapping[str, str], name: str = "msg_signature") -> Signed:
    """What stands in the address's query. `name`: of the signature."""
    return Signed(query.get(name, ""), query.get("timestamp", ""), query.get("nonce", ""))


@dataclass(frozen=True)
class Envelopes:
    """What both sides have agreed upon. The first token and key are the ones in use, the others those before."""

    tokens: Sequence[SecretStr] = field(repr=False)
    keys: Sequence[SecretStr] = field(repr=False)
    receiver: str

    def check(self, signed: Signed, now: float, *parts: str) -> None:
        """Raises NotTheirs unless one of the tokens signed the time, the nonce and the parts, and just now."""

        def sign(token: str) -> str:
            return signature(token, signed.timestamp, signed.nonce, *parts)

        if not (any_matches(self.tokens, [signed.signature], sign) and is_fresh(seconds(signed.timestamp), now)):
            raise NotTheirs

    def open(self, ciphertext: str, signed: Signed, now: float) -> bytes:
        """The message in a delivery. Raises NotTheirs."""
        self.check(signed, now, ciphertext)
        return self.read(ciphertext)

    def read(self, ciphertext: str) -> bytes:
        """The message in what was checked before. Raises NotTheirs."""
        for key in self.keys:
            try:
                message, receiver = decrypted(key_of(key.get_secret_value()), ciphertext)
            except ValueError:
                continue
            if receiver == self.receiver.encode():
                return message
        raise NotTheirs

    def seal(self, message: bytes, timestamp: str) -> tuple[str, Signed]:
        """An answer's ciphertext, and what stands beside it."""
        nonce = secrets.token_hex(8)
        key, token = self.keys[0].get_secret_value(), self.tokens[0].get_secret_value()
        ciphertext = encrypted(key_of(key), message, self.receiver.encode(), secrets.token_bytes(RANDOM))
        return ciphertext, Signed(signature(token, timestamp, nonce, ciphertext), timestamp, nonce)


def seconds(timestamp: str) -> str:
    """WeChat counts seconds, DingTalk milliseconds."""
    return timestamp[:-3] if len(timestamp) == MILLISECONDS else timestamp


def signature(*parts: str) -> str:
    joined = "".join(sorted(parts)).encode("utf-8", "replace")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def key_of(encoded: str) -> bytes:
    """The 32 bytes of an EncodingAESKey, which is base64 without its last sign. Raises ValueError."""
    try:
        key = base64.b64decode(encoded + "=", validate=True)
    except ValueError:
        key = b""
    if len(encoded) != KEY_LENGTH or len(key) != BLOCK:
        raise ValueError(f"must be the {KEY_LENGTH} letters and digits of an EncodingAESKey")
    return key


def well_formed(key: SecretStr | None) -> SecretStr | None:
    """For a setting that holds a key. Raises ValueError."""
    if key is not None:
        key_of(key.get_secret_value())
    return key


def decrypted(key: bytes, ciphertext: str) -> tuple[bytes, bytes]:
    """The message and whom it is for. Raises ValueError where it was not made with this key."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:RANDOM])).decryptor()
    padded = decryptor.update(base64.b64decode(ciphertext, validate=True)) + decryptor.finalize()
    padding = padded[-1] if padded else 0
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise ValueError("the padding is not theirs")
    content = padded[RANDOM:-padding]
    end = 4 + int.from_bytes(content[:4])
    if len(content) < end:
        raise ValueError("shorter than it says")
    return content[4:end], content[end:]


def encrypted(key: bytes, message: bytes, receiver: bytes, random: bytes) -> str:
    content = random + len(message).to_bytes(4) + message + receiver
    padding = BLOCK - len(content) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:RANDOM])).encryptor()
    return base64.b64encode(encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()).decode()
