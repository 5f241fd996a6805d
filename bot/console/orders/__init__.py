"""The customer's orders beside a conversation, and what an agent may do with them: the same that the bot may.

reading.py     the orders, with what the shop's rules allow now
changing.py    the operations: first as a preview, then for good
words.py       both in words, en and zh
pages.py       over HTTP
"""
