"""What the shop knows about its customers, from what they bought.

transactions.py (who bought what, when) ← reading.py (a file) or shop_lines.py (the shop's own database)
      │
features.py     what that says of each customer, in figures
"""
