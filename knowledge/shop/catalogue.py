"""Products, variants and coupons: looking up, searching by words, and the names that the understanding layer needs."""

from decimal import ROUND_FLOOR, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from knowledge.shop.columns import CENT
from knowledge.shop.ledger import Ledger
from knowledge.shop.matching import MATCH_MINIMUM, name_score, plain
from knowledge.shop.rows import coupon_from, product_from, variant_from
from knowledge.shop.schema import CouponRow, ProductRow, VariantRow
from knowledge.shop.types import CatalogueName, Coupon, Language, Product, Variant


class Catalogue(Ledger):
    def product(self, product_id: str) -> Product | None:
        row = self._session.get(ProductRow, product_id)
        return product_from(row) if row else None

    def variant(self, variant_id: str) -> Variant | None:
        row = self._session.get(VariantRow, variant_id)
        return variant_from(row) if row else None

    def variants_of(self, product_id: str) -> list[Variant]:
        """Every variant, available or not, in the shop's order."""
        query = select(VariantRow).where(VariantRow.product_id == product_id).order_by(VariantRow.position)
        return [variant_from(row) for row in self._session.scalars(query.options(selectinload(VariantRow.product)))]

    def categories(self) -> list[str]:
        query = select(ProductRow.category).where(ProductRow.category != "").distinct()
        return list(self._session.scalars(query.order_by(ProductRow.category)))

    def products_by_category(self, category: str, limit: int | None = None) -> list[Product]:
        query = select(ProductRow).where(ProductRow.category == category).order_by(ProductRow.product_id).limit(limit)
        return [product_from(row) for row in self._session.scalars(query)]

    def price_range(self, product_id: str) -> tuple[Decimal, Decimal] | None:
        """Lowest and highest price of what can be bought now; None when nothing can."""
        prices = [variant.price for variant in self.variants_of(product_id) if variant.is_available]
        return (min(prices), max(prices)) if prices else None

    def products_by_name(self, text: str, language: Language, limit: int = 5) -> list[Product]:
        """Products that `text` names, best first. Misspellings and names in the other language are understood."""
        return self._products(self._ranked(text, language)[:limit])

    def search_products(
        self,
        text: str,
        language: Language,
        *,
        category: str | None = None,
        max_price: Decimal | None = None,
        limit: int = 5,
    ) -> list[Product]:
        """Products that can be bought now, best match first; an empty `text` lists what the filters leave."""
        ranked = (
            self._ranked(text, language) if plain(text) else list(self._session.scalars(select(ProductRow.product_id)))
        )
        buyable = self._buyable(category, max_price)
        return self._products([product_id for product_id in ranked if product_id in buyable][:limit])

    def catalogue_names(self) -> list[CatalogueName]:
        """Every product's names and option values, for the gazetteer."""
        return [
            CatalogueName(
                product_id=row.product_id,
                name_en=row.name_en,
                name_zh=row.name_zh,
                option_values=tuple(
                    (option["name"], value, value_zh)
                    for option in row.options
                    for value, value_zh in zip(option["values"], option["values_zh"], strict=True)
                ),
            )
            for row in self._session.scalars(select(ProductRow).order_by(ProductRow.product_id))
        ]

    def coupon(self, code: str) -> Coupon | None:
        """The coupon of that code, upper or lower case, expired or not."""
        row = self._session.get(CouponRow, code.strip().upper())
        return coupon_from(row) if row else None

    def public_coupons(self) -> list[Coupon]:
        """What anyone may be told about and use now, the next to expire first."""
        now = self._now()
        running = CouponRow.is_public & (CouponRow.starts_at <= now) & (CouponRow.ends_at > now)
        query = select(CouponRow).where(running).order_by(CouponRow.ends_at)
        return [coupon_from(row) for row in self._session.scalars(query)]

    def _ranked(self, text: str, language: Language) -> list[str]:
        """Ids of the products that match at all, best first; on a draw the name in the customer's language decides."""
        wanted = plain(text)
        names = self._session.execute(select(ProductRow.product_id, ProductRow.name_en, ProductRow.name_zh)).all()
        scored = []
        for product_id, name_en, name_zh in names:
            by_language = {"en": name_score(wanted, plain(name_en)), "zh": name_score(wanted, plain(name_zh))}
            score = max(by_language.values())
            if score >= MATCH_MINIMUM:
                scored.append((-score, -by_language[language], len(name_en), product_id))
        return [product_id for *_, product_id in sorted(scored)]

    def _buyable(self, category: str | None, max_price: Decimal | None) -> set[str]:
        query = select(VariantRow.product_id).where(VariantRow.is_on_sale, func.coalesce(VariantRow.stock, 1) > 0)
        if max_price is not None:
            query = query.where(VariantRow.price <= Decimal(max_price).quantize(CENT, ROUND_FLOOR))
        if category is not None:
            query = query.join(ProductRow).where(ProductRow.category == category)
        return set(self._session.scalars(query.distinct()))

    def _products(self, product_ids: list[str]) -> list[Product]:
        rows = self._session.scalars(select(ProductRow).where(ProductRow.product_id.in_(product_ids)))
        by_id = {row.product_id: product_from(row) for row in rows}
        return [by_id[product_id] for product_id in product_ids]
