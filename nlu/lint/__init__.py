"""`kefu data lint`: what is wrong with training data before anybody trains on it.

finding.py    one thing that was found, where, and what to do about it
likeness.py   how alike two texts are, by their characters and by the encoder's vectors
texts.py      one text twice: conflicts, duplicates
leaks.py      training texts that stand in the test files too
counts.py     too few, none, or only in one language
meaning.py    near-duplicates across labels, labels that get confused, doubtful examples
linting.py    all of it
"""
