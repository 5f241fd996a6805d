"""Families of models: features → a score for each customer (log-odds of a chance, log of an expected amount).

    linear.py    logistic and Poisson regression, polynomial, linear SVM      weights, as npz
    boosting.py  gradient boosting, forest, single tree (LightGBM)            LightGBM's text
    lifetime.py  BG/NBD with Gamma-Gamma, for shops with little history       six numbers
    kernel.py    SVM with an RBF kernel: to compare with, never kept
    blend.py     the mean of several

Every score is a sum of what the features contribute, to the last digit: that is what explanations are made of.
"""

from knowledge.prediction.families.boosting import Boosting
from knowledge.prediction.families.linear import Linear
from knowledge.prediction.families.scorer import Scorer

__all__ = ["Boosting", "Linear", "Scorer"]
