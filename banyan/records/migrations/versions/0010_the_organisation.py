"""Duties handed on for a time; units that move, and facilities; names as they are typed."""

import sqlalchemy as sa
from alembic import op

from banyan.words.pinyin import spelt

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
    _letters()


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


def _letters() -> None:
    """Spell everybody's name, and let name, letters and initials be searched by how they begin."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=80), type_=_plain_order(80), existing_nullable=False)
        batch_op.add_column(sa.Column("pinyin", _plain_order(120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("initials", _plain_order(40), nullable=False, server_default=""))
        for column in ("name", "pinyin", "initials"):
            batch_op.create_index(op.f(f"ix_person_{column}"), [column], unique=False)
    person = sa.table("person", *(sa.column(name) for name in ("id", "name", "pinyin", "initials")))
    records = op.get_bind()
    rows = [{"key": row.id, "whole": spelt(row.name)} for row in records.execute(sa.select(person.c.id, person.c.name))]
    said = [{"key": each["key"], "full": each["whole"][0][:120], "first": each["whole"][1][:40]} for each in rows]
    if said:
        change = sa.update(person).where(person.c.id == sa.bindparam("key"))
        records.execute(change.values(pinyin=sa.bindparam("full"), initials=sa.bindparam("first")), said)


def _plain_order(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        for column in ("initials", "pinyin", "name"):
            batch_op.drop_index(op.f(f"ix_person_{column}"))
        batch_op.drop_column("initials")
        batch_op.drop_column("pinyin")
    op.drop_table("facility")
    op.drop_table("unit_move")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_charge_lent_from_id"))
        batch_op.drop_constraint(op.f("fk_charge_lent_from_id_charge"), type_="foreignkey")
        batch_op.drop_column("reason")
        batch_op.drop_column("lent_from_id")
