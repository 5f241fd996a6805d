"""Time and memory of features, segments and predictions for shops of 10,000, 100,000 and 1,000,000 customers.

The shops are made up (knowledge/customers/synthetic.py): about 20 lines a customer, 20 million lines for the largest.
Wanted: the largest in 10 minutes and 8 GB on 2 cores, and growth no faster than the shop. `busy` is the time of all
cores together: what is left of the seconds when others work on the machine, too.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.crm._one_shop import Steps
from knowledge.customers.synthetic import END

SIZES = (10_000, 100_000, 1_000_000)
SEED = 1


@dataclass(frozen=True)
class Measured:
    customers: int
    lines: int
    steps: Steps

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _, _ in self.steps.values())

    @property
    def busy(self) -> float:
        return sum(busy for _, busy, _ in self.steps.values())

    @property
    def peak(self) -> float:
        """Largest resident memory of the process in GB."""
        return max(peak for _, _, peak in self.steps.values())


def main(data: Path, sizes: tuple[int, ...] = SIZES) -> None:  # noqa: ARG001  (these shops need no data)
    with tempfile.TemporaryDirectory() as folder:
        shops = [_measured(size, Path(folder) / f"{size}.parquet") for size in sizes]
    for shop in shops:
        _print(shop)
    for small, large in pairwise(shops):
        lines, busy, peak = large.lines / small.lines, large.busy / small.busy, large.peak / small.peak
        print(f"{lines:.1f} times the lines: {busy:.1f} times the work, {peak:.1f} times the memory")


def _measured(size: int, file: Path) -> Measured:
    made = ["-m", "bot", "crm", "synthetic", "--customers", str(size), "--seed", str(SEED), "--out", str(file)]
    subprocess.run([sys.executable, *made], check=True, stdout=subprocess.DEVNULL)
    fitted = ["-m", "benchmarks.crm._one_shop", str(file), END.date().isoformat()]
    done = subprocess.run([sys.executable, *fitted], check=True, stdout=subprocess.PIPE)
    return Measured(**json.loads(done.stdout))


def _print(shop: Measured) -> None:
    print(f"{shop.customers:,} customers, {shop.lines:,} lines")
    print(f"{'':>18} {'seconds':>8} {'busy':>8} {'peak GB':>8}")
    for name, (seconds, busy, peak) in {**shop.steps, "in all": (shop.seconds, shop.busy, shop.peak)}.items():
        print(f"{name:>18} {seconds:>8.1f} {busy:>8.1f} {peak:>8.2f}")
    print()
