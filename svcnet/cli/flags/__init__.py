"""How flags are declared, grouped and read: as pflag reads them."""
