"""Tasks written from the task format alone, without sight of any rewrite; results on them are told apart."""
