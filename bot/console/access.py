"""Who may use the operators' API, or the REST channel: whoever holds the token for it."""

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from bot.problem import Problem

Given = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def require(token: SecretStr, variable: str = "KEFU_API_TOKEN") -> Callable[[Given], None]:
    """A FastAPI dependency that asks for `Authorization: Bearer <token>`, compared in constant time.

    `variable` is the setting that holds the token, for the words of the refusal.
    """
    expected = token.get_secret_value().encode()

    def check(given: Given) -> None:
        if given is None or not hmac.compare_digest(given.credentials.encode(), expected):
            raise Problem(401, "Unauthorized", f"Send the token: Authorization: Bearer <{variable}>.")

    return check
