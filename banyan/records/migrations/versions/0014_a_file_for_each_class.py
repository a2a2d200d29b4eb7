"""A file for each class: its notice and summary, photos of the day, and the form it is reported on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "class_text",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_class_text_session_id_training_session")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_class_text_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_text")),
    )
    op.create_index("ix_class_text_session_kind", "class_text", ["session_id", "kind"], unique=False)
    op.create_table(
        "class_photo",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=80), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_class_photo_added_by_person")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_class_photo_removed_by_person")),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_class_photo_session_id_training_session")),
        sa.PrimaryKeyConstraint("session_id", "position", name=op.f("pk_class_photo")),
    )
    op.create_index(op.f("ix_class_photo_digest"), "class_photo", ["digest"], unique=False)
    op.create_table(
        "class_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=True),
        sa.Column("put_by", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["put_by"], ["person.id"], name=op.f("fk_class_sheet_put_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_class_sheet_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_sheet")),
    )
    op.create_index(op.f("ix_class_sheet_digest"), "class_sheet", ["digest"], unique=False)
    op.create_index(op.f("ix_class_sheet_unit_id"), "class_sheet", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("class_sheet")
    op.drop_table("class_photo")
    op.drop_table("class_text")
