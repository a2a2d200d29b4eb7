"""Practicals announced with day and place; what was asked of people and taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practical_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("announced_by", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["announced_by"], ["person.id"], name=op.f("fk_practical_session_announced_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_practical_session_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical_session")),
    )
    with op.batch_alter_table("practical_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practical_session_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_withdrawal_person_id_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_withdrawal_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("person_id", "programme", name=op.f("uq_withdrawal_person_id")),
    )


def downgrade() -> None:
    op.drop_table("withdrawal")
    with op.batch_alter_table("practical_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practical_session_starts_at"))

    op.drop_table("practical_session")
