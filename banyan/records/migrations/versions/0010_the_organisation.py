"""Duties handed on for a time; units that move, and facilities."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lent_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(op.f("fk_charge_lent_from_id_charge"), "charge", ["lent_from_id"], ["id"])
        batch_op.create_index(op.f("ix_charge_lent_from_id"), ["lent_from_id"], unique=False)
    _moves()
    _facilities()


def _moves() -> None:
    op.create_table(
        "unit_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("old_parent_id", sa.Integer(), nullable=True),
        sa.Column("new_parent_id", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("moved_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_move_unit_id_unit")),
        sa.ForeignKeyConstraint(["old_parent_id"], ["unit.id"], name=op.f("fk_unit_move_old_parent_id_unit")),
        sa.ForeignKeyConstraint(["new_parent_id"], ["unit.id"], name=op.f("fk_unit_move_new_parent_id_unit")),
        sa.ForeignKeyConstraint(["moved_by"], ["person.id"], name=op.f("fk_unit_move_moved_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_move")),
    )
    with op.batch_alter_table("unit_move", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_unit_move_unit_id"), ["unit_id"], unique=False)


def _facilities() -> None:
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_facility_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_facility_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("facility")
    op.drop_table("unit_move")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_charge_lent_from_id"))
        batch_op.drop_constraint(op.f("fk_charge_lent_from_id_charge"), type_="foreignkey")
        batch_op.drop_column("reason")
        batch_op.drop_column("lent_from_id")
