"""Profile 360: what the shop knows and the models say about one customer.

transactions ─ fitting.py ─► var/crm/<version>/ (artefacts.py) ─ computing.py ─► customer_profiles (schema.py)
                                                                                      │
the shop's tables, live ─────────────────────────────────────────────────────► reading.py ─► Profile
"""
