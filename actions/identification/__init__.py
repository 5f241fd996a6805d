"""Proving who the customer is, once per conversation, by what the shop's policy accepts."""
