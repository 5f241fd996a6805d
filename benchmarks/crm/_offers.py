"""Complete Journey's campaigns as an OfferHistory: coupons sent, redeemed, and used of any kind at the till."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from knowledge.customers.transactions import SECONDS_A_DAY, Ints, Transactions
from knowledge.prediction.offer_history import OfferHistory

CAMPAIGNS = "SELECT campaign_type, epoch(start_date) AS start, epoch(end_date) AS stop FROM '{0}' ORDER BY campaign_id"
SENT = "SELECT household_id::VARCHAR AS customer, campaign_id::INT - 1 AS offer FROM '{0}'"
REDEEMED = """
    SELECT household_id::VARCHAR AS customer, campaign_id::INT - 1 AS offer, epoch(redemption_date) AS moment FROM '{0}'
"""
MADE_CHEAPER = "SELECT DISTINCT product_id::VARCHAR AS item, campaign_id::INT - 1 AS offer FROM '{0}'"
COUPONS = """
    SELECT household_id::VARCHAR AS customer, epoch(transaction_timestamp) AS moment FROM '{0}'
    WHERE coupon_disc > 0 OR coupon_match_disc > 0
"""


def offer_history(folder: Path, transactions: Transactions) -> OfferHistory:
    """Offer n is campaign n + 1."""

    def read(query: str, file: str) -> dict[str, Any]:
        found: dict[str, Any] = duckdb.execute(query.format(folder / f"{file}.parquet")).fetchnumpy()
        return found

    campaigns, sent, redeemed = (
        read(CAMPAIGNS, "campaign_descriptions"),
        read(SENT, "campaigns"),
        read(REDEEMED, "coupon_redemptions"),
    )
    cheaper, coupons = read(MADE_CHEAPER, "coupons"), read(COUPONS, "transactions")
    customers, items = transactions.customers, transactions.items
    known, number = _known(customers, sent["customer"])
    known_redeemed, number_redeemed = _known(customers, redeemed["customer"])
    known_coupons, number_coupons = _known(customers, coupons["customer"])
    is_item, item = _known(items, cheaper["item"])
    of_offer = cheaper["offer"][is_item]
    return OfferHistory(
        campaigns["start"] / SECONDS_A_DAY,
        campaigns["stop"] / SECONDS_A_DAY,
        np.array(campaigns["campaign_type"], dtype=np.str_),
        tuple(item[of_offer == offer] for offer in range(len(campaigns["start"]))),
        number,
        sent["offer"][known].astype(np.int32),
        number_redeemed,
        redeemed["offer"][known_redeemed].astype(np.int32),
        redeemed["moment"][known_redeemed] / SECONDS_A_DAY,
        number_coupons,
        coupons["moment"][known_coupons] / SECONDS_A_DAY,
    )


def _known(ids: Any, given: Any) -> tuple[Any, Ints]:
    """(n,) which of the given ids there are, and the numbers of those."""
    number = {one: place for place, one in enumerate(ids.tolist())}
    found = np.array([number.get(str(one), -1) for one in given], dtype=np.int32)
    return found >= 0, found[found >= 0]
