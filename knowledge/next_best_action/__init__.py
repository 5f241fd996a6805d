"""What to do now for one customer."""
