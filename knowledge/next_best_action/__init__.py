"""The next best action: what to do now for one customer, with the reason and the probability of the choice.

    context.py     what is known now: consent, mood, open problem, predictions, vouchers
        │
    rules.py       hard rules (limits.yml) take away what must not be done, each with its reason
        │
    bandits.py     what is left goes to a policy: uniform, ε-greedy, LinUCB, Thompson; learning.py is what they learn
        │
    choosing.py    choose(context, policy, random) → Choice(action, propensity, because, policy_version)
        │
    log.py         every choice with its propensity, under a pseudonym; later its reward (rewarding.py)
        │
    evaluation/    what another policy would have earned on that log, or a refusal to say
        │
    gate.py        a policy serves only after its lower bound beats the present one (policies.py keeps them)

outreach.py is a simulator, for study. Serving needs numpy and SQLAlchemy only.
"""

from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.choosing import Choice, choose
from knowledge.next_best_action.context import Context

__all__ = ["Action", "Choice", "Context", "choose"]
