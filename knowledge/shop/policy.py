"""The shop's own rules: `policy.yml`, then what the database's shop overrides, then a file the operator hands in."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from sqlalchemy.orm import Session

from knowledge.shop.errors import PolicyError
from knowledge.shop.schema import ShopSettingRow
from knowledge.shop.types import OrderStatus, PaymentMethod, PaymentSource

Role = Literal["customer", "agent", "admin", "system"]
Operation = Literal[
    "cancel_order",
    "change_order_address",
    "change_order_payment",
    "change_order_items",
    "return_items",
    "exchange_items",
]


def _earliest_first(days: tuple[int, int]) -> tuple[int, int]:
    if days[0] > days[1]:
        raise ValueError("the earliest day must not be after the latest")
    return days


Amount = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Days = Annotated[int, Field(ge=0)]
DayRange = Annotated[tuple[Days, Days], AfterValidator(_earliest_first)]
Proof = Annotated[
    str,
    StringConstraints(pattern=r"^(signed|(order_number|email|name|postcode)(\+(order_number|email|name|postcode))*)$"),
]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OperationPolicy(_Section):
    """In which states of an order, and for whom."""

    states: frozenset[OrderStatus]
    roles: frozenset[Role]


class CancelPolicy(OperationPolicy):
    reasons: tuple[str, ...] = Field(min_length=1)
    fee: Amount


class ItemsPolicy(OperationPolicy):
    times: int = Field(ge=1)
    may_change_quantity: bool


class ReturnPolicy(OperationPolicy):
    window_days: Days | None
    restocking_percent: int = Field(ge=0, le=100)
    shipping_fee: Amount
    refund_to: frozenset[Literal["original", "gift_card", "any"]] = Field(min_length=1)
    excluded_categories: frozenset[str]

    def refunds_to(self, method: PaymentMethod, original_id: str | None) -> bool:
        """Whether a refund may go there; `original_id` is the method that paid for the order."""
        return (
            "any" in self.refund_to
            or ("original" in self.refund_to and method.payment_method_id == original_id)
            or ("gift_card" in self.refund_to and method.is_gift_card)
        )


class ExchangePolicy(OperationPolicy):
    window_days: Days | None
    excluded_categories: frozenset[str]
    same_variant: bool


class TriesPolicy(_Section):
    wrong: int = Field(ge=1)
    within_minutes: int = Field(ge=1)


class AccountPolicy(_Section):
    roles: frozenset[Role]
    needs_signed: frozenset[Literal["change_email", "data_export", "delete"]]
    openings_a_day: int = Field(ge=1)


class DeliveryOption(_Section):
    """`free_from`: orders of at least this much are delivered free; `days`: business days from order to door."""

    code: str
    name_en: str
    name_zh: str
    fee: Amount
    free_from: Amount | None = None
    days: DayRange


class RecommendationPolicy(_Section):
    """`only_on_request`: categories that are suggested only to who asks for them. `needs_consent`: what a customer
    bought is used for recommendations only if they agreed to the newsletter."""

    only_on_request: frozenset[str]
    needs_consent: bool


class LoyaltyPolicy(_Section):
    points_per_unit: int = Field(ge=0)
    points_for_one_unit: int = Field(ge=1)
    tiers: dict[str, int]

    def tier_of(self, points: int) -> str:
        reached = [name for name, minimum in self.tiers.items() if points >= minimum]
        return (
            max(reached, key=lambda name: self.tiers[name]) if reached else min(self.tiers, key=self.tiers.__getitem__)
        )


class Contact(_Section):
    email: str
    phone: str
    address_en: str
    address_zh: str
    time_zone: str
    opens: ClockTime
    closes: ClockTime
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...]


class ShopPolicy(_Section):
    """Every rule a shop may want to change. See policy.yml for what each key means."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    identification: tuple[Proof, ...]
    identification_tries: TriesPolicy
    cancel_order: CancelPolicy
    change_order_address: OperationPolicy
    change_order_payment: OperationPolicy
    change_order_items: ItemsPolicy
    return_items: ReturnPolicy
    exchange_items: ExchangePolicy
    account: AccountPolicy
    refund_days: dict[PaymentSource | Literal["other"], DayRange]
    warranty_months: int = Field(ge=0)
    delivery: tuple[DeliveryOption, ...]
    recommendations: RecommendationPolicy
    loyalty: LoyaltyPolicy
    contact: Contact

    @model_validator(mode="after")
    def _every_method_has_its_days(self) -> Self:
        if "other" not in self.refund_days:
            raise ValueError("refund_days needs the key `other` for the methods it does not name")
        return self

    def refund_days_of(self, source: PaymentSource) -> tuple[int, int]:
        """Business days (earliest, latest) until a refund to this kind of method arrives."""
        return self.refund_days.get(source, self.refund_days["other"])

    def of(self, operation: Operation) -> OperationPolicy:
        section: OperationPolicy = getattr(self, operation)
        return section


def load_policy(session: Session | None = None, file: Path | None = None) -> ShopPolicy:
    """The rules in force: packaged, overridden by the database's `shop_settings`, overridden by `file`.

    Raises PolicyError naming the key that is wrong.
    """
    layers = [("policy.yml", _packaged())]
    if session is not None and (stored := session.get(ShopSettingRow, "policy")):
        layers.append(("the policy stored in the database", stored.value))
    if file is not None:
        layers.append((str(file), _read(file)))
    merged: dict[str, Any] = {}
    for _, layer in layers:
        merged = _merge(merged, layer)
    return _validated(merged, " + ".join(name for name, _ in layers))


def store_policy(session: Session, override: Mapping[str, Any]) -> None:
    """Make `override` this database's own rules, after checking that they are valid on top of the packaged ones."""
    _validated(_merge(_packaged(), override), "the policy to store")
    session.merge(ShopSettingRow(name="policy", value=dict(override)))
    session.flush()


def packaged_override(name: str) -> dict[str, Any]:
    """One of the overrides that ship with Kefu, e.g. `tau_bench_policy.yml`."""
    override: dict[str, Any] = yaml.safe_load(files("knowledge.shop").joinpath(name).read_text("utf-8"))
    return override


@cache
def _packaged() -> dict[str, Any]:
    return packaged_override("policy.yml")


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise PolicyError(f"The policy file {file} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise PolicyError(f"The policy file {file} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"The policy file {file} must hold keys and values, like the packaged policy.yml")
    return content


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both_are_sections = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both_are_sections else value
    return merged


def _validated(merged: dict[str, Any], origin: str) -> ShopPolicy:
    try:
        return ShopPolicy.model_validate(merged)
    except ValidationError as error:
        problems = "; ".join(_problem(dict(detail)) for detail in error.errors())
        raise PolicyError(f"Wrong policy ({origin}): {problems}") from error


def _problem(detail: dict[str, Any]) -> str:
    path = ".".join(str(part) for part in detail["loc"])
    if detail["type"] != "extra_forbidden":
        return f"{path}: {detail['msg']}"
    near = get_close_matches(str(detail["loc"][-1]), _known_keys(), n=1)
    return f"{path}: unknown key" + (f", did you mean {near[0]}?" if near else "")


def _known_keys() -> set[str]:
    keys: set[str] = set(_packaged())
    for section in _packaged().values():
        keys |= set(section) if isinstance(section, dict) else set()
    return keys
