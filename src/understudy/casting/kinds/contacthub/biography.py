"""What customers have learnt, worked and like: their base properties ``educations``, ``jobs`` and ``likes``."""

from understudy.casting.engine.date_text import DAY, EPOCH, years
from understudy.casting.engine.json_columns import objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch

SCHOOLS = {"HIGH_SCHOOL": (14, 5), "COLLEGE": (19, 4)}
"""The age at which people begin, and how many years it takes."""

AT_WORK = 23
"""The age from which on people work."""


def educations(sitting: CustomerBatch) -> list[str]:
    """Return schools; half of those who are old enough went to college, too."""
    old_enough = _year(sitting) - SCHOOLS["COLLEGE"][0]
    went_on = [
        goes_on and born < old_enough
        for goes_on, born in zip(
            sitting.columns.in_share("educations/college", 50), years(sitting.people.birth_ordinals), strict=True
        )
    ]
    colleges = iter(_schools(sitting.among(went_on), "COLLEGE"))
    return [
        f"[{school},{next(colleges)}]" if both else f"[{school}]"
        for school, both in zip(_schools(sitting, "HIGH_SCHOOL"), went_on, strict=True)
    ]


def jobs(sitting: CustomerBatch) -> list[str]:
    """Return what those work who are old enough, and what some of them did before."""
    draw, crowd, year = sitting.columns, sitting.people, _year(sitting)
    industries = draw.pick_from("jobs/industry", [tuple(home.jobs) for home in crowd.home])
    titles = draw.pick_from("jobs/title", [home.jobs[of] for home, of in zip(crowd.home, industries, strict=True)])
    spans = [year - AT_WORK - born for born in years(crowd.birth_ordinals)]
    parts = zip(spans, draw.fractions("jobs/since"), strict=True)
    starts = [year - 1 - (max(span, 1) * part >> 32) for span, part in parts]
    days = [f"-{1 + month:02}-01" for month in draw.below("jobs/month", 12)]
    now = objects(
        draw.text("id", [f"job-{n}" for n in crowd.number]),
        draw.text("companyIndustry", industries),
        draw.text("companyName", _companies(sitting)),
        draw.text("jobTitle", titles),
        draw.text("startDate", [f"{start}{day}" for start, day in zip(starts, days, strict=True)]),
        [',"isCurrent":true' for _ in starts],
    )
    before = [
        f',{{"id":"job-{n}-before","jobTitle":"{title}","startDate":"{start - 2}{day}","endDate":"{start}{day}"'
        ',"isCurrent":false}'
        if has
        else ""
        for has, n, title, start, day in zip(
            draw.in_share("jobs/before", 30), crowd.number, titles, starts, days, strict=True
        )
    ]
    return [f"[{one}{other}]" if span > 0 else "" for one, other, span in zip(now, before, spans, strict=True)]


def likes(sitting: CustomerBatch) -> list[str]:
    """Return one to three things that a customer likes, and told us after the registration."""
    starts = [
        text_of({"id": f"{category}-{at}".lower(), "category": category, "name": name})[:-1]
        for category, names in sitting.lives.likes.items()
        for at, name in enumerate(names)
    ]
    firsts, steps = sitting.columns.below("likes/first", len(starts)), sitting.columns.below("likes/step", 7)
    counts, times = sitting.columns.below("likes", 3), sitting.later("likes/since")
    found = []
    for first, step, count, at in zip(firsts, steps, counts, times, strict=True):
        liked = [starts[(first + more * (step + 1)) % len(starts)] for more in range(count + 1)]
        found.append(f'[{",".join([f"""{like},"createdTime":"{at}"}}""" for like in liked])}]')
    return found


def _schools(sitting: CustomerBatch, kind: str) -> list[str]:
    draw, crowd, year = sitting.columns, sitting.people, _year(sitting)
    begin, takes = SCHOOLS[kind]
    path = f"educations/{kind}"
    names = draw.pick_from(path, [home.schools[kind] for home in crowd.home])
    starts = [born + begin for born in years(crowd.birth_ordinals)]
    return objects(
        [f',"id":"{kind.lower()}-{n}","schoolType":"{kind}"' for n in crowd.number],
        draw.text("schoolName", [name.format(city) for name, city in zip(names, crowd.city, strict=True)]),
        draw.text("schoolConcentration", draw.pick_from(f"{path}/subject", [home.subjects for home in crowd.home])),
        [f',"startYear":{start},"endYear":{start + takes}' for start in starts],
        [',"isCurrent":true' if start + takes > year else ',"isCurrent":false' for start in starts],
    )


def _companies(sitting: CustomerBatch) -> list[str]:
    draw, crowd = sitting.columns, sitting.people
    names = [home.last_names[gender] for home, gender in zip(crowd.home, crowd.gender, strict=True)]
    forms = draw.pick_from("jobs/company", [home.companies for home in crowd.home])
    return [form.format(owner) for form, owner in zip(forms, draw.pick_from("jobs/owner", names), strict=True)]


def _year(sitting: CustomerBatch) -> int:
    [year] = years([EPOCH + sitting.until // DAY])
    return year
