"""What the products stand on: the category tree, the brands and the makers, as the filters need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog_db.records import Brand, Category, Enterprise


class Shelf:
    """Answer questions about categories, brands and makers by their codes. Unknown codes are answered, never raised."""

    def __init__(
        self,
        categories: Mapping[str, Category],
        brands: Mapping[str, Brand],
        enterprises: Mapping[str, Enterprise],
    ) -> None:
        self.categories = categories
        self.brands = brands
        self.enterprises = enterprises
        self._lines: dict[str, tuple[str, ...]] = {}

    def line(self, code: str) -> tuple[str, ...]:
        """Return a category and all above it, itself first; a loop of parents ends where it closes."""
        known = self._lines.get(code)
        if known is None:
            codes = [code]
            while (node := self.categories.get(codes[-1])) and node.parent and node.parent not in codes:
                codes.append(node.parent)
            known = self._lines[code] = tuple(codes)
        return known

    def covered(self, code: str) -> bool:
        """Tell whether the category has a certification class, own or inherited."""
        nodes = (self.categories.get(above) for above in self.line(code))
        return any(node is not None and bool(node.certification_class) for node in nodes)

    def makers(self, brand: str | None, on_certificates: Iterable[str | None]) -> frozenset[str]:
        """Return the enterprises behind a product: its brand's and those named on its certificates."""
        found = {maker for maker in on_certificates if maker}
        owner = self.brands.get(brand) if brand else None
        if owner and owner.enterprise:
            found.add(owner.enterprise)
        return frozenset(found)

    def batches(self, makers: Iterable[str]) -> frozenset[str]:
        """Return the published lists that these enterprises stand on."""
        rows = (self.enterprises.get(maker) for maker in makers)
        return frozenset(row.batch for row in rows if row and row.batch)
