"""Asking customers how it was, in the channel, and hearing the answer.

words.py      the question and what is said to an answer, in both languages; what counts as one
asking.py     asked after a person's stretch (handoff) or when the bot's own conversation ends well
hearing.py    around the dialogue engine: an answer is kept and thanked for, everything else is a normal message
"""
