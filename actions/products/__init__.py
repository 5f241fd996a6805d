"""Finding, describing, comparing and recommending products.

reading.py (which products, budget and options a message means) → one action a file → showing.py (lines and cards)
"""
