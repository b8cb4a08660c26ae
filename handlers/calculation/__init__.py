"""How much is needed: what was said, the formulas, and what it rests on. Asked by the handler `calculate`."""
