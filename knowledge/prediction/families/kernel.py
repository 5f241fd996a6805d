"""An SVM with an RBF kernel: in the comparison because people expect it; too slow and too vague to be kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.families.linear import Kind, Linear, frame_of

MOST_ROWS = 6_000


@dataclass(frozen=True)
class Kernel:
    frame: Linear
    machine: Any

    def scores(self, values: Floats) -> Floats:
        return np.asarray(self.machine.decision_function(self.frame.unit(values)))

    def contributions(self, values: Floats) -> NoReturn:
        raise NotImplementedError("an RBF kernel's score is no sum over features")

    def save(self, stem: Path) -> NoReturn:
        raise NotImplementedError(f"{stem}: an RBF SVM is only compared with, never kept")


def rbf_svm(values: Floats, labels: Floats, kind: Kind) -> Kernel:
    """Of an amount: whether it is above the median."""
    from sklearn.svm import SVC

    some = np.random.default_rng(0).permutation(len(labels))[:MOST_ROWS]
    frame = frame_of(values)
    wanted = labels if kind == "chance" else labels > np.median(labels)
    return Kernel(frame, SVC(C=1.0).fit(frame.unit(values[some]), wanted[some]))
