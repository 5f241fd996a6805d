"""How Feishu and Lark sign and encrypt what they deliver.

signature    SHA-256 in hex over time + nonce + Encrypt Key + raw body; no HMAC, the key is just one more part
ciphertext   base64 of the iv and AES-256 in CBC mode, key = SHA-256 of the Encrypt Key, padded as PKCS#7 has it
"""

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK = 16


def signature(encrypt_key: str, timestamp: str, nonce: str, body: bytes) -> str:
    before = (timestamp + nonce + encrypt_key).encode("utf-8", "surrogateescape")
    return hashlib.sha256(before + body).hexdigest()


def decrypted(encrypt_key: str, ciphertext: str) -> bytes:
    """Raises ValueError for what was not made with this key."""
    sealed = base64.b64decode(ciphertext, validate=True)
    decryptor = Cipher(algorithms.AES(_key(encrypt_key)), modes.CBC(sealed[:BLOCK])).decryptor()
    unpadder = PKCS7(BLOCK * 8).unpadder()
    padded = decryptor.update(sealed[BLOCK:]) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _key(encrypt_key: str) -> bytes:
    return hashlib.sha256(encrypt_key.encode()).digest()
