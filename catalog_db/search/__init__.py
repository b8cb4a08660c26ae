"""Find products by filters and by words that people typed, in milliseconds, from two hundred to ten million of them.

What it is not for: understanding a question (`handlers.understanding` turns it into a `ProductQuery`), wording, prices paid
for a place.

How one search goes: `typed` reads the text into units, `plan` weighs them and names the terms to look for, `filtering` turns
the filters into a selection of stretches and tests, `candidates` adds up the terms block by block with the filters inside
(`windows` only the parts of a block where enough of them meet), `reranking` compares the best two hundred character by character, `view` brings in what changed since the
building and puts all in order, `counting` counts facets when somebody looks at them, `reasons` says why. Lists that nothing
typed puts in order are cut by `listing`; of very many products `leaders` finds the first and `tallies` the number without
looking at most.

How an index comes to be: `intake` takes products column by column, `folded_codes`, `columns` and `terms` make numbers of
them all at once, `builder` puts them in order and inverts their texts block by block, `closure` adds what
titles say, `storage` keeps it; `segment` and `vocabulary` read it. What each filter, sort and score means stands in
`matching`, `ordering` and `reranking`; `reference` is the whole search once more, slow and obvious, and the tests hold the
fast one against it. `compiled` is the optional accelerator; its loops are `weighing`, `adding`, `collecting` and `comparing`.
"""
