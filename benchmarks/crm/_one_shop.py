"""One shop from its file to everybody's predictions, timed: `python -m benchmarks.crm._one_shop FILE YYYY-MM-DD`.

A process of its own, so that its peak of memory is its own.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from knowledge import prediction, segmentation
from knowledge.customers.features import customer_features
from knowledge.customers.reading import read_transactions
from knowledge.customers.transactions import day_of

T = TypeVar("T")
Steps = dict[str, tuple[float, float, float]]
"""By step: seconds, seconds of all cores together, the process's peak of memory so far in GB."""


def main() -> None:
    file, cut = Path(sys.argv[1]), day_of(date.fromisoformat(sys.argv[2]))
    steps: Steps = {}
    loaded = _timed(steps, "read", lambda: read_transactions(file, before=cut))
    rows, items = loaded.transactions, loaded.items
    features = _timed(steps, "features", lambda: customer_features(rows, cut))
    segments = _timed(steps, "fit segments", lambda: segmentation.fit(rows, cut))
    assigned = _timed(steps, "assign segments", lambda: segments.assign(features))
    model = _timed(steps, "fit predictions", lambda: prediction.fit(rows, items, cut, lambda *_: None))
    predicted = _timed(steps, "predict", lambda: model.predict(rows, cut))
    if not len(features.customers) == len(assigned.codes) == len(predicted.customers):
        raise SystemExit("not every customer has a segment and predictions")
    json.dump({"customers": len(features.customers), "lines": len(rows), "steps": steps}, sys.stdout)


def _timed(steps: Steps, name: str, work: Callable[[], T]) -> T:
    started, busy = time.perf_counter(), time.process_time()
    made = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    steps[name] = (time.perf_counter() - started, time.process_time() - busy, peak)
    return made


if __name__ == "__main__":
    main()
