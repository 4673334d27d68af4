"""Spells amounts of money the way an advertisement does, and reads what the row and the brief ask for the product."""

import re
from collections.abc import Callable, Iterator

from adloom.core.brief import Brief
from adloom.core.products import Money, Product
from generators.copy.facts import Fact, FactKind
from generators.prices import format_price

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "JPY": "¥", "INR": "₹"}


def spell_price(price: Money) -> str:
    """*price* with its sign as English advertisements write it, cents only where there are any.

    >>> spell_price(Money(amount="109.99", currency="USD")), spell_price(Money(amount="20.00", currency="CHF"))
    ('$109.99', 'CHF 20')
    """
    amount = f"{price.amount:,.2f}".removesuffix(".00")
    sign = _SIGNS.get(price.currency)
    return f"{sign}{amount}" if sign else f"{price.currency} {amount}"


def plain_price(price: Money, language: str) -> str:
    """`format_price` with spaces that every ad platform and every text message has.

    >>> plain_price(Money(amount="1299.00", currency="EUR"), "de")
    '1.299 €'
    """
    return re.sub(r"\s", " ", format_price(price, language))


def read_offers(product: Product, brief: Brief, spell: Callable[[Money], str]) -> Iterator[Fact]:
    """What the product costs, as *spell* writes it, and what the brief offers."""
    price = product.sale_price or product.price
    if price is not None:
        source = "sale_price" if product.sale_price else "price"
        yield Fact(FactKind.PRICE, spell(price), source, (0, 0))
    if brief.offer is not None:
        yield Fact(FactKind.OFFER, brief.offer.text.rstrip(".。"), "brief.offer", (0, len(brief.offer.text)))
