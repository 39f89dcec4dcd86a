"""The rules that objects must meet, as streams of field errors, one module per subject."""
