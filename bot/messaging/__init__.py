"""What every messaging platform's channel shares. A channel itself is one file in `bot/channels`, found by its name.

    platform ──POST──► bot/channels/NAME.py   verify the raw bytes, decode
                             │
                        intake.py              a number or a pressed button becomes the words it stands for;
                             │                 stored in the inbox, then acknowledged; the turn runs afterwards
                        the turn               commits the answer to the outbox
                             │
                        delivery.py            claims a line, oldest first; refuses what a newer owner forbids
                             │                 tries again, gives up with a reason; after a crash: unsure
                        fitting.py             one line → parts that the platform can show; nothing is cut off
                             │
    platform ◄─POST── bot/channels/NAME.py     render, send

    channel.py       what a channel must be          capabilities.py   what it can show, and in which unit it counts
    signatures.py    HMAC, constant time, freshness  sending.py        one call; errors.py: why it failed
    pace.py          how fast a channel may send     access_tokens.py  a token that is lent for an hour or two
    uploads.py       a file handed over first        downloads.py      a file fetched, from known hosts only
    wechat_*.py, wecom*.py, feishu_*.py, dingtalk_*.py …: one vendor's signatures, encryption and calls

`bot/channels_in_use.py` opens those whose settings are set.
"""
