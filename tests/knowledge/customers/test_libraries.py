import builtins
from typing import Any

import pytest

from knowledge.customers.errors import CustomerDataError, ExtraMissing
from knowledge.customers.libraries import load_lightgbm


@pytest.mark.parametrize(
    ("failure", "error", "way_out"),
    [
        (ImportError("No module named 'lightgbm'"), ExtraMissing, "pip install 'kefu[crm]'"),
        (OSError("libgomp.so.1: cannot open shared object file"), CustomerDataError, "apt-get install libgomp1"),
    ],
)
def test_what_is_missing_for_lightgbm_is_told(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, error: type[Exception], way_out: str
) -> None:
    real = builtins.__import__

    def importing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "lightgbm":
            raise failure
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(error, match="LightGBM") as raised:
        load_lightgbm()
    assert way_out in str(raised.value)
