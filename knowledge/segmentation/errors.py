"""What can keep customers from being put into segments. The message names the way out."""

from knowledge.customers.errors import CustomerDataError


class SegmentationError(CustomerDataError):
    """Anything this package raises on purpose."""


class TooFewCustomers(SegmentationError):
    """Groups of so few would be chance."""

    def __init__(self, count: int, needed: int) -> None:
        super().__init__(
            f"{count} customers with purchases, and segments are learnt from {needed} on; "
            "until then the RFM rule sorts them (rfm_segments)"
        )
