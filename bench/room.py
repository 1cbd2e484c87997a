"""A course with many trainees: `python -m bench.room 2000`. Prints the session's and the course's
id, then the trainees', one a line; the session is held today."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import date
from uuid import UUID

from bench.workbook import person
from kit import clock
from kit.database import close_database, insert_many, new_id, open_database, run
from kit.text import fold, sort_key
from people.permissions import MACHINE
from sessions.courses.commands import CourseForm, plan_course
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_time
from tests.world import build_world, id_of

SINCE = date(2026, 1, 1)
ALL_DAY = "00:00-23:59"
"""So that its door is open whenever the bench runs."""


async def make_room(count: int) -> list[UUID]:
    """The small world with a course that so many take part in, all of them from offices."""
    await build_world()
    town = await id_of("Thị trấn Tân Trụ")
    form = {"theme": "digital_transformation", "title": "Kỹ năng số", "area": town}
    sizes = {"required_periods": 8, "capacity": count}
    course = await plan_course(MACHINE, CourseForm.model_validate(form | sizes))
    [meeting] = await schedule_sessions(MACHINE, course, a_time(clock.today(), ALL_DAY))
    people = [_person(number, town) for number in range(count)]
    await insert_many("person", people)
    await insert_many(
        "enrolment", [_enrolment(course, one["id"], n) for n, one in enumerate(people)]
    )
    await run("ANALYZE")
    return [meeting, course, *(UUID(str(one["id"])) for one in people)]


def _person(number: int, area: UUID) -> dict[str, object]:
    name = person(number)
    keys = {"fold": fold(name), "sort": sort_key(name)}
    return {"id": new_id(), "name": name, **keys, "area": area, "made_at": clock.now()}


def _enrolment(course: UUID, person_id: object, number: int) -> dict[str, object]:
    return {
        "id": new_id(),
        "course": course,
        "person": person_id,
        "state": "enrolled",
        "line": number + 1,
        "how": "hand",
        "code": f"{number:016X}",
        "since": SINCE,
        "asked_at": clock.now(),
        "seated_at": clock.now(),
    }


def build_room(url: str, count: int) -> list[str]:
    """Do it in a process of its own, on a database; the printed ids."""
    command = [sys.executable, "-m", "bench.room", str(count)]
    environment = {**os.environ, "TOSO_DATABASE_URL": url}
    ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return ran.stdout.split()


async def _main(count: int) -> None:
    await open_database()
    print(*await make_room(count), sep="\n")
    await close_database()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
