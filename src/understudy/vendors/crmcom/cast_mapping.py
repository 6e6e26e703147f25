"""Mapping from the cast to CRM.COM's contacts and purchase lines."""

from understudy.core.cast import Person, Product
from understudy.core.json_types import Json


def contact(person: Person) -> Json:
    """Return a person as a contact; ``cim`` is the number of the person's card."""
    return {
        "id": person.id,
        "code": f"C{person.number:08d}",
        "name": f"{person.first_name} {person.last_name}",
        "cim": person.card_number,
    }


def line(product: Product, quantity: int) -> Json:
    """Return a line of a purchase; net and tax add up to the total, to the cent."""
    net, gross = product.net_price * quantity, product.price * quantity
    return {
        "product_sku": product.sku,
        "quantity": quantity,
        "net_amount": net / 100,
        "tax_amount": (gross - net) / 100,
        "total_amount": gross / 100,
    }
