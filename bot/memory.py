"""Gives memory back to the system: what a model leaves behind would otherwise stay with the process."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Return freed pages to the system, where the C library can (glibc); elsewhere only collect garbage."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
