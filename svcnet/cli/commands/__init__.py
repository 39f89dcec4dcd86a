"""kubectl's verbs and svcnet's own: one verb, one file."""
