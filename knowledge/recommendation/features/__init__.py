"""What the hybrid knows of a customer and an item: columns of numbers, all from one History.

pairs.py       the customer and the item: how often, when last, whether it is due
groups.py      the customer and the item's category or kind: the same, one step wider
customers.py   the customer: how often they come, how much of it is new
items.py       the item: how many buy it these days, for the first time, again, at what price
table.py       all of them and the single models' scores, for a list of candidates
"""
