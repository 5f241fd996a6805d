"""Conversations about orders. A form asks (`cancel_order_form.py`), its action does (`cancel_order.py`):

cancel_order_form.py     which steps the conversation takes: identity → order → reason → confirmation
steps/                   one step a file: reads the customer's words, knows what is missing, asks for it
reading/                 pure parsers: lines, option values, payment methods, reasons, addresses
ask_<slot>.py            the question for a slot; the active form's step puts it
cancel_order.py          writes once, says the receipt or why not
"""
