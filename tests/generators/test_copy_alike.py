"""Products of one maker get headlines of their own."""

from adloom.core.products import Product
from generators.copy.plan import candidates, names_only_maker, plan_request
from tests.generators.copy_requests import copy_request


def _headlines(product: Product) -> tuple[list[str], list[str]]:
    """All, and those that would do for anything of the kind that the maker sells."""
    plan = plan_request(copy_request(product))
    found = candidates(plan, plan.fields[0], plan.request.stream(0))
    return [one.text for one in found], [one.text for one in found if names_only_maker(one, plan.sheet)]


def test_a_rich_row_has_no_headline_that_names_only_its_maker() -> None:
    said = "Boots with a padded collar, a rubber sole, a suede upper and two steel hooks. Waterproof. In slate gray."
    boots = Product(id="B", title="Harrow Trail Boots", brand="Fellmark", description=said)
    every, loose = _headlines(boots)
    assert len(every) >= 15
    assert loose == []


def test_a_poor_row_may_name_its_maker_alone() -> None:
    boots = Product(id="B", title="Harrow Ridge Traverse Trail Boots", brand="Fellmark")
    every, loose = _headlines(boots)
    assert loose
    assert len(every) <= 15
