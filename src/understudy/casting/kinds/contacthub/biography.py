"""Base properties ``educations``, ``jobs`` and ``likes`` of a customer."""

from understudy.casting.engine.date_text import DAY, EPOCH, years
from understudy.casting.engine.json_columns import objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch

SCHOOLS = {"HIGH_SCHOOL": (14, 5), "COLLEGE": (19, 4)}
"""Age at the start of each type of school, and its length in years."""

AT_WORK = 23
"""Age in years from which people have a job."""


def educations(batch: CustomerBatch) -> list[str]:
    """Return ``educations``: a high school, and a college for half of the people of its age or older."""
    latest_birth_year = _year(batch) - SCHOOLS["COLLEGE"][0]
    in_college = [
        has_college and born < latest_birth_year
        for has_college, born in zip(
            batch.columns.in_share("educations/college", 50), years(batch.people.birth_ordinals), strict=True
        )
    ]
    colleges = iter(_schools(batch.among(in_college), "COLLEGE"))
    return [
        f"[{school},{next(colleges)}]" if both else f"[{school}]"
        for school, both in zip(_schools(batch, "HIGH_SCHOOL"), in_college, strict=True)
    ]


def jobs(batch: CustomerBatch) -> list[str]:
    """Return ``jobs`` of people older than ``AT_WORK``, 30 percent with an earlier job; empty text for the others."""
    columns, people, year = batch.columns, batch.people, _year(batch)
    industries = columns.pick_from("jobs/industry", [tuple(home.jobs) for home in people.home])
    titles = columns.pick_from("jobs/title", [home.jobs[of] for home, of in zip(people.home, industries, strict=True)])
    spans = [year - AT_WORK - born for born in years(people.birth_ordinals)]
    parts = zip(spans, columns.fractions("jobs/since"), strict=True)
    starts = [year - 1 - (max(span, 1) * part >> 32) for span, part in parts]
    days = [f"-{1 + month:02}-01" for month in columns.below("jobs/month", 12)]
    now = objects(
        columns.text("id", [f"job-{n}" for n in people.number]),
        columns.text("companyIndustry", industries),
        columns.text("companyName", _companies(batch)),
        columns.text("jobTitle", titles),
        columns.text("startDate", [f"{start}{day}" for start, day in zip(starts, days, strict=True)]),
        [',"isCurrent":true' for _ in starts],
    )
    before = [
        f',{{"id":"job-{n}-before","jobTitle":"{title}","startDate":"{start - 2}{day}","endDate":"{start}{day}"'
        ',"isCurrent":false}'
        if has
        else ""
        for has, n, title, start, day in zip(
            columns.in_share("jobs/before", 30), people.number, titles, starts, days, strict=True
        )
    ]
    return [f"[{one}{other}]" if span > 0 else "" for one, other, span in zip(now, before, spans, strict=True)]


def likes(batch: CustomerBatch) -> list[str]:
    """Return ``likes``: one to three for each customer, recorded between the registration and now."""
    starts = [
        text_of({"id": f"{category}-{at}".lower(), "category": category, "name": name})[:-1]
        for category, names in batch.lifestyle.likes.items()
        for at, name in enumerate(names)
    ]
    firsts, steps = batch.columns.below("likes/first", len(starts)), batch.columns.below("likes/step", 7)
    counts, times = batch.columns.below("likes", 3), batch.later("likes/since")
    found = []
    for first, step, count, at in zip(firsts, steps, counts, times, strict=True):
        liked = [starts[(first + more * (step + 1)) % len(starts)] for more in range(count + 1)]
        found.append(f'[{",".join([f"""{like},"createdTime":"{at}"}}""" for like in liked])}]')
    return found


def _schools(batch: CustomerBatch, kind: str) -> list[str]:
    columns, people, year = batch.columns, batch.people, _year(batch)
    begin, takes = SCHOOLS[kind]
    path = f"educations/{kind}"
    names = columns.pick_from(path, [home.schools[kind] for home in people.home])
    starts = [born + begin for born in years(people.birth_ordinals)]
    return objects(
        [f',"id":"{kind.lower()}-{n}","schoolType":"{kind}"' for n in people.number],
        columns.text("schoolName", [name.format(city) for name, city in zip(names, people.city, strict=True)]),
        columns.text(
            "schoolConcentration", columns.pick_from(f"{path}/subject", [home.subjects for home in people.home])
        ),
        [f',"startYear":{start},"endYear":{start + takes}' for start in starts],
        [',"isCurrent":true' if start + takes > year else ',"isCurrent":false' for start in starts],
    )


def _companies(batch: CustomerBatch) -> list[str]:
    columns, people = batch.columns, batch.people
    names = [home.last_names[gender] for home, gender in zip(people.home, people.gender, strict=True)]
    forms = columns.pick_from("jobs/company", [home.companies for home in people.home])
    return [form.format(owner) for form, owner in zip(forms, columns.pick_from("jobs/owner", names), strict=True)]


def _year(batch: CustomerBatch) -> int:
    [year] = years([EPOCH + batch.until // DAY])
    return year
