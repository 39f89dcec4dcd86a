"""What Go's standard library prints and reads, where users see it: a module a package."""
