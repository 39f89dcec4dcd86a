"""kubectl's resource builder: which objects words, selectors and files mean."""
