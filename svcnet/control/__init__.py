"""What must follow from what the user asked for."""
