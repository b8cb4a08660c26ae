"""Which intent is asked: tables of rules with human names, tried in order, and what they look at."""
