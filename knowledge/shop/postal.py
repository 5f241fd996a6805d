"""Postal addresses as the shop takes them: what must be there, and the form they are stored in."""

from dataclasses import asdict

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.types import Address

REQUIRED = ("line1", "city", "postcode", "country")


def check_address(address: Address) -> None:
    """Refuse an address with a required part missing; `missing` names the parts."""
    missing = [name for name in REQUIRED if not getattr(address, name).strip()]
    if missing:
        raise Refused(RefusalCode.ADDRESS_INCOMPLETE, missing=missing)


def stored_address(address: Address) -> dict[str, str]:
    return asdict(address)
