"""Writes amounts of money as the readers of a language do."""

from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

from adloom.core.products import Money


def format_price(price: Money, language: str) -> str:
    """*price* as the readers of *language* (BCP 47) write it; whole amounts without their zeros: "$90", "109,99 €".

    >>> format_price(Money(amount=Decimal("109.99"), currency="USD"), "en")
    '$109.99'
    """
    whole = price.amount == price.amount.to_integral_value()
    amount = Decimal(int(price.amount)) if whole else price.amount
    return format_currency(
        amount, price.currency, locale=_locale(language), currency_digits=not whole, decimal_quantization=not whole,
        format=_pattern(language) if whole else None,
    )  # fmt: skip


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _pattern(language: str) -> str:
    """The locale's currency pattern without its decimals."""
    pattern: str = _locale(language).currency_formats["standard"].pattern
    return pattern.replace(".00", "")
