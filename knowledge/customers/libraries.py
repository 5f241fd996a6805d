"""LightGBM, loaded where something is fitted and never when the service starts."""

from typing import Any

from knowledge.customers.errors import CustomerDataError, ExtraMissing


def load_lightgbm() -> Any:
    """The module. Raises CustomerDataError saying what to install: the extra, or the OpenMP library it stands on."""
    try:
        import lightgbm
    except ImportError as error:
        raise ExtraMissing("LightGBM") from error
    except OSError as error:
        way = "apt-get install libgomp1 (Debian, Ubuntu) or brew install libomp (macOS)"
        raise CustomerDataError(f"LightGBM does not find the system's OpenMP library ({error}): {way}") from error
    return lightgbm
