"""How well and how fast the catalogue's search finds, beside others that search titles."""
