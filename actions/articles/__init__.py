"""Answers from the shop's help articles."""
