"""Tasks of the lab: one module each, with the slow program, named like the file, and `inputs`."""
