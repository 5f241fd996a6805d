"""The demo shop: a made-up but plausible shop of two years, the same for the same seed.

catalogue.py  catalogue.yml → products and variants
people.py     people.yml → customers with tastes, addresses and payment methods
shopping.py   who buys what when: tastes, seasons, repeat buying, churn
delivery.py   what has become of an order by today: states, parcels, returns
seeding.py    all of it into the database
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Row = dict[str, Any]
"""A row for a bulk insert: column name → value."""


@cache
def source(name: str) -> dict[str, Any]:
    """One of this package's YAML files."""
    content: dict[str, Any] = yaml.safe_load(files("knowledge.shop.demo").joinpath(name).read_text("utf-8"))
    return content
