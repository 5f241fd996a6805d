"""What the open consoles are told at once.

    wake-up of a conversation (bot/conversation/live.py: no content, also from other processes)
      └─► Hub: what has changed within a moment is read once for everybody
            └─► Connection: each browser gets what concerns it, numbered by time (`seq`)

A wake-up may be lost and a browser may be away: nothing depends on them. Whoever comes back names the last `seq` and is
told what has changed since, read from the database, by whichever process.
"""
