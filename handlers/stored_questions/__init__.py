"""Which stored question a person means, found by its words, with abstention."""
