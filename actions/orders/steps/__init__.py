"""The steps that forms about orders are made of, one a file."""
