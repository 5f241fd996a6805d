"""Files in a conversation: what an agent attaches, and the bytes of what anybody attached."""
