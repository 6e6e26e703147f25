"""Places of the locales that scenarios have: countries with cities whose region, postcode and position agree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """City of a country. ``region_code`` is the usual abbreviation of its region."""

    name: str
    region: str
    region_code: str
    postcode: str
    latitude: float
    longitude: float
    timezone: str


@dataclass(frozen=True, slots=True)
class Country:
    """Country with its codes (ISO 3166, ISO 4217), language, and telephone numbers that nobody has.

    Each ``#`` of ``phone`` stands for a digit.
    """

    code: str
    alpha3: str
    name: str
    own_name: str
    currency: str
    currency_name: str
    currency_symbol: str
    language: str
    phone: str
    cities: tuple[Town, ...]


COUNTRIES = {
    "en_US": Country(
        *("US", "USA", "United States", "United States", "USD", "US dollar", "$", "en", "+120255501##"),
        (
            Town("Denver", "Colorado", "CO", "80202", 39.7392, -104.9903, "America/Denver"),
            Town("Portland", "Oregon", "OR", "97205", 45.5152, -122.6784, "America/Los_Angeles"),
            Town("Austin", "Texas", "TX", "78701", 30.2672, -97.7431, "America/Chicago"),
            Town("Boston", "Massachusetts", "MA", "02108", 42.3601, -71.0589, "America/New_York"),
            Town("Chicago", "Illinois", "IL", "60603", 41.8781, -87.6298, "America/Chicago"),
            Town("Seattle", "Washington", "WA", "98101", 47.6062, -122.3321, "America/Los_Angeles"),
            Town("Atlanta", "Georgia", "GA", "30303", 33.7490, -84.3880, "America/New_York"),
        ),
    ),
    "en_GB": Country(
        *("GB", "GBR", "United Kingdom", "United Kingdom", "GBP", "Pound sterling", "£", "en", "+447700900###"),
        (
            Town("London", "Greater London", "LND", "EC2V 7HH", 51.5155, -0.0922, "Europe/London"),
            Town("Manchester", "Greater Manchester", "MAN", "M2 5DB", 53.4808, -2.2426, "Europe/London"),
            Town("Bristol", "Bristol", "BST", "BS1 5TR", 51.4545, -2.5879, "Europe/London"),
            Town("Leeds", "West Yorkshire", "WYK", "LS1 3AA", 53.8008, -1.5491, "Europe/London"),
            Town("Edinburgh", "Edinburgh", "EDH", "EH1 1YZ", 55.9533, -3.1883, "Europe/London"),
        ),
    ),
    "de_DE": Country(
        *("DE", "DEU", "Germany", "Deutschland", "EUR", "Euro", "€", "de", "+493023125###"),
        (
            Town("Berlin", "Berlin", "BE", "10117", 52.5170, 13.3889, "Europe/Berlin"),
            Town("München", "Bayern", "BY", "80331", 48.1372, 11.5755, "Europe/Berlin"),
            Town("Hamburg", "Hamburg", "HH", "20095", 53.5503, 10.0007, "Europe/Berlin"),
            Town("Köln", "Nordrhein-Westfalen", "NW", "50667", 50.9384, 6.9599, "Europe/Berlin"),
            Town("Leipzig", "Sachsen", "SN", "04109", 51.3406, 12.3747, "Europe/Berlin"),
        ),
    ),
    "fr_FR": Country(
        *("FR", "FRA", "France", "France", "EUR", "Euro", "€", "fr", "+33199001###"),
        (
            Town("Paris", "Île-de-France", "IDF", "75002", 48.8688, 2.3416, "Europe/Paris"),
            Town("Lyon", "Auvergne-Rhône-Alpes", "ARA", "69002", 45.7542, 4.8291, "Europe/Paris"),
            Town("Bordeaux", "Nouvelle-Aquitaine", "NAQ", "33000", 44.8412, -0.5801, "Europe/Paris"),
            Town("Nantes", "Pays de la Loire", "PDL", "44000", 47.2186, -1.5541, "Europe/Paris"),
            Town("Lille", "Hauts-de-France", "HDF", "59000", 50.6366, 3.0635, "Europe/Paris"),
        ),
    ),
    "it_IT": Country(
        *("IT", "ITA", "Italy", "Italia", "EUR", "Euro", "€", "it", "+390655501###"),
        (
            Town("Milano", "Lombardia", "MI", "20121", 45.4668, 9.1905, "Europe/Rome"),
            Town("Roma", "Lazio", "RM", "00186", 41.8931, 12.4828, "Europe/Rome"),
            Town("Torino", "Piemonte", "TO", "10121", 45.0678, 7.6825, "Europe/Rome"),
            Town("Bologna", "Emilia-Romagna", "BO", "40121", 44.4938, 11.3426, "Europe/Rome"),
            Town("Napoli", "Campania", "NA", "80132", 40.8359, 14.2488, "Europe/Rome"),
        ),
    ),
    "pl_PL": Country(
        *("PL", "POL", "Poland", "Polska", "PLN", "Złoty", "zł", "pl", "+48225550###"),
        (
            Town("Warszawa", "mazowieckie", "MZ", "00-013", 52.2319, 21.0067, "Europe/Warsaw"),
            Town("Kraków", "małopolskie", "MA", "31-042", 50.0619, 19.9368, "Europe/Warsaw"),
            Town("Wrocław", "dolnośląskie", "DS", "50-101", 51.1089, 17.0326, "Europe/Warsaw"),
            Town("Gdańsk", "pomorskie", "PM", "80-831", 54.3490, 18.6532, "Europe/Warsaw"),
            Town("Poznań", "wielkopolskie", "WP", "61-772", 52.4083, 16.9335, "Europe/Warsaw"),
        ),
    ),
}
"""Countries by locale."""

USUAL_LOCALE = "en_US"
"""Locale of samples where no other is chosen."""
