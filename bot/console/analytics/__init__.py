"""What supervisors count: how much comes, how much the bot settles, why people are called, how content customers are.

turns ── folding.py, catching_up.py ──▶ visits, unanswered
visits + handoffs + ratings ── reading.py ──▶ Visit ── figures.py ──▶ numbers, each with the conversations behind it
                                                ├── tables.py   a table as CSV
unanswered ── gaps.py ──▶ what customers ask and nothing answers, by likeness
handoffs, agents ── board.py ──▶ now
routes.py   all of it under /console/api, for supervisors
"""
