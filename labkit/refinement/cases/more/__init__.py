"""Tasks on made and real data in twelve families, each with independent solutions besides its slow start."""
