"""Names and texts of the things that vendors' records are about, by the noun of the record."""

NAMES: dict[str, tuple[str, ...]] = {
    "product item sku variant article goods listing merchandise": (
        "Cotton T-shirt", "Ceramic mug", "Walnut desk lamp", "Travel backpack", "Wireless headphones", "Steel water bottle",
        "Linen tablecloth", "Running shoes", "Leather wallet", "Bamboo cutting board", "Wool blanket", "Espresso machine",
        "Folding chair", "Garden hose, 20 m", "Notebook A5, dotted", "Rechargeable torch",
    ),
    "plan tier subscription license edition package bundle offer": ("Starter", "Basic", "Standard", "Professional", "Business", "Enterprise", "Team", "Premium"),
    "price rate fee charge": ("Monthly", "Yearly", "Standard price", "Introductory price", "Setup fee"),
    "project initiative program programme": (
        "Website relaunch", "Mobile app", "Data migration", "Customer portal", "Warehouse move", "Annual report",
        "Brand refresh", "Office extension", "Checkout redesign", "Security review",
    ),
    "task todo ticket issue story case checklist card bug request incident": (
        "Update the price list", "Fix the login on Safari", "Call back the supplier", "Order new badges", "Review the contract",
        "Prepare the quarterly review", "Export fails with a timeout", "Add dark mode", "Check the invoices of May",
        "Wrong tax on delivery notes", "Translate the help pages", "Replace the printer on floor 2",
    ),
    "team department squad unit division": ("Platform", "Customer support", "Design", "Finance", "Marketing", "Sales Europe", "Operations", "Research"),
    "group segment audience cohort list": (
        "Newsletter subscribers", "Returning customers", "Trial users", "Wholesale", "Staff", "Beta testers", "VIP customers", "Inactive for 90 days",
    ),
    "category collection section class shelf catalog catalogue": (
        "Accessories", "Kitchen", "Outdoor", "Office supplies", "Electronics", "Books", "Clothing", "Home and garden", "Sports", "Toys",
    ),
    "tag label keyword badge topic": ("new", "urgent", "wholesale", "follow-up", "internal", "seasonal", "sale", "priority"),
    "pet animal dog cat": ("Bella", "Milo", "Luna", "Rocky", "Coco", "Oscar", "Nala", "Simba", "Daisy", "Charlie"),
    "species breed": ("Beagle", "Labrador", "Siamese", "Maine Coon", "Border Collie"),
    "role permission scope policy": ("Administrator", "Editor", "Viewer", "Owner", "Billing manager", "Support agent"),
    "campaign promotion newsletter broadcast": ("Spring sale", "Welcome series", "Back to school", "Summer clearance", "Win-back", "Black Friday early access"),
    "template layout theme": ("Welcome e-mail", "Order confirmation", "Password reset", "Monthly report", "Shipping notice"),
    "event meeting appointment webinar session conference": (
        "Quarterly planning", "Product launch", "Team lunch", "Onboarding workshop", "Budget review", "Customer day", "Design sprint",
    ),
    "calendar schedule shift": ("Team calendar", "Holidays", "Early shift", "Late shift", "On call"),
    "course lesson module training class": ("Introduction to statistics", "First aid at work", "Spanish for beginners", "Project management basics", "Photography I"),
    "book novel publication": ("The Long Way North", "Letters from the Harbour", "A Short History of Salt", "The Clockmaker's House", "Rivers at Night"),
    "movie film show series episode video": ("The Last Ferry", "Northern Line", "A Quiet Summer", "Paper Lanterns", "Second Hand"),
    "song track single": ("Slow Morning", "Paper Boats", "City Lights", "Home by Nine", "Blue Window", "After the Rain"),
    "album playlist record": ("Road Trip", "Late Night Piano", "Sunday Morning", "Greatest Hits", "Focus", "Summer 2025"),
    "artist band": ("The Harbour Lights", "Mara Quinn", "Northbound", "Velvet Avenue", "Oskar Lind"),
    "genre": ("Jazz", "Pop", "Drama", "Documentary", "Folk", "Science fiction"),
    "recipe dish meal menu food": ("Lentil soup", "Roast chicken", "Mushroom risotto", "Greek salad", "Apple crumble", "Fish tacos"),
    "ingredient": ("Flour", "Butter", "Olive oil", "Tomatoes", "Basil", "Sea salt"),
    "room space suite hall desk": ("Room 204", "Meeting room Oak", "Conference hall", "Studio 3", "Room 117"),
    "building site facility warehouse depot location branch office store shop outlet venue": (
        "Main warehouse", "City centre", "Harbour branch", "North depot", "Head office", "Station Road",
    ),
    "restaurant cafe hotel": ("Café Central", "The Green Door", "Harbour View", "La Piazza", "The Old Mill"),
    "file document attachment upload asset media blob": ("invoice-2026-01.pdf", "contract.pdf", "price-list.xlsx", "floor-plan.png", "minutes.docx", "logo.svg"),
    "image photo picture": ("front.jpg", "team-photo.jpg", "banner.png", "product-detail.jpg"),
    "folder directory drive": ("Invoices", "Contracts", "Photos", "Archive 2025", "Templates"),
    "server vm droplet node instance host machine device gateway router": ("web-01", "web-02", "db-primary", "worker-03", "cache-01", "edge-fra-1"),
    "sensor meter": ("Boiler room", "Outside, north wall", "Cold store 2", "Entrance"),
    "cluster pool network vpc subnet environment region zone namespace": ("production", "staging", "eu-central", "internal", "backup"),
    "database schema table bucket volume disk store index": ("orders", "customers", "analytics", "sessions", "reports", "backups"),
    "repository repo app application service deployment function integration component": (
        "inventory-service", "web-shop", "billing", "mobile-app", "report-generator", "notifications",
    ),
    "branch": ("main", "develop", "feature/export", "fix/login"),
    "key token credential secret": ("Production", "Staging", "CI", "Local development"),
    "webhook hook endpoint subscription": ("Order updates", "Payment events", "CRM sync"),
    "job pipeline workflow automation run build flow": ("Nightly export", "Import of price lists", "Sync customers", "Send reminders", "Monthly close"),
    "report dashboard view query chart": ("Sales by month", "Open invoices", "New customers", "Stock level", "Churn"),
    "form survey quiz poll": ("Customer satisfaction", "Registration", "Feedback on delivery", "Course evaluation"),
    "question": ("How satisfied are you with the delivery?", "Which size do you usually wear?", "How did you hear of us?"),
    "channel room conversation chat thread": ("general", "announcements", "support", "random", "project-alpha"),
    "message": ("Weekly update", "Welcome on board", "Your order is on its way"),
    "post article page blog entry story news": ("How we moved to solar power", "Five tips for a tidy desk", "Meet the team", "Our year in numbers"),
    "currency": ("Euro", "US dollar", "Pound sterling", "Swiss franc"),
    "language": ("English", "German", "French", "Italian", "Polish"),
    "country": ("Germany", "France", "Italy", "Poland", "Spain"),
    "city": ("Berlin", "Lyon", "Bologna", "Denver", "Leeds"),
    "vehicle car truck van": ("Transit 3", "Delivery van 12", "Company car", "Truck 7"),
    "flight route trip tour ride": ("Morning tour", "Airport shuttle", "City ring", "Coast road"),
    "drug medication medicine": ("Ibuprofen 400 mg", "Amoxicillin 500 mg", "Vitamin D 1000 IU"),
    "disease condition diagnosis": ("Seasonal allergy", "Sprained ankle", "Migraine"),
    "coupon discount voucher": ("Spring 10 %", "Welcome gift", "Free shipping", "Friends and family"),
    "tax": ("VAT 19 %", "Sales tax", "Reduced rate"),
    "game level quest": ("Harbour at Dawn", "The Iron Gate", "Lost Valley"),
    "skill": ("Python", "Project management", "Public speaking", "Data analysis"),
    "feature flag setting option attribute property field metric parameter variable": (
        "colour", "size", "weight", "delivery_note", "newsletter", "beta_access",
    ),
    "milestone phase stage step sprint release version": ("Kick-off", "Design", "Beta", "Launch", "Handover"),
    "goal objective": ("Answer within four hours", "Ten new partners", "Lower returns by a fifth"),
    "board list column": ("To do", "In progress", "Review", "Done"),
    "domain": ("example.com", "shop.example.com", "example.org"),
    "bank": ("First Harbour Bank", "Union Savings", "Alpine Bank"),
    "fund portfolio": ("Global Equity", "Green Bonds", "Balanced Growth"),
}  # fmt: skip
"""Usual names by the nouns that have them."""

