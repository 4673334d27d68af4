"""One row to one product: every fault of the row by name, and nothing guessed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, ParamSpec

from pydantic import ValidationError

from adloom.core.products import Product
from adloom.feeds.feed import Found, RowError
from adloom.feeds.values import Unreadable

Params = ParamSpec("Params")

_REQUIRED = {"id": "Every product needs an id of its own.", "title": "Every product needs a title."}


class Reading:
    """Collects the values of one row and what is wrong with them.

    *values* may hold anything that `Product` can be made of; what is empty is left to its default.
    """

    def __init__(self, line: int) -> None:
        self.line = line
        self.values: dict[str, Any] = {}  # Any: what pydantic will check
        self.errors: list[RowError] = []
        self._lost = False

    def read(self, field: str, convert: Callable[Params, object], *args: Params.args, **options: Params.kwargs) -> None:
        """Set *field* to what *convert* makes of the rest; what is `Unreadable` becomes an error of this row."""
        try:
            value = convert(*args, **options)
        except Unreadable as error:
            self.fail(field, error.code, error.message, kept=error.kept)
        else:
            if value:
                self.values[field] = value

    def fail(self, field: str, code: str, message: str, *, kept: bool = False) -> None:
        """Note a fault; unless *kept*, the row yields no product."""
        self.errors.append(RowError(self.line, field, code, message))
        self._lost = self._lost or not kept

    def finish(self) -> Iterator[Found | RowError]:
        """The row's errors, and its product if there is one."""
        self._check_required()
        self._check_link()
        product = None if self._lost else self._validated()
        yield from self.errors
        if product is not None:
            yield Found(self.line, product)

    def _check_required(self) -> None:
        failed = {error.field for error in self.errors}
        for field, message in _REQUIRED.items():
            if not str(self.values.get(field, "")).strip() and field not in failed:
                self.fail(field, "missing", message)

    def _check_link(self) -> None:
        link = self.values.get("link")
        if isinstance(link, str) and link and not link.startswith(("https://", "http://")):
            self.fail("link", "bad-link", f"{link[:60]!r} is no web address. Begin it with https://.")

    def _validated(self) -> Product | None:
        try:
            product = Product.model_validate(self.values)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                field = str(fault["loc"][0]) if fault["loc"] else ""
                self.fail(field, fault["type"].replace("_", "-"), f"{field or 'The row'}: {fault['msg']}.")
            return None
        return self._with_true_sale(product)

    def _with_true_sale(self, product: Product) -> Product | None:
        price, sale = product.price, product.sale_price
        if sale is None:
            return product
        if price is None or price.currency != sale.currency:
            self.fail("sale_price", "bad-price", "A sale price needs a price in the same currency beside it.")
            return None
        no_sale = sale.amount >= price.amount  # "on sale" for the same money
        return product.model_copy(update={"sale_price": None}) if no_sale else product


def current_sale(period: str, *, today: date | None) -> bool:
    """Whether a sale price with this ISO 8601 period ("2026-11-01T00:00Z/2026-11-30T23:59Z") holds on *today*.

    Without *today*, only a price without a period is known to hold.
    """
    if not period.strip():
        return True
    start, _, end = period.strip().partition("/")
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return False
    return today is not None and first <= today <= last
