"""The audit log on the portal: whether the chain holds, who did what, a page at a time."""

from sqlalchemy import text

from banyan.records import audit
from banyan.records.engine import writing
from tests.county import NOW
from tests.portal.office import Office


def write(office: Office, many: int) -> None:
    number = office.people["周建国"].staff_number
    with writing(office.house.make) as session:
        for each in range(many):
            audit.append(session, NOW, number, "programme.assign", f"ER-T{each}", people=each)


def test_an_empty_log_says_what_will_stand_there(office: Office) -> None:
    assert "这里没有记录" in office.browser("何立新").open("/audit").text


def test_a_whole_chain_is_said_to_be_whole(office: Office) -> None:
    write(office, 3)
    page = office.browser("何立新").open("/audit").text
    assert "共3条" in page
    assert "一字未改" in page
    assert "周建国" in page
    assert "2026-11-23 10:00" in page


def test_a_grade_is_told_in_words_not_as_the_program_keeps_it(office: Office) -> None:
    with writing(office.house.make) as session:
        audit.append(session, NOW, "grader", "exam.grade", "submission:7", score=92.0, total=100, passed=True)
        audit.append(session, NOW, "10010001", "exam.begin", "attempt:9")
        audit.append(session, NOW, "10010003", "exam.mark", "submission:7", points=[3.5, 1.0], passed=False)
    page = office.browser("何立新").open("/audit").text
    assert "第7号答卷" in page
    assert "第9号考试" in page
    assert "得分：92<" in page
    assert "3.5、1<" in page
    assert "合格：是" in page
    assert "合格：否" in page
    for kept in ("submission:", "attempt:", "True", "False", "92.0"):
        assert kept not in page


def test_a_notebook_task_is_told_in_words_too(office: Office) -> None:
    with writing(office.house.make) as session:
        audit.append(session, NOW, "10010001", "task.submit", "task:3", course="c", task="roll-call", number=2, late=False)
    page = office.browser("何立新").open("/audit").text
    for words in ("第3号作业", "作业：roll-call", "第几次交：2", "迟交：否"):
        assert words in page


def test_an_altered_row_is_told_with_its_place(office: Office) -> None:
    write(office, 3)
    with writing(office.house.make) as session:
        session.execute(text("UPDATE audit SET subject = 'ER-T9' WHERE position = 2"))

    page = office.browser("何立新").open("/audit").text
    assert "从第 2 条起对不上" in page
    assert "一字未改" not in page


def test_older_rows_come_a_page_at_a_time(office: Office) -> None:
    write(office, 30)
    browser = office.browser("何立新")
    first = browser.open("/audit").text
    assert "ER-T29" in first
    assert "ER-T3<" not in first
    assert "audit?before=6" in first

    second = browser.open("/audit?before=6").text
    assert "ER-T3<" in second
    assert "回到最新" in second
    assert browser.open("/audit?before=x").status_code == 422


def test_what_somebody_wrote_into_it_is_shown_as_text(office: Office) -> None:
    with writing(office.house.make) as session:
        audit.append(session, NOW, "x", "certificate.revoke", "BY", reason="<script>alert(1)</script>")
    page = office.browser("何立新").open("/audit").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
