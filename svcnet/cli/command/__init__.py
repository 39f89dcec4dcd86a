"""The tree of verbs; running one; its session, its errors, its help and its completion."""
