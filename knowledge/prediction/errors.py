"""What can be wrong with predictions. The message names the thing and the way out."""

from knowledge.customers.errors import CustomerDataError


class PredictionError(CustomerDataError):
    """A prediction can't be made."""


class NothingBought(PredictionError):
    """No purchases before the cut."""

    def __init__(self) -> None:
        super().__init__("There are no purchases before the cut: nothing can be predicted. Take a later --cut")


class DamagedModel(PredictionError):
    """The folder of a model lacks something, or was written by another version."""