OTHER_NAMES = (
    "Harbour", "Northwind", "Juniper", "Lighthouse", "Cedar", "Meridian", "Sunrise", "Granite", "Willow", "Horizon", "Amber", "Summit",
)  # fmt: skip
"""Names of things of which nothing is known."""

SENTENCES = (
    "Delivered to the reception, signed for by the front desk.",
    "Please call before noon.",
    "Checked by two people and ready to use.",
    "Replaces the version of last year.",
    "Agreed with the customer by telephone.",
    "Covers the most common cases.",
    "Starts on the first of the month.",
    "Includes everything that the team asked for.",
    "Needs a short review before it goes live.",
    "Kept for three years, then removed.",
    "Works well for small and large orders.",
    "Sent again after the first attempt failed.",
    "The second half follows next week.",
    "Paid in two parts, half of it in advance.",
)
"""Texts that fit most records."""

MESSAGES = (
    "Thanks, that solved it.",
    "Could you send me the invoice again?",
    "The parcel arrived this morning, everything is fine.",
    "We will be there at ten.",
    "Your order has been shipped.",
    "Is there a way to change the delivery address?",
    "See you on Monday.",
    "The new price list is attached.",
)
"""Texts that people write to each other."""

PRODUCT_TEXTS = (
    "Light and sturdy, made for every day.",
    "Dishwasher safe and easy to clean.",
    "Comes in three colours.",
    "Soft to the touch and machine washable.",
    "Fits into every bag.",
    "Made of recycled material.",
)
"""Descriptions of goods."""

