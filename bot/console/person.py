"""Whoever is signed in at the console."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["agent", "supervisor", "admin"]
ROLES: tuple[Role, ...] = ("agent", "supervisor", "admin")
"""The least powerful first."""


@dataclass(frozen=True)
class Person:
    """An agent with the session and the address that a request came with."""

    id: str
    name: str
    email: str
    role: Role
    session_id: str = ""
    address: str = ""

    def is_at_least(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)
