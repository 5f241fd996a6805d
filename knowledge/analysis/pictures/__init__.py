"""The report's pictures: drawn by matplotlib, coloured by the page.

A picture is drawn in stand-in colours, and each becomes a CSS variable in the SVG (canvas.py): so one picture serves
light, dark and paper. Text stays text, for screen readers, for searching and for the reader's own Chinese font.
"""
