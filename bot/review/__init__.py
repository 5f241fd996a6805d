"""Learning from use: what customers wrote that the model was not sure of, for people to put right.

collecting.py    stored turns → the queue, redacted, only while the retention setting allows it
redaction.py     personal data → stand-ins
accounts.py      account names → a stand-in
suggesting.py    what no intent covers → topics that could become one
files.py         the queue ↔ JSONL and Rasa YAML
"""