PLACE_TEXTS = (
    "Two minutes from the station, quiet at night.",
    "Open every day, closed on public holidays.",
    "On the second floor, with a lift.",
    "Parking behind the building.",
    "Bright, with a view of the river.",
)
"""Descriptions of places."""

REVIEWS = (
    "Does what it should, and arrived quickly.",
    "Good value for the price.",
    "The colour is a little darker than in the picture.",
    "I would buy it again.",
    "Stopped working after a week, but the exchange was easy.",
)
"""Texts of people's reviews."""

TITLES = (
    "Summary of the quarter", "Open questions", "Notes of the meeting", "First draft", "Change of plan", "Welcome", "What is new", "Next steps",
)  # fmt: skip
"""Titles of things of which nothing is known."""

SLUG_WORDS = (
    "harbour", "north", "juniper", "cedar", "amber", "summit", "willow", "meadow", "granite", "river", "maple", "coral", "atlas",
    "linden", "copper", "orchard",
)  # fmt: skip
"""Words of addresses and short names."""

PEOPLE = frozenset(
    "user customer person people contact member author employee patient client subscriber guest student teacher doctor driver"
    " passenger owner profile recipient sender admin agent lead candidate applicant attendee participant individual staff"
    " assignee creator reporter cardholder player coach resident tenant visitor citizen editor reviewer friend follower"
    " buyer seller payer payee beneficiary shipper consignee host caller cardholder instructor".split()
)
"""Nouns of people."""

COMPANIES = frozenset(
    "company organization organisation business merchant supplier vendor manufacturer brand partner employer enterprise publisher"
    " carrier agency account institution workspace tenant affiliate distributor retailer provider label studio airline".split()
)
"""Nouns of companies."""

GENERIC = frozenset(
    "data item items result results record records entry entries list response body object resource attributes payload value values"
    " content collection node edge info details detail page pages root dto model request output input base base64 abstract type"
    " collection embedded properties meta inline extended full simple summary view result get create update delete all by read"
    " find search add set post put patch fetch show retrieve many one new paginated api v1 v2 v3 resp res envelope wrapper id ids start self of for the".split()
)
"""Words that name no thing of their own."""


def _by_noun() -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for nouns, names in NAMES.items():
        for noun in nouns.split():
            made.setdefault(noun, names)
    return made


NAMES_BY_NOUN = _by_noun()
"""Usual names by noun."""
