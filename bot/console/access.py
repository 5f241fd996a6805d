"""Who may use the operators' API, or the REST channel: whoever holds the token for it."""

import hmac
from collections.abc import Callable

from fastapi import Request
from pydantic import SecretStr

from bot.problem import Problem


def require(token: SecretStr, variable: str = "KEFU_API_TOKEN") -> Callable[[Request], None]:
    """A FastAPI dependency that asks for `Authorization: Bearer <token>`, compared in constant time.

    `variable` is the setting that holds the token, for the words of the refusal.
    """
    expected = token.get_secret_value().encode()

    def check(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), expected):
            raise Problem(401, "Unauthorized", f"Send the token: Authorization: Bearer <{variable}>.")

    return check
