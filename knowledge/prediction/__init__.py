"""What a customer will probably do: buy within 28 days, stay away for 56, how often and how much in 13 weeks; and why.

transactions (knowledge/customers)
      │  visits.py       one row a customer and day, counted back from the cut
      │  rhythm.py       how long ago, how often, how regularly, how much: the features
      │  snapshots.py    the same shop on earlier days, with what came after: the examples
      │  tasks.py        what is predicted
   families/             regression, boosting, forest, SVM, BG/NBD …: features → a score
      │  selection.py    which of them was best on later snapshots than it learned from
      │  calibration.py  score → a chance that comes true as often as it says
   fitting.py → model.py (kept in a folder; predicts) → reasons.py, sentences.py (why, in words)
beside it: categories.py (who buys in which category), offers.py (who redeems an offer), measures.py; kept by keeping.py
"""

from knowledge.prediction.errors import DamagedModel, NothingBought, PredictionError
from knowledge.prediction.fitting import fit
from knowledge.prediction.model import PredictionModel, Predictions
from knowledge.prediction.reasons import Reason
from knowledge.prediction.sentences import sentence

__all__ = [
    "DamagedModel",
    "NothingBought",
    "PredictionError",
    "PredictionModel",
    "Predictions",
    "Reason",
    "fit",
    "sentence",
]
