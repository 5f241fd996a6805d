"""The report as one HTML file: report.py puts the sections together, each section is a file, html.py has the tags."""
