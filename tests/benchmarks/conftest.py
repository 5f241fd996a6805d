"""tau-bench's retail files, for the tests of the benchmark that talks about them."""

from pathlib import Path

import pytest


@pytest.fixture
def tau_bench(shared_data: Path) -> Path:
    return shared_data / "tau_bench_retail"
