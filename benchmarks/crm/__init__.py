"""`make bench-crm`: the models about customers on public data. Each file here prints one table."""
