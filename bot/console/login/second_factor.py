"""The second factor: one-time codes of an authenticator app (TOTP, RFC 6238), each good once, and recovery codes."""

import hashlib
import io
import secrets

import pyotp
import segno
from sqlalchemy import Connection

from bot.conversation.sql import Statement

ISSUER = "Kefu"
STEP_SECONDS = 30
RECOVERY_CODES = 10

_KEEP_SECRET = Statement("UPDATE agent_logins SET totp_secret = :secret, is_totp_on = 0 WHERE agent_id = :agent_id")
_SWITCH_ON = Statement("UPDATE agent_logins SET is_totp_on = 1 WHERE agent_id = :agent_id AND totp_secret IS NOT NULL")
_SWITCH_OFF = Statement("UPDATE agent_logins SET is_totp_on = 0, totp_secret = NULL WHERE agent_id = :agent_id")
_SECRET = Statement("SELECT totp_secret FROM agent_logins WHERE agent_id = :agent_id")
_USE_STEP = Statement(
    "UPDATE agent_logins SET totp_step = :step WHERE agent_id = :agent_id AND totp_step < :step RETURNING agent_id"
)
_KEEP_CODE = Statement("INSERT INTO recovery_codes (agent_id, code_hash) VALUES (:agent_id, :code_hash)")
_USE_CODE = Statement(
    "DELETE FROM recovery_codes WHERE agent_id = :agent_id AND code_hash = :code_hash RETURNING agent_id"
)
_DROP_CODES = Statement("DELETE FROM recovery_codes WHERE agent_id = :agent_id")


def prepare(connection: Connection, agent_id: str, email: str) -> tuple[str, str]:
    """A new secret, not asked for until `switch_on`; returns it and the address that an app reads it from."""
    secret = pyotp.random_base32()
    _KEEP_SECRET.all(connection, {"agent_id": agent_id, "secret": secret})
    return secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(uri: str) -> str:
    """The address as a QR code, an SVG that is made here: the secret goes to nobody else."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()


def switch_on(connection: Connection, agent_id: str, code: str, now: float) -> list[str] | None:
    """Recovery codes, shown this once; None if the code is not the app's. The caller commits."""
    if not _is_right_code(connection, agent_id, code, now):
        return None
    _SWITCH_ON.all(connection, {"agent_id": agent_id})
    _DROP_CODES.all(connection, {"agent_id": agent_id})
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
    for one in codes:
        _KEEP_CODE.all(connection, {"agent_id": agent_id, "code_hash": _hashed(one)})
    return codes


def switch_off(connection: Connection, agent_id: str) -> None:
    _SWITCH_OFF.all(connection, {"agent_id": agent_id})
    _DROP_CODES.all(connection, {"agent_id": agent_id})


def accepts(connection: Connection, agent_id: str, code: str, now: float) -> bool:
    """Whether the app's code or a recovery code is right; it is used up then. The caller commits."""
    if _is_right_code(connection, agent_id, code, now):
        return True
    used = {"agent_id": agent_id, "code_hash": _hashed(code)}
    return _USE_CODE.first(connection, used) is not None


def _is_right_code(connection: Connection, agent_id: str, code: str, now: float) -> bool:
    """The code of this half minute, or of the one before or after it; not one that was used, nor an older one."""
    row = _SECRET.first(connection, {"agent_id": agent_id})
    if row is None or row[0] is None:
        return False
    said, totp = code.replace(" ", ""), pyotp.TOTP(row[0])
    current = int(now) // STEP_SECONDS
    for step in (current - 1, current, current + 1):
        if pyotp.utils.strings_equal(said, totp.generate_otp(step)):
            return _USE_STEP.first(connection, {"agent_id": agent_id, "step": step}) is not None
    return False


def _hashed(code: str) -> str:
    """Without salt: the codes are random and long."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
