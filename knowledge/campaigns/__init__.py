"""E-mail campaigns: to customers who want it, with a control group that shows what it changed.

message.py      the texts of a campaign, English and Chinese (messages/*.yml, or the shop's own file)
audience.py     who fits: segment, predictions, language; and may be written to (permission.py)
    │
planning.py     draws the control group, stores everybody: campaigns, campaign_members (schema.py)
    │
sending.py      one row after the other: permission.py asked again, picking.py, letter.py, envelope.py
    │               └─► post.py (SMTP)
    │
unsubscribing.py, replies.py      what comes back
    │
lift.py         what the mailed ones bought beyond the control group, with intervals
"""
