"""What can go wrong in the NLU layer. Parsing a text never raises; loading, reading data and training do."""

from pathlib import Path


class NluError(Exception):
    """Base of every error this package raises; the message names the thing and the way out."""


class ModelNotFound(NluError):
    """No trained model where one was expected."""


class ModelIncompatible(NluError):
    """The model was written by a version of Kefu that this one can't read."""


class ModelTampered(NluError):
    """A file of the model is not the one that was saved with it."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(
            f"{file} {problem}; the model is not loaded. Copy it again from where it came, go back to the version "
            "before with `kefu models rollback`, or train it again with `kefu train`"
        )
        self.file = file


class ModelRefused(NluError):
    """A model that was just trained is not good enough to be written; the message names figures and the way out."""


class RegistryError(NluError):
    """The folder of models cannot do what was asked."""


class DatasetError(NluError):
    """Training data that can't be read; the message starts with file and line."""


class EncoderNotFound(NluError):
    """The pretrained weights that training starts from are not there."""


class PromiseImpossible(NluError):
    """No threshold keeps the wanted error rate; the message names the lowest one that can be kept."""
