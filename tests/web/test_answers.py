"""What is asked and answered in JSON."""

from __future__ import annotations

import json

from streams.web.answers import json_answer, problem


def test_an_answer_is_json_that_nobody_keeps() -> None:
    answer = json_answer({"name": "وصل"}, status=202)
    assert (answer.status, answer.content_type) == (202, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(bytes(answer.body)) == {"name": "وصل"}


def test_a_problem_has_a_code_a_reason_and_a_remedy() -> None:
    answer = problem(409, "catalog.conflict", "Somebody was faster.", "Look again.")
    assert (answer.status, json.loads(bytes(answer.body))) == (
        409,
        {"error": {"code": "catalog.conflict", "message": "Somebody was faster.", "remedy": "Look again."}},
    )
