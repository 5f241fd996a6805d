"""How likely a text is none of the labels, and from which score on it counts as an outsider."""

import numpy as np

from nlu.calibration import Floats
from nlu.classification.texts import out_of_scope_label

FALSE_ALARMS = 0.04
"""The share of in-scope texts that may be taken for outsiders."""


def outsider_scores(probabilities: Floats, names: tuple[str, ...]) -> Floats:
    """(n,): what is left when the likeliest in-scope label has had its share; (n, labels) in."""
    outside = out_of_scope_label(names)
    inside = np.array([name != outside for name in names])
    return np.asarray(1.0 - probabilities[:, inside].max(1), dtype=np.float32)


def outsider_threshold(scores_in_scope: Floats, false_alarms: float = FALSE_ALARMS) -> float:
    """The lowest score that takes at most so many of these in-scope texts for outsiders, with a margin for the luck of
    the draw: one standard error."""
    if not len(scores_in_scope):
        return 1.0
    margin = float(np.sqrt(false_alarms * (1 - false_alarms) / len(scores_in_scope)))
    allowed = max(false_alarms - margin, 0.0)
    return float(np.nextafter(np.quantile(scores_in_scope, 1 - allowed, method="higher"), np.float32(2)))
