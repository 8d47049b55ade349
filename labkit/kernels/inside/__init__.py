"""What runs beyond the process boundary: read as text, run in the sandbox, never imported by the judge."""
