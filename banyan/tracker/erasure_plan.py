"""What becomes of each kind of data when somebody is erased: gone, blanked in some columns, or kept under a pseudonym.

A table of PARTS that is not named here fails a test, so that nobody forgets to decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from banyan.words.language import N_


class Fate(StrEnum):
    GONE = "gone"
    BLANK = "blank"
    STAYS = "stays"


FATE_WORDS: Mapping[Fate, str] = {
    Fate.GONE: N_("全部删掉"),
    Fate.BLANK: N_("您写的、写您的话删掉，事实不带名字留着"),
    Fate.STAYS: N_("不带名字留着：别人要能查验，定过的事要有据可查"),
}


@dataclass(frozen=True)
class Plan:
    """`columns` are emptied where the fate is BLANK; `words` say it where the fate's own do not fit."""

    fate: Fate
    columns: tuple[str, ...] = ()
    words: str = ""

    @property
    def told(self) -> str:
        return self.words or FATE_WORDS[self.fate]


GONE, STAYS = Plan(Fate.GONE), Plan(Fate.STAYS)


def _blank(*columns: str) -> Plan:
    return Plan(Fate.BLANK, columns)


PLANS: Mapping[str, Plan] = {
    "person": Plan(Fate.BLANK, ("phone", "language", "text_size"), N_("都删掉，换成一个代号")),
    "appointment": STAYS,
    "charge": _blank("reason"),
    "assignment": GONE,
    "withdrawal": GONE,
    "reminder": GONE,
    "step_done": GONE,
    "practice_answer": GONE,
    "first_answer": GONE,
    "concern": GONE,
    "attempt": STAYS,
    "answer": GONE,
    "case_step": GONE,
    "answer_file": GONE,
    "submission": _blank("frozen", "fault"),
    "mark": _blank("comment"),
    "appeal": _blank("reason", "answer"),
    "corrected_result": STAYS,
    "exam_presence": STAYS,
    "extra_time": _blank("reason"),
    "second_chance": _blank("reason"),
    "task_submission": _blank("fault", "remarks", "feedback", "feedback_files"),
    "practical": _blank("reason"),
    "training_seat": STAYS,
    "attendance": _blank("reason"),
    "training_seen": _blank("reason"),
    "observation": _blank("note", "reason"),
    "service_pair": STAYS,
    "served": _blank("reason"),
    "piece": STAYS,  # its words are taken out of `details` one by one
    "piece_file": GONE,
    "piece_decision": _blank("words", "reason"),
    "evidence_retraction": _blank("reason"),
    "credential_place": STAYS,
    "evidence": STAYS,
    "evidence_withdrawal": STAYS,
    "standing": STAYS,
    "certificate": _blank("revoked_reason"),  # stated and signed anew without the name
    "certificate_doubt": _blank("reason", "kept_reason"),
    "certificate_proposal": _blank("reason"),
    "certificate_suspension": _blank("reason", "resumed_reason"),
    "expiry_notice": STAYS,
    "leave_period": _blank("reason"),
    "device": GONE,
    "slip": GONE,
    "wrong_code": GONE,
    "lab_grant": GONE,
    "remark": STAYS,
    "erasure_request": _blank("words", "answer"),
    "consent": GONE,
}
"""By table. What only points to whoever acted (marked_by and its like) keeps pointing to a person without a name."""

WORDS_OF_A_PIECE = ("title", "words", "place", "number")
"""In what was handed in, what is the person's own; kinds, days, hours and who issued a paper are facts."""
EMPTY: Mapping[str, object] = {"remarks": []}
"""What an emptied column holds where it is neither "" nor nothing."""
