"""The life of certificates: proposals, suspensions, reissues, notices of expiry; and leave."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_proposal",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("certificate_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_proposal_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_certificate_proposal_decided_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_proposal_person_id_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_certificate_proposal_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_proposal")),
    )
    op.create_index("ix_certificate_proposal_person_programme", "certificate_proposal", ["person_id", "programme"], unique=False)
    op.create_index(
        "uq_certificate_proposal_open",
        "certificate_proposal",
        ["person_id", "programme"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "certificate_suspension",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("certificate_id", BIG, nullable=False),
        sa.Column("suspended_by", sa.Integer(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resumed_by", sa.Integer(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_suspension_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["resumed_by"], ["person.id"], name=op.f("fk_certificate_suspension_resumed_by_person")),
        sa.ForeignKeyConstraint(["suspended_by"], ["person.id"], name=op.f("fk_certificate_suspension_suspended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_suspension")),
    )
    op.create_index(op.f("ix_certificate_suspension_certificate_id"), "certificate_suspension", ["certificate_id"], unique=False)
    op.create_table(
        "certificate_reissue",
        sa.Column("old_id", BIG, nullable=False),
        sa.Column("new_id", BIG, nullable=False),
        sa.Column("reissued_by", sa.Integer(), nullable=False),
        sa.Column("reissued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["new_id"], ["certificate.id"], name=op.f("fk_certificate_reissue_new_id_certificate")),
        sa.ForeignKeyConstraint(["old_id"], ["certificate.id"], name=op.f("fk_certificate_reissue_old_id_certificate")),
        sa.ForeignKeyConstraint(["reissued_by"], ["person.id"], name=op.f("fk_certificate_reissue_reissued_by_person")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_certificate_reissue")),
        sa.UniqueConstraint("new_id", name=op.f("uq_certificate_reissue_new_id")),
    )
    op.create_table(
        "expiry_notice",
        sa.Column("certificate_id", BIG, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_expiry_notice_certificate_id_certificate")),
        sa.PrimaryKeyConstraint("certificate_id", "days", name=op.f("pk_expiry_notice")),
    )
    op.create_table(
        "leave_period",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_period_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_leave_period_recorded_by_person")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["person.id"], name=op.f("fk_leave_period_taken_back_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_period")),
    )
    op.create_index(op.f("ix_leave_period_person_id"), "leave_period", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_leave_period_person_id"), table_name="leave_period")
    op.drop_table("leave_period")
    op.drop_table("expiry_notice")
    op.drop_table("certificate_reissue")
    op.drop_index(op.f("ix_certificate_suspension_certificate_id"), table_name="certificate_suspension")
    op.drop_table("certificate_suspension")
    op.drop_index("uq_certificate_proposal_open", table_name="certificate_proposal")
    op.drop_index("ix_certificate_proposal_person_programme", table_name="certificate_proposal")
    op.drop_table("certificate_proposal")
