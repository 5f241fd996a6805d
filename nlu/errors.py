"""What can go wrong in the NLU layer. Parsing a text never raises; loading, reading data and training do."""


class NluError(Exception):
    """Base of every error this package raises; the message names the thing and the way out."""


class ModelNotFound(NluError):
    """No trained model where one was expected."""


class ModelIncompatible(NluError):
    """The model was written by a version of Kefu that this one can't read."""


class DatasetError(NluError):
    """Training data that can't be read; the message starts with file and line."""


class EncoderNotFound(NluError):
    """The pretrained weights that training starts from are not there."""
