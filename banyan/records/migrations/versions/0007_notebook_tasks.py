"""Notebook tasks: what trainers hand out beside the course, what is handed in, and what grading made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("task", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("notebooks", sa.JSON(), nullable=False),
        sa.Column("handed_by", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["handed_by"], ["person.id"], name=op.f("fk_hand_out_handed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_out")),
    )
    op.create_index("ix_hand_out_course_task", "hand_out", ["course", "task"])
    op.create_table(
        "task_submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("task", sa.String(length=80), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("hand_out_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("notebooks", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("total", sa.Double(), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback", sa.String(length=64), nullable=True),
        sa.Column("feedback_files", sa.JSON(), nullable=True),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hand_out_id"], ["hand_out.id"], name=op.f("fk_task_submission_hand_out_id_hand_out")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_submission_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_submission")),
        sa.UniqueConstraint("person_id", "course", "task", "number", name=op.f("uq_task_submission_person_id")),
    )
    op.create_index("ix_task_submission_state", "task_submission", ["state", "submitted_at"])
    op.create_index("ix_task_submission_course_task", "task_submission", ["course", "task"])


def downgrade() -> None:
    op.drop_table("task_submission")
    op.drop_table("hand_out")
