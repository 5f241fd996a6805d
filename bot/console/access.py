"""Who may use the operators' API: whoever holds the API token."""

import hmac
from collections.abc import Callable

from fastapi import Request
from pydantic import SecretStr

from bot.problem import Problem


def require(token: SecretStr) -> Callable[[Request], None]:
    """A FastAPI dependency that asks for `Authorization: Bearer <token>`. Compares in constant time."""
    expected = token.get_secret_value().encode()

    def check(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), expected):
            raise Problem(401, "Unauthorized", "Send the API token: Authorization: Bearer <KEFU_API_TOKEN>.")

    return check
