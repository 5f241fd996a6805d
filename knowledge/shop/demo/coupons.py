"""The demo shop's coupons, placed around today: some run, one is still to come, some are over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from knowledge.shop.demo import Row


@dataclass(frozen=True)
class DemoCoupon:
    """A percentage off, from and until."""

    code: str
    percent_off: int
    starts_at: datetime
    ends_at: datetime
    is_public: bool = True

    @property
    def row(self) -> Row:
        return {**vars(self), "amount_off": None, "minimum_spend": Decimal(0), "category": None}


def make_coupons(now: datetime) -> list[DemoCoupon]:
    def days(count: int) -> datetime:
        return now + timedelta(days=count)

    return [
        DemoCoupon("WELCOME10", 10, days(-730), days(365)),
        DemoCoupon("TEA15", 15, days(-20), days(25)),
        DemoCoupon("FRIENDS20", 20, days(-40), days(40), is_public=False),
        DemoCoupon("NEXTSEASON", 15, days(14), days(44)),
        DemoCoupon("SPRING12", 12, days(-230), days(-190)),
        DemoCoupon("SINGLES11", 11, days(-410), days(-380)),
    ]
