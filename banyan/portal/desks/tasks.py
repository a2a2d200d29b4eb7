"""Notebook tasks on a trainer's desk: who handed in, what waits for a mark, releasing the pages; what could not be graded."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.grade_task import TaskRoom
from banyan.tracker.mark_task import Marked, PartMark, TaskSheet, mark_task, sheet
from banyan.tracker.marking import LONGEST_COMMENT
from banyan.tracker.task_desk import put_back, release_feedback, stuck_tasks, tallies
from banyan.words.kept import Kept

routes = Routes()
routes.entry(N_("上机作业"), "/tasks", Action.MARK)


@routes.get("/tasks", needs=Action.MARK)
def desk(page: MyPage, told: str = "", done: str = "", again: str = "") -> Response:
    catalogue = page.house.rulebook.catalogue
    with page.reading() as session:
        found = tallies(session, page.me, catalogue, page.today)
        stuck = stuck_tasks(session, page.me, page.today)
    named = {(each.course, each.task) for each in found} | {(each.row.course, each.row.task) for each in stuck}
    return page.show(
        "desks/tasks.html",
        found=found,
        stuck=stuck,
        titles={key: title_of(page, *key) for key in named},
        told=int(told) if told.isdigit() else None,
        done=bool(done),
        again=bool(again),
    )


@routes.post("/tasks/feedback", needs=Action.MARK)
def give_feedback(page: MyPage, form: SentForm) -> Response:
    with page.writing() as session:
        told = release_feedback(session, page.me, form.get("course", ""), form.get("task", ""), page.now)
    return page.go(f"/tasks?told={told}")


@routes.get("/works/{work_id}", needs=Action.MARK)
def marking(page: MyPage, work_id: int) -> Response:
    return _sheet(page, work_id, {})


@routes.post("/works/{work_id}", needs=Action.MARK)
def mark(page: MyPage, work_id: int, form: SentForm) -> Response:
    """`points-NAME` and `comment-NAME` are a part's points and a word about it."""
    with page.reading() as session:
        asked = sheet(session, work_id, page.me, _room(page), page.today)
    try:
        mark_task(page.house.make, Marked(asked, _marks(asked, form)), page.me, _room(page), page.now)
    except BadInputError as fault:
        return _sheet(page, work_id, form, page.say(fault.message, **fault.params))
    return page.go("/tasks?done=1")


@routes.post("/works/{work_id}/again", needs=Action.MARK)
def grade_again(page: MyPage, work_id: int) -> Response:
    with page.writing() as session:
        put_back(session, work_id, page.me, page.now)
    page.house.wake_for_task(work_id)
    return page.go("/tasks?again=1")


def _room(page: MyPage) -> TaskRoom:
    return TaskRoom(page.house.rulebook.catalogue, page.house.gradebooks, page.house.bundles)


def title_of(page: MyPage, course: str, task: str) -> tuple[str, str]:
    """Return what a task is called, and its course; a trainer's own task has the name its files have."""
    catalogue = page.house.rulebook.catalogue
    if not catalogue.has(course):
        return task, course
    release = catalogue.newest(course)
    named = {each.name: page.language.text(each.title.model_dump()) for each in release.tasks}
    return named.get(task, task), page.language.text(release.title)


def _marks(asked: TaskSheet, form: Mapping[str, str]) -> dict[str, PartMark]:
    found = {}
    for each in asked.parts:
        try:
            points = float(form.get(f"points-{each.name}", ""))
        except ValueError:
            raise BadInputError("每一处请给 0 到 {most} 分", most=f"{each.most:g}") from None
        found[each.name] = PartMark(points, form.get(f"comment-{each.name}", ""))
    return found


def _sheet(page: MyPage, work_id: int, filled: Mapping[str, str], fault: str = "") -> Response:
    page.here = f"{PORTAL}/tasks"
    with page.reading() as session:
        asked = sheet(session, work_id, page.me, _room(page), page.today)
    title = title_of(page, asked.course, asked.task)
    status = 422 if fault else 200
    return page.show(
        "desks/task_mark.html",
        status,
        asked=asked,
        title=title,
        filled=filled,
        fault=fault,
        most=LONGEST_COMMENT,
        remarks=[_remark(page, asked, each) for each in asked.remarks],
    )


def _remark(page: MyPage, asked: TaskSheet, remark: Kept) -> str:
    """Return a remark of the grader's, its cells named as learners know them: by their place, not by their names."""
    numbers = {name: number for number, name in enumerate(asked.graded, start=1)}
    cells = remark.params.get("cells", ())
    places = [page.say("第{n}处", n=numbers[each]) if each in numbers else page.say("老师给的格子") for each in cells]
    return replace(remark, params={**remark.params, "cells": list(dict.fromkeys(places))}).said(page.language)
