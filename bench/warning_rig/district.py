"""The synthetic district as warnings meet it: a worker in every grid, a desk, a fifth of the numbers registered, a fifth a household's."""

from datetime import date

from grids.areas.demo import district
from grids.areas.writing import write_areas
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.kernel import clock

DISTRICT = "320312"
SINCE = date(2020, 1, 1)


def settle() -> list[str]:
    """Write the areas and post a grid worker in every grid; answers the grids' codes."""
    areas = [(row.code, row.name) for row in district.rows(scale=0)]
    write_areas(areas)
    grids = [code for code, _name in areas if len(code) == 15]
    users = User.objects.bulk_create(
        User(username=f"worker-{number}", name=f"worker {number}", password="!") for number in range(len(grids))
    )
    Posting.objects.bulk_create(
        Posting(user=user, role=Role.GRID_WORKER, area_code=code, starts_on=SINCE) for user, code in zip(users, grids, strict=True)
    )
    return grids


def officer() -> User:
    """Somebody at the anti-fraud desk of the district."""
    user = User.objects.create_user(username="bench", name="bench")
    Posting.objects.create(user=user, role=Role.ANTIFRAUD_OFFICER, area_code=DISTRICT, starts_on=SINCE)
    return user


def phone(number: int) -> str:
    """The number of the person called `number`; nobody has it."""
    return f"138{number:08d}"


def protect(grids: list[str], people: int) -> None:
    """A fifth of the numbers have a registration, a fifth a household."""
    from antifraud.registrations.models import ConsentText, Registration
    from grids.elements.models import Household

    now, consent = clock.now(), ConsentText.objects.first()
    Registration.objects.bulk_create(
        [
            Registration(
                number=f"R-{number}", phone=phone(number), area_code=grids[number % len(grids)][:12], state="registered",
                registered_at=now, consent=consent, consented_at=now, created_at=now,
            )
            for number in range(0, people, 5)
        ],
        batch_size=2000,
    )  # fmt: skip
    Household.objects.bulk_create(
        [
            Household(number=f"H-{number}", phone=phone(number), area_code=grids[number % len(grids)], collected_on=now.date())
            for number in range(1, people, 5)
        ],
        batch_size=2000,
    )
