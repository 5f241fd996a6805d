"""A conversation as an agent sees and handles it.

stream.py       what was said by everybody, with deliveries, notes and what happened to it, in one order
view.py         a page of the stream, who else looks at it, the customer's other conversations
looks.py        who opened it, fetched its files, saw its customer's profile: for the audit
why.py          a turn's decision record: what was understood, from what, and its sources
told.py         the same in the words of people who answer customers
acting.py       take, say, hand back, transfer, snooze, wrap up, resolve: the desk's operations
files.py        what agents attach, and the bytes of what anybody attached
notes.py        private notes and tags
teaching.py     what a message meant, and which article answers it
suggestions.py  replies to choose from, and what became of them
profile.py      the customer's profile and context package
"""
