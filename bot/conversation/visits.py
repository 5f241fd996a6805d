"""Conversations cut into visits: what a customer wanted in one go. Made from the stored turns, for counting.

A conversation goes on for as long as somebody uses the same channel; a visit ends after an hour of silence, unless a
person has the conversation: then it goes on until it is handed back. Nothing here is truth: emptied, the tables fill
again from the turns (visit_folding.py).

    visits       one row each: when, about what, in which mood, how it ended
    unanswered   turns in which the bot asked what was meant, or said that it does not know
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from bot.conversation.schema import RowId, metadata

visits = Table(
    "visits",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("first_row", RowId, nullable=False),
    Column("last_row", RowId, nullable=False),
    Column("first_turn", Integer, nullable=False),
    Column("last_turn", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("customer_id", Text),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("intent", Text),
    Column("began_at", Float, nullable=False),
    Column("ended_at", Float, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("mood_start", Float),
    Column("mood_end", Float),
    Column("bad_end", Text),
    Column("answered_seconds", Float),
    PrimaryKeyConstraint("conversation_id", "first_row"),
)
"""`first_row` and `last_row` are rows of `turns`; `person` is the customer where known, else the conversation;
`bad_end` says why the end was bad, if it was."""
Index("ix_visits_began_at", visits.c.began_at)
Index("ix_visits_person", visits.c.person, visits.c.began_at)

unanswered = Table(
    "unanswered",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("conversation_id", "turn"),
)
Index("ix_unanswered_at", unanswered.c.at)
