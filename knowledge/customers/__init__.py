"""What the shop knows about its customers, from what they bought.

shop_lines.py   the shop's own tables     ┐
reading.py      a file (tables.py → cells.py → problems.py)   ├→ transactions.py   who bought what, when: arrays
synthetic.py    a shop that doesn't exist ┘
      │
features.py     what that says of each customer, in figures; on one machine or on Spark (knowledge/on_spark)
writing.py      what was computed, as a file again
"""
