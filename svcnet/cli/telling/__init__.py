"""What svcnet says of itself and of the API."""
