"""A practical that was wrong is put right by a new row, or withdrawn whole."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(op.f("fk_practical_first_id_practical"), "practical", ["first_id"], ["id"])
        batch_op.create_index(op.f("ix_practical_first_id"), ["first_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_practical_first_id"))
        batch_op.drop_constraint(op.f("fk_practical_first_id_practical"), type_="foreignkey")
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("reason")
        batch_op.drop_column("first_id")
