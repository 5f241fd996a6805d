"""What to recommend to whom, and why.

at a cut    history.py (all before it) → scorers/ (single models) + features/ → candidates.py, snapshot.py
            → hybrid.py (which order the windows before the cut would have wanted) → ranking.py (lists for everybody)
fitted      fitting.py → explaining.py, companions.py → prepared.py (RecommendationModel: a folder to look up)
serving     own_past.py, shelf.py, product_model.py → scoring.py → recommender.py; nothing but numpy and the database
measured    tasks.py (what is to be foreseen), evaluation.py; `make bench-crm` (benchmarks/crm/recommendation.py)
"""

from knowledge.recommendation.fitting import fit
from knowledge.recommendation.prepared import Ranked, RecommendationModel
from knowledge.recommendation.reasons import Reason
from knowledge.recommendation.recommender import Recommendation, Recommender

__all__ = ["Ranked", "Reason", "Recommendation", "RecommendationModel", "Recommender", "fit"]
