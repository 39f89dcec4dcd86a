"""Tables, documents and templates: values in, text out."""
