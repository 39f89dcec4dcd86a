"""Which objects words, selectors and files mean."""
