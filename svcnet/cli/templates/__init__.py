"""kubectl's JSONPath and Go's templates."""
