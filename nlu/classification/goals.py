"""What the served encoder is meant to reach on each public set, so that the tables can say where it falls short.

They were set before any system of ours was measured. Shares are 0 to 1.
"""

from collections.abc import Mapping
from typing import Any

REACH = {
    "banking77": 0.937,
    "banking77-10shot": 0.86,
    "banking77-5shot": 0.80,
    "clinc150": 0.965,
    "massive-en": 0.88,
    "massive-zh": 0.855,
    "sst2": 0.88,
    "twitter-airline": 0.81,
    "waimai": 0.918,
    "online-shopping": 0.955,
    "jd-satisfaction": 0.64,
}
"""Of each set's own metric."""
ABOVE_FLOOR = dict.fromkeys(("multidogo", "natcs-insurance", "natcs-insurance-5shot", "smp2017"), 0.03)
"""The same for sets whose goal is a lead over the floor."""
INTENT_SETS = (*ABOVE_FLOOR, *(name for name in REACH if name.startswith(("banking77", "clinc150", "massive"))))
CALIBRATION_ERROR = 0.03
"""At most, on intent sets."""


def missed_goals(entry: Mapping[str, Any], floor: float | None) -> dict[str, str]:
    """By the figure that falls short, what it should have been; nothing where every goal is met or there is none.

    `entry` as results.py keeps it; without the floor's figure a lead over it is not judged."""
    name, metric, figures = entry["set"], entry["metric"], entry["figures"]
    value = figures[metric]["value"]
    missed = {}
    if value < REACH.get(name, 0.0):
        missed[metric] = f"{metric.replace('_', ' ')} should reach {REACH[name]:.1%}"
    if name in ABOVE_FLOOR and floor is not None and value - floor < ABOVE_FLOOR[name]:
        lead, wanted = 100 * (value - floor), 100 * ABOVE_FLOOR[name]
        missed[metric] = f"should be {wanted:.1f} points above the floor ({floor:.1%}) and is {lead:.1f}"
    if name in INTENT_SETS and figures["calibration_error"] > CALIBRATION_ERROR:
        missed["calibration_error"] = f"the calibration error should be at most {CALIBRATION_ERROR:.3f}"
    return missed
