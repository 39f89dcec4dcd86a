"""Controllers of what makes pods, and the pods they make."""
