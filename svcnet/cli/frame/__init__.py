"""How a command line is read, run and answered."""
