"""What to recommend to whom, and why: buying again, going together, one's taste, what is popular.

purchases.py (who bought what, when) → model.py (what that says about the products) → recommender.py (for one customer)
"""

from knowledge.recommendation.recommender import Reason, Recommendation, Recommender

__all__ = ["Reason", "Recommendation", "Recommender"]
