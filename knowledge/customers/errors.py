"""What can be wrong with data about customers. The message names the thing and the way out."""


class CustomerDataError(ValueError):
    """A table, a column or a setting about customers can't be used."""


class ExtraMissing(CustomerDataError):
    """A library of the extra `crm` (or another) is not installed."""

    def __init__(self, library: str, extra: str = "crm") -> None:
        super().__init__(f"This needs {library}: pip install 'kefu[{extra}]'")
