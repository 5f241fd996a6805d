"""Conversations that go to people and come back.

following.py   what a turn means for a handoff, written in the turn's own commit
states.py      who has a conversation, and how it may change hands
situation.py   a conversation between two turns, and the one way to change it
desk.py        what agents do                      dispatch.py   what the clock does        deeds.py  what both do alike
keeping.py     what is due, again and again        routing.py    who is asked, and why      requests.py  what about
hands.py       whose hands are free
queue.py       who is next, and how long it takes  attending.py  who attended to a customer
context.py     all that a person needs to go on    record.py     what the turns say         seen.py   as actions see it
stretch.py     the end of a human stretch          lines.py      what the customer is told  reasons.py  why, in words
outside.py     people who answer in another system
rows.py, agents.py, schema.py                      what is stored
"""
