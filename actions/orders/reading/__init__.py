"""Reading a customer's words against what the shop knows about them: their own lines, variants, cards and addresses. Pure."""
