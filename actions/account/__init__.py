"""The customer's account: points, opening, editing and closing it, newsletter, one's own data.

A form proves who the customer is (actions/identification), asks what it needs and, before anything is written, for a
yes; then the action of the same name does it and says so.
"""
