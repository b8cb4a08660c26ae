"""Parts that several answers are put together from: facts of a product, places, prices, remarks, buttons."""
