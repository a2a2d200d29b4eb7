"""Two markers, leases, remarks, second looks; corrected keys with what they change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
INDEPENDENT = sa.text("stage IN ('first', 'second')")


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scored_at", MOMENT, nullable=True))
    _stages()
    _desk()
    _corrections()
    _what_rests_on_them()


def _stages() -> None:
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(length=8), nullable=False, server_default="first"))
        batch_op.drop_constraint(op.f("uq_mark_submission_id"), type_="unique")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.alter_column("stage", server_default=None)
        batch_op.create_unique_constraint(op.f("uq_mark_submission_id"), ["submission_id", "slot", "stage"])
        where = {"sqlite_where": INDEPENDENT, "postgresql_where": INDEPENDENT}
        batch_op.create_index("uq_mark_independent", ["submission_id", "slot", "marked_by"], unique=True, **where)


def _desk() -> None:
    op.create_table(
        "marking_lease",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_marking_lease_person_id_person")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_marking_lease_submission_id_submission")),
        sa.PrimaryKeyConstraint("submission_id", "slot", name=op.f("pk_marking_lease")),
    )
    op.create_table(
        "remark",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remark_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index("ix_remark_course_question", ["course", "question"], unique=False)
    op.create_table(
        "remark_use",
        sa.Column("remark_id", BIG, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remark_use_person_id_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_remark_use_remark_id_remark")),
        sa.PrimaryKeyConstraint("remark_id", "person_id", name=op.f("pk_remark_use")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_appeal_answered_by_person")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_appeal_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_appeal_submission_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_due_on"), ["due_on"], unique=False)


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=True),
        sa.Column("rulings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_correction_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index("ix_correction_course_release", ["course", "release"], unique=False)
    op.create_table(
        "corrected_result",
        sa.Column("correction_id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("score_before", sa.Double(), nullable=True),
        sa.Column("passed_before", sa.Boolean(), nullable=True),
        sa.Column("score_after", sa.Double(), nullable=True),
        sa.Column("passed_after", sa.Boolean(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_corrected_result_correction_id_correction")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_corrected_result_submission_id_submission")),
        sa.PrimaryKeyConstraint("correction_id", "submission_id", name=op.f("pk_corrected_result")),
    )
    with op.batch_alter_table("corrected_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrected_result_submission_id"), ["submission_id"], unique=False)


def _what_rests_on_them() -> None:
    by = "fk_evidence_withdrawal_correction_id_correction"
    op.create_table(
        "evidence_withdrawal",
        sa.Column("evidence_id", BIG, nullable=False),
        sa.Column("correction_id", BIG, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f(by)),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_withdrawal_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_withdrawal")),
    )
    of = "fk_certificate_doubt_certificate_id_certificate"
    op.create_table(
        "certificate_doubt",
        sa.Column("certificate_id", BIG, nullable=False),
        sa.Column("correction_id", BIG, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("kept_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f(of)),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_certificate_doubt_correction_id_correction")),
        sa.ForeignKeyConstraint(["kept_by"], ["person.id"], name=op.f("fk_certificate_doubt_kept_by_person")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_doubt")),
    )


def downgrade() -> None:
    """Of several marks on one answer the first is kept: before, there was only one."""
    for table in ("certificate_doubt", "evidence_withdrawal", "corrected_result", "correction", "appeal", "remark_use", "remark"):
        op.drop_table(table)
    op.drop_table("marking_lease")
    op.execute("DELETE FROM mark WHERE stage <> 'first'")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index("uq_mark_independent")
        batch_op.drop_constraint(op.f("uq_mark_submission_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_mark_submission_id"), ["submission_id", "slot"])
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_column("stage")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("scored_at")
