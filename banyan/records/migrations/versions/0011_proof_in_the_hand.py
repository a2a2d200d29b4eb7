"""Places in the lists of what holds no more, and certificates to be printed many at once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential_place",
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_credential_place_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_credential_place")),
        sa.UniqueConstraint("list_number", "place", name=op.f("uq_credential_place_list_number")),
    )
    op.create_table(
        "print_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("serials", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_print_order_asked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_order")),
    )
    with op.batch_alter_table("print_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_order_asked_by"), ["asked_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("print_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_order_asked_by"))
    op.drop_table("print_order")
    op.drop_table("credential_place")
