"""Mapping from the cast to ExpertSender CDP's customers and orders."""

from understudy.core.cast import Person, Product
from understudy.core.json_types import Json

GENDERS = {"F": "Female", "M": "Male"}


def details(person: Person) -> Json:
    """Return a person's identifiers and details, by the vendor's field names."""
    return {
        "email": person.email,
        "phone": person.phone,
        "crmId": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "dateOfBirth": f"{person.birth_date.isoformat()}T00:00:00.000Z",
        "gender": GENDERS[person.gender],
    }


def attributes(person: Person) -> dict[str, str]:
    """Return a person's values of the business unit's custom attributes."""
    return {"Card number": person.card_number, "Member since": person.registered_at.date().isoformat()}


def order_line(product: Product, quantity: int, returned: int = 0) -> Json:
    """Return a product of an order, with its quantity and how many of it came back."""
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price / 100,
        "quantity": quantity,
        "returned": returned,
        "url": f"https://shop.example.com/products/{product.sku}",
        "imageUrl": f"https://shop.example.com/products/{product.sku}.png",
        "category": product.category,
        "productAttributes": [
            {"name": "Brand", "value": product.brand},
            {"name": "SKU", "value": product.sku},
            {"name": "Tax rate", "value": str(product.tax_rate)},
        ],
    }
