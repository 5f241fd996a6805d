"""What can keep a report from being written. The message names the way out."""

from knowledge.customers.errors import CustomerDataError


class NothingToReport(CustomerDataError):
    """Not one purchase can be used."""

    def __init__(self) -> None:
        super().__init__(
            "there is no purchase to report on yet; import orders (kefu import shop --help) or name a file "
            "(--transactions FILE)"
        )
