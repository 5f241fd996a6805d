"""Off-policy evaluation: what another policy would have earned on what was logged.

rounds.py      logged choices as arrays, beside them what the other policy would have done
    │
overlap.py     is there enough in the log to say anything? else NoOverlap
    │
rewards.py     a model of the reward, cross-fitted, for the doubly robust estimate
    │
estimators.py  IPS, SNIPS and doubly robust, each with an interval
"""
