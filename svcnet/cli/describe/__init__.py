"""What `describe` says of each kind."""
