"""What a shop's data says about its customers, with how sure it is and what it can't tell: one page to read.

transactions (+ groups.py) → survey.py → description, standing (segments), comparison, correlation, cohorts,
concentration, trends: figures, each from a file of its own → report.py + pictures.py + words.yml → one HTML file
"""
