"""catalogue.yml → products and their variants."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product as combinations
from random import Random
from typing import Any

from knowledge.shop.demo import Row, source

MOST_VARIANTS = 12


@dataclass(frozen=True)
class DemoVariant:
    variant_id: str
    options: dict[str, str]
    options_zh: dict[str, str]
    price: Decimal
    is_on_sale: bool
    stock: int


@dataclass(frozen=True)
class DemoProduct:
    """A product and how much people want it (`popularity`, any positive number)."""

    row: Row
    kind: str
    """The product's name without its line: what `goes_with` speaks of."""
    popularity: float
    variants: tuple[DemoVariant, ...]

    @property
    def product_id(self) -> str:
        return str(self.row["product_id"])

    @property
    def category(self) -> str:
        return str(self.row["category"])


def make_catalogue(random: Random) -> list[DemoProduct]:
    products: list[DemoProduct] = []
    for category, described in source("catalogue.yml")["categories"].items():
        for name_en, name_zh, base_price, option_names in described["products"]:
            for line in described["lines"]:
                number = f"P{len(products) + 1001}"
                options = [source("catalogue.yml")["options"][name] for name in option_names.split("+")]
                price = Decimal(base_price) * Decimal(str(line[2]))
                row = {
                    "product_id": number,
                    "name_en": line[0].format(name_en),
                    "name_zh": line[1].format(name_zh),
                    "description_en": f"{described['about'][0]} {line[3]}",
                    "description_zh": f"{described['about'][1]}{line[4]}",
                    "category": category,
                    "options": [_option(option) for option in options],
                    "image": None,
                    "warranty_months": described.get("warranty_months"),
                }
                variants = tuple(_variants(number, options, price, random))
                products.append(DemoProduct(row, name_en, random.paretovariate(1.3), variants))
    return products


def _option(option: dict[str, Any]) -> Row:
    return {
        "name": option["name"],
        "name_zh": option["name_zh"],
        "values": list(option["values"]),
        "values_zh": list(option["values"].values()),
    }


def _variants(number: str, options: list[dict[str, Any]], price: Decimal, random: Random) -> list[DemoVariant]:
    every = list(combinations(*(list(enumerate(option["values"].items())) for option in options)))
    if len(every) > MOST_VARIANTS:
        every = sorted(random.sample(every, MOST_VARIANTS))
    variants = []
    for position, chosen in enumerate(every, 1):
        pairs = list(zip(options, chosen, strict=True))
        factor = 1 + sum(option.get("step", 0) * step for option, (step, _) in pairs)
        variants.append(
            DemoVariant(
                variant_id=f"{number}-{position:02}",
                options={option["name"]: value for option, (_, (value, _)) in pairs},
                options_zh={option["name_zh"]: value_zh for option, (_, (_, value_zh)) in pairs},
                price=_shelf_price(price * Decimal(str(factor))),
                is_on_sale=random.random() > 0.03,
                stock=0 if random.random() < 0.08 else random.randint(3, 180),
            )
        )
    return variants


def _shelf_price(price: Decimal) -> Decimal:
    """39.00 is written 38.90, as shops do."""
    return price.quantize(Decimal(1)) - Decimal("0.10")


def rows_of(products: list[DemoProduct]) -> tuple[list[Row], list[Row]]:
    """Rows for the products and the variants tables."""
    variants = [
        {
            "variant_id": variant.variant_id,
            "product_id": product.product_id,
            "position": position,
            "options": variant.options,
            "price": variant.price,
            "is_on_sale": variant.is_on_sale,
            "stock": variant.stock,
        }
        for product in products
        for position, variant in enumerate(product.variants)
    ]
    return [product.row for product in products], variants
