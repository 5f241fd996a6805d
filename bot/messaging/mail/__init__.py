"""Mail, for its channel: what a person wrote in one, and one that answers it.

mailbox.py    IMAP: what came since the last look     authored.py   the words without what they answer to
reading.py    a mail → who, which thread, what        plain.py      HTML → text
automatic.py  what no person wrote; bounces           restraint.py  how often one address is answered
writing.py    an answer → a mail
"""
