"""The columns of each file, and what a row must be. A field's description is the text of docs/importing-a-shop.md."""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from knowledge.shop.types import OrderStatus, PaymentSource


def _options(cell: Any) -> Any:
    """`color=blue; size=M`, or a JSON object."""
    if not isinstance(cell, str):
        return cell
    if cell.startswith("{"):
        try:
            return json.loads(cell)
        except ValueError:
            raise ValueError("this is not a JSON object") from None
    pairs = [pair.partition("=") for pair in re.split(r"[;；]", cell) if pair.strip()]
    if not all(name.strip() and value.strip() for name, _, value in pairs):
        raise ValueError("write options as `color=blue; size=M`")
    return {name.strip(): value.strip() for name, _, value in pairs}


Id = Annotated[str, Field(min_length=1, max_length=40)]
Short = Annotated[str, Field(max_length=120)]
Long = Annotated[str, Field(max_length=5000)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", max_length=320)]
Options = Annotated[dict[str, str], BeforeValidator(_options)]


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class AddressRecord(Record):
    address_line1: Short = Field("", description="Street and house number.")
    address_line2: Short = Field("", description="Flat, building, company.")
    city: Short = Field("", description="City (and district).")
    state: Short = Field("", description="State or province.")
    postcode: Annotated[str, Field(max_length=32)] = Field("", description="Postcode; proves who a customer is.")
    country: Short = Field("", description="Country, as it should be shown.")

    @property
    def address(self) -> dict[str, str] | None:
        """None when the row says nothing of an address."""
        parts = {
            "line1": self.address_line1,
            "line2": self.address_line2,
            "city": self.city,
            "state": self.state,
            "postcode": self.postcode,
            "country": self.country,
        }
        return parts if any(parts.values()) else None


class CustomerRecord(AddressRecord):
    customer_id: Id = Field(description="Your own id of the customer.")
    email: Email = Field(description="E-mail address; each belongs to one customer.")
    first_name: Short = Field(description="Given name.")
    last_name: Short = Field("", description="Family name.")
    phone: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="Phone number, best as +8613800000000."
    )
    locale: Literal["en", "zh"] = Field("en", description="Language the customer is written to in: en or zh.")
    loyalty_points: Annotated[int, Field(ge=0)] = Field(0, description="Points on the account.")
    gift_card_balance: Amount | None = Field(None, description="What the customer's gift card holds, if there is one.")
    newsletter_consent: bool = Field(False, description="true or false.")
    created_at: datetime | None = Field(None, description="When the account was opened.")


class ProductRecord(Record):
    product_id: Id = Field(description="Your own id of the product.")
    name_en: Annotated[str, Field(max_length=200)] = Field(description="Name in English.")
    name_zh: Annotated[str, Field(max_length=200)] = Field(
        "", description="Name in Chinese; left out: the English one."
    )
    description_en: Long = Field("", description="A sentence or more in English.")
    description_zh: Long = Field("", description="A sentence or more in Chinese.")
    category: Annotated[str, Field(max_length=64)] = Field("", description="A word of your choice, e.g. shoes.")
    image: Annotated[str, Field(max_length=500)] | None = Field(None, description="Address of a picture.")
    warranty_months: Annotated[int, Field(ge=0)] | None = Field(None, description="Left out: the policy's.")


class VariantRecord(Record):
    variant_id: Id = Field(description="Your own id of the sellable item (SKU).")
    product_id: Id = Field(description="The product it belongs to.")
    price: Amount = Field(description="Price, at most two decimals, no currency sign.")
    options: Options = Field(default_factory=dict, description="What sets it apart: `color=blue; size=M`, or JSON.")
    options_zh: Options = Field(
        default_factory=dict, description="The same in Chinese, in the same order: `颜色=蓝色; 尺码=M`."
    )
    stock: Annotated[int, Field(ge=0)] | None = Field(None, description="Pieces left; left out: not counted.")
    on_sale: bool = Field(True, description="false: known, but no longer sold.")

    @field_validator("options_zh")
    @classmethod
    def _has_as_many_as_options(cls, options_zh: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if len(options_zh) != len(info.data.get("options", options_zh)):
            raise ValueError("it must name as many options as the column options")
        return options_zh


class OrderRecord(AddressRecord):
    order_number: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        description="As customers know it; of letters, digits, `-`, `_` and `/`, at most 24 are heard."
    )
    customer_id: Id = Field(description="Who ordered.")
    status: OrderStatus = Field(description="One of the states listed below.")
    placed_at: datetime = Field(description="When it was ordered.")
    shipped_at: datetime | None = Field(None, description="When the parcel left.")
    expected_at: datetime | None = Field(None, description="When the parcel should arrive.")
    delivered_at: datetime | None = Field(None, description="When it arrived; return windows count from here.")
    tracking_number: Annotated[str, Field(max_length=64)] | None = Field(None, description="The parcel's number.")
    carrier: Annotated[str, Field(max_length=64)] = Field("", description="Who carries the parcel.")
    shipping_fee: Amount = Field(Decimal(0), description="What delivery cost the customer.")
    payment_method: PaymentSource = Field(
        "credit_card", description="credit_card, paypal, gift_card, alipay or wechat_pay."
    )
    payment_brand: Annotated[str, Field(max_length=32)] | None = Field(None, description="visa, unionpay … for cards.")
    payment_last_four: Annotated[str, Field(pattern=r"^\d{4}$")] | None = Field(
        None, description="The card's last four digits; never the whole number."
    )
    amount_paid: Amount | None = Field(None, description="Left out: the lines and the shipping fee together.")
    amount_refunded: Amount = Field(Decimal(0), description="What the customer has got back so far.")
    cancel_reason: Annotated[str, Field(max_length=64)] | None = Field(None, description="For a cancelled order.")
    coupon_code: Annotated[str, Field(max_length=40)] | None = Field(None, description="The coupon that was used.")


class LineRecord(Record):
    order_number: Annotated[str, Field(min_length=1, max_length=32)] = Field(description="The order it belongs to.")
    variant_id: Id = Field(description="What was ordered.")
    quantity: Annotated[int, Field(ge=1)] = Field(1, description="How many.")
    unit_price: Amount | None = Field(None, description="What one cost then; left out: today's price.")


KINDS: dict[str, type[Record]] = {
    "customers": CustomerRecord,
    "products": ProductRecord,
    "variants": VariantRecord,
    "orders": OrderRecord,
    "lines": LineRecord,
}
"""In the order in which they are imported: what is referred to comes first."""


def columns_of(record: type[Record]) -> list[str]:
    return list(record.model_fields)


def required_of(record: type[Record]) -> list[str]:
    return [name for name, field in record.model_fields.items() if field.is_required()]
