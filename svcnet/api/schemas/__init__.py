"""Custom resources held to the schema of their definition, as apiextensions-apiserver does it."""
