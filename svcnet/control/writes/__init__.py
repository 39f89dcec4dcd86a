"""Parts of one write of the API server: what it decodes, owns, refuses, keeps and erases."""
