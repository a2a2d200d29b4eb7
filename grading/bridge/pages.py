"""nbgrader's feedback pages about one submission, as its own generate_feedback makes them."""

import shutil

from nbgrader.converters import GenerateFeedback

from grading.bridge.gradebook import Course, run


def feedback_pages(course: Course, assignment: str, student: str) -> dict[str, bytes]:
    """Return the pages about a graded submission by their names; TryLaterError if nbgrader could not make them."""
    folder = course.folder("feedback", assignment, student)
    shutil.rmtree(folder, ignore_errors=True)
    config = course.config()
    run(GenerateFeedback(coursedir=course.directory(config, assignment, student), config=config, force=True))
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
