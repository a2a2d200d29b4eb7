"""For whom JupyterLab is turned on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lab_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_lab_grant_given_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lab_grant_person_id_person")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["person.id"], name=op.f("fk_lab_grant_taken_back_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_grant")),
    )
    with op.batch_alter_table("lab_grant", schema=None) as batch_op:
        batch_op.create_index("ix_lab_grant_person", ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("lab_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_lab_grant_person")
    op.drop_table("lab_grant")
