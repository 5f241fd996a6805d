"""The queue as agents see it.

search.py     what is asked for: tab, filters, words, order → SQL
items.py      conversations as the console lists them: a constant number of statements, however many they are
counts.py     how many are in each tab, and how long the longest waits
cursors.py    where the next page begins
pages.py      the same over HTTP
"""
