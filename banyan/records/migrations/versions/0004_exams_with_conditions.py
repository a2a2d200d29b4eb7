"""More time at an exam for one person; exam rooms with a code and a roster."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "extra_time",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_extra_time_given_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extra_time_person_id_person")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["person.id"], name=op.f("fk_extra_time_taken_back_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_time")),
    )
    with op.batch_alter_table("extra_time", schema=None) as batch_op:
        batch_op.create_index("ix_extra_time_person_course", ["person_id", "course"], unique=False)

    op.create_table(
        "exam_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_exam_room_opened_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_room_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_room")),
    )
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_room_starts_at"), ["starts_at"], unique=False)
    op.create_table(
        "exam_presence",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ticked_by", sa.Integer(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_presence_person_id_person")),
        sa.ForeignKeyConstraint(["room_id"], ["exam_room.id"], name=op.f("fk_exam_presence_room_id_exam_room")),
        sa.ForeignKeyConstraint(["ticked_by"], ["person.id"], name=op.f("fk_exam_presence_ticked_by_person")),
        sa.PrimaryKeyConstraint("room_id", "person_id", name=op.f("pk_exam_presence")),
    )
    op.create_table(
        "wrong_code",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wrong_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_code")),
    )
    with op.batch_alter_table("wrong_code", schema=None) as batch_op:
        batch_op.create_index("ix_wrong_code_person", ["person_id", "tried_at"], unique=False)
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_attempt_room_id_exam_room"), "exam_room", ["room_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_attempt_room_id"), ["room_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_room_id"))
        batch_op.drop_constraint(batch_op.f("fk_attempt_room_id_exam_room"), type_="foreignkey")
        batch_op.drop_column("room_id")
    with op.batch_alter_table("wrong_code", schema=None) as batch_op:
        batch_op.drop_index("ix_wrong_code_person")
    op.drop_table("wrong_code")
    op.drop_table("exam_presence")
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_room_starts_at"))
    op.drop_table("exam_room")
    with op.batch_alter_table("extra_time", schema=None) as batch_op:
        batch_op.drop_index("ix_extra_time_person_course")
    op.drop_table("extra_time")
