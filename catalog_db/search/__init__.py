"""Search over the catalogue: filter, candidates, ranking, facets. Not for understanding questions."""
