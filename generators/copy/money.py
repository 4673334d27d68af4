"""Spells amounts of money the way an English advertisement does."""

from adloom.core.products import Money

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "JPY": "¥", "INR": "₹"}


def spell_price(price: Money) -> str:
    """*price* with its sign, cents only where there are any.

    >>> spell_price(Money(amount="109.99", currency="USD")), spell_price(Money(amount="20.00", currency="CHF"))
    ('$109.99', 'CHF 20')
    """
    amount = f"{price.amount:,.2f}".removesuffix(".00")
    sign = _SIGNS.get(price.currency)
    return f"{sign}{amount}" if sign else f"{price.currency} {amount}"
