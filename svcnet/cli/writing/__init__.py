"""Verbs that write, and what they generate."""
