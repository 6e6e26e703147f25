"""Base properties ``educations``, ``jobs`` and ``likes`` of a customer, and the degree before the name.

School, degree and job of a customer fit each other and the age: all follow from the customer's career.
"""

from understudy.casting.engine.date_text import DAY, EPOCH, years
from understudy.casting.engine.json_columns import objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch
from understudy.casting.population.vocabulary import Job, Locale

HIGH_SCHOOL, COLLEGE = "HIGH_SCHOOL", "COLLEGE"
RETIRED = 67
"""Age in years from which people have no job any more."""


def educations(batch: CustomerBatch) -> list[str]:
    """Return ``educations``: a high school, and for those of its age whose career needs one, a college."""
    in_college = _in_college(batch)
    colleges = iter(_schools(batch.among(in_college), COLLEGE))
    return [
        f"[{school},{next(colleges)}]" if both else f"[{school}]"
        for school, both in zip(_schools(batch, HIGH_SCHOOL), in_college, strict=True)
    ]


def degrees(batch: CustomerBatch) -> list[str]:
    """Return the degrees before the names of those who have left a college; empty text for the others."""
    year, people = _year(batch), batch.people
    words = batch.columns.pick_from("prefix", [home.degrees[gender] for home, gender in batch.genders()])
    return [
        f'"{word}"' if job.subject and _leaves_school(home, job, born) < year else ""
        for word, home, job, born in zip(words, people.home, _careers(batch), years(people.birth_ordinals), strict=True)
    ]


def jobs(batch: CustomerBatch) -> list[str]:
    """Return ``jobs`` of people who have left school; an earlier job for some; empty text for those still there.

    The job of a retired person has ended.
    """
    columns, people, year = batch.columns, batch.people, _year(batch)
    careers, births = _careers(batch), years(people.birth_ordinals)
    firsts = [_leaves_school(home, job, born) for home, job, born in zip(people.home, careers, births, strict=True)]
    lasts = [min(year, born + RETIRED) for born in births]
    parts = zip(firsts, lasts, columns.fractions("jobs/since"), strict=True)
    starts = [last - 1 - (max(last - first, 1) * part >> 32) for first, last, part in parts]
    days = [f"-{1 + month:02}-01" for month in columns.below("jobs/month", 12)]
    titles = [job.woman if gender == "F" else job.man for job, gender in zip(careers, people.gender, strict=True)]
    now = objects(
        columns.text("id", [f"job-{n}" for n in people.number]),
        columns.text("companyIndustry", [job.industry for job in careers]),
        columns.text("companyName", _companies(batch)),
        columns.text("jobTitle", titles),
        columns.text("startDate", [f"{start}{day}" for start, day in zip(starts, days, strict=True)]),
        [
            ',"isCurrent":true' if last == year else f',"endDate":"{last}{day}","isCurrent":false'
            for last, day in zip(lasts, days, strict=True)
        ],
    )
    before = [
        f',{{"id":"job-{n}-before","jobTitle":"{title}","startDate":"{start - 2}{day}","endDate":"{start}{day}"'
        ',"isCurrent":false}'
        if has and start - 2 >= first
        else ""
        for has, n, title, first, start, day in zip(
            columns.in_share("jobs/before", 45), people.number, titles, firsts, starts, days, strict=True
        )
    ]
    return [
        f"[{one}{other}]" if first < last else ""
        for one, other, first, last in zip(now, before, firsts, lasts, strict=True)
    ]


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


def _careers(batch: CustomerBatch) -> list[Job]:
    """Return the job for which each customer has been, is or will be educated."""
    return batch.columns.pick_from("career", [home.jobs for home in batch.people.home])


def _in_college(batch: CustomerBatch) -> list[bool]:
    year, people = _year(batch), batch.people
    return [
        bool(job.subject) and born + home.schooling[COLLEGE]["age"] < year
        for job, home, born in zip(_careers(batch), people.home, years(people.birth_ordinals), strict=True)
    ]


def _leaves_school(home: Locale, job: Job, born: int) -> int:
    """Return the year in which a person born in a year leaves the last school that a job needs."""
    last = home.schooling[COLLEGE if job.subject else HIGH_SCHOOL]
    return born + last["age"] + last["years"]


def _schools(batch: CustomerBatch, kind: str) -> list[str]:
    columns, people, year = batch.columns, batch.people, _year(batch)
    names = columns.pick_from(f"educations/{kind}", [home.schools[kind] for home in people.home])
    starts = [
        born + home.schooling[kind]["age"] for born, home in zip(years(people.birth_ordinals), people.home, strict=True)
    ]
    ends = [start + home.schooling[kind]["years"] for start, home in zip(starts, people.home, strict=True)]
    subjects = [
        job.subject if kind == COLLEGE else home.leaving_subject
        for job, home in zip(_careers(batch), people.home, strict=True)
    ]
    return objects(
        [f',"id":"{kind.lower()}-{n}","schoolType":"{kind}"' for n in people.number],
        columns.text("schoolName", [name.format(city) for name, city in zip(names, people.city, strict=True)]),
        columns.text("schoolConcentration", subjects),
        [f',"startYear":{start},"endYear":{end}' for start, end in zip(starts, ends, strict=True)],
        [',"isCurrent":true' if end > year else ',"isCurrent":false' for end in ends],
    )


def _companies(batch: CustomerBatch) -> list[str]:
    columns, people = batch.columns, batch.people
    names = [home.last_names[gender] for home, gender in zip(people.home, people.gender, strict=True)]
    forms = columns.pick_from("jobs/company", [home.companies for home in people.home])
    return [form.format(owner) for form, owner in zip(forms, columns.pick_from("jobs/owner", names), strict=True)]


def _year(batch: CustomerBatch) -> int:
    [year] = years([EPOCH + batch.until // DAY])
    return year
