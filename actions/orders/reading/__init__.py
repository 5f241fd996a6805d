"""Reading a customer's words against what the shop knows of them: their lines, variants, cards, addresses. Pure."""
