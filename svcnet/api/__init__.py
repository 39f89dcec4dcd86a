"""What objects are: their kinds, fields, defaults and rules."""
