"""E-mail to customers who want it."""
