"""Requests to be erased, who was erased, and what people agreed to.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("decided_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_erasure_request_decided_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_erasure_request_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_person_id"), "erasure_request", ["person_id"], unique=False)
    op.create_index(op.f("ix_erasure_request_due_on"), "erasure_request", ["due_on"], unique=False)
    op.create_index(
        "uq_erasure_request_open", "erasure_request", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("number_mac", sa.String(length=64), nullable=False),
        sa.Column("phone_mac", sa.String(length=64), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=True),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_number_mac"), "erasure", ["number_mac"], unique=False)
    op.create_index(op.f("ix_erasure_phone_mac"), "erasure", ["phone_mac"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person_kind", "consent", ["person_id", "kind"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_consent_person_kind", table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_erasure_phone_mac"), table_name="erasure")
    op.drop_index(op.f("ix_erasure_number_mac"), table_name="erasure")
    op.drop_table("erasure")
    op.drop_index("uq_erasure_request_open", table_name="erasure_request")
    op.drop_index(op.f("ix_erasure_request_due_on"), table_name="erasure_request")
    op.drop_index(op.f("ix_erasure_request_person_id"), table_name="erasure_request")
    op.drop_table("erasure_request")
