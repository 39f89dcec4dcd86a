"""Where pods go, what runs there, and how nodes are."""
