"""Made-up conversations, so that a newcomer sees a living board: held with the bot itself, then put into the past.

    conversations.yml   what customers say, and the people who take over
    talking.py          holds them: every answer, mood and handoff is the bot's own
    dating.py           moves what was just said to another day

Only in a demo shop (`kefu demo conversations`), and each is tagged “made-up”.
"""
