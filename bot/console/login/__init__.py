"""Who comes in at the console, and what they may do there.

passwords.py       argon2: made and checked, as slowly for an unknown name as for a known one
delay.py           wrong tries make the next one wait, longer each time, by account, by place and by both
second_factor.py   one-time codes from a phone, each good once, and recovery codes
accounts.py        agents: made, changed, switched off
sessions.py        the cookie's other half, in the database
access.py          what every route asks: who is it, is it their own page that asks, may they
demo.py            the demo shop's agents
signing_in.py      the steps of a login, in order
pages.py           the same over HTTP
"""
