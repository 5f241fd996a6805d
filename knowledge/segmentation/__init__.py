"""Which customers are alike, in groups with a name that a shop can act on.

features (knowledge/customers) → axis.py      one figure each: where they stand, from "gone" to "comes all the time"
                               → line.py      k-means on that axis: the rungs
                               → choosing.py  how many rungs: elbow, silhouette, stability, what they say of next month
                               → stages.py    who stands on no rung yet (new), or is just falling off one (at risk)
                               → model.py     who is in which segment; staying there is easier than getting there
before the first fit: rfm_rule.py. Beside it, for the report: alternatives.py. Names and descriptions: archetypes.py
"""

from knowledge.segmentation.archetypes import ARCHETYPES, Archetype
from knowledge.segmentation.errors import SegmentationError, TooFewCustomers
from knowledge.segmentation.fitting import fit
from knowledge.segmentation.model import SegmentModel, Segments
from knowledge.segmentation.rfm_rule import rfm_segments

__all__ = [
    "ARCHETYPES",
    "Archetype",
    "SegmentModel",
    "SegmentationError",
    "Segments",
    "TooFewCustomers",
    "fit",
    "rfm_segments",
]
