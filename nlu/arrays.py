"""Named arrays in one `.npz` file: how the small numpy models are kept. Nothing is ever unpickled."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.errors import ModelIncompatible, ModelNotFound

Arrays = Mapping[str, NDArray[Any]]


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Compressed; byte for byte the same for the same arrays."""
    with path.open("wb") as file:
        np.savez_compressed(file, **dict(arrays))  # type: ignore[arg-type]  # no array is called allow_pickle


def load_arrays(path: Path, what: str, names: tuple[str, ...]) -> Arrays:
    """The arrays of those names. Raises ModelNotFound when the file is missing, ModelIncompatible when it does not hold
    `what` ("an n-gram reader")."""
    if not path.is_file():
        raise ModelNotFound(f"{path} is missing; train the model again with `kefu train`")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ModelIncompatible(
            f"{path} does not hold {what} ({error}); train the model again with `kefu train`"
        ) from error
