"""Evidence of every kind: training-base sessions, observations, practice, service, portfolios, documents; what was put right."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("competency", sa.String(length=10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("framework", sa.String(length=20), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_observation_assessor_id_person")),
        sa.ForeignKeyConstraint(["first_id"], ["observation.id"], name=op.f("fk_observation_first_id_observation")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("form_key", name=op.f("uq_observation_form_key")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_first_id"), ["first_id"], unique=False)
        batch_op.create_index("ix_observation_person_competency", ["person_id", "competency"], unique=False)

    op.create_table(
        "piece",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("competency", sa.String(length=10), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("addressed_to", sa.Integer(), nullable=True),
        sa.Column("framework", sa.String(length=20), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["addressed_to"], ["person.id"], name=op.f("fk_piece_addressed_to_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_piece_person_id_person")),
        sa.ForeignKeyConstraint(["replaces_id"], ["piece.id"], name=op.f("fk_piece_replaces_id_piece")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piece_form_key")),
    )
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_addressed_to"), ["addressed_to"], unique=False)
        batch_op.create_index("ix_piece_kind_person", ["kind", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_piece_person_id"), ["person_id"], unique=False)

    op.create_table(
        "service_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["led_by"], ["person.id"], name=op.f("fk_service_activity_led_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_service_activity_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_activity")),
        sa.UniqueConstraint("form_key", name=op.f("uq_service_activity_form_key")),
    )
    with op.batch_alter_table("service_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_activity_led_by"), ["led_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_activity_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("shows", sa.JSON(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("framework", sa.String(length=20), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_training_session_closed_by_person")),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name=op.f("fk_training_session_planned_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_training_session_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("form_key", name=op.f("uq_training_session_form_key")),
    )
    op.create_table(
        "evidence_retraction",
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("retracted_by", sa.Integer(), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_retraction_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["retracted_by"], ["person.id"], name=op.f("fk_evidence_retraction_retracted_by_person")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_retraction")),
    )
    op.create_table(
        "piece_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("piece_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_piece_decision_decided_by_person")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_piece_decision_piece_id_piece")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_decision")),
    )
    with op.batch_alter_table("piece_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_decision_piece_id"), ["piece_id"], unique=False)

    op.create_table(
        "piece_file",
        sa.Column("piece_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_piece_file_piece_id_piece")),
        sa.PrimaryKeyConstraint("piece_id", "position", name=op.f("pk_piece_file")),
    )
    with op.batch_alter_table("piece_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_file_digest"), ["digest"], unique=False)

    op.create_table(
        "served",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["service_activity.id"], name=op.f("fk_served_activity_id_service_activity")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_served_confirmed_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_served_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served")),
    )
    with op.batch_alter_table("served", schema=None) as batch_op:
        batch_op.create_index("ix_served_person_activity", ["person_id", "activity_id"], unique=False)

    op.create_table(
        "service_pair",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("paired_by", sa.Integer(), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["service_activity.id"], name=op.f("fk_service_pair_activity_id_service_activity")
        ),
        sa.ForeignKeyConstraint(["paired_by"], ["person.id"], name=op.f("fk_service_pair_paired_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_pair_person_id_person")),
        sa.PrimaryKeyConstraint("activity_id", "person_id", name=op.f("pk_service_pair")),
    )
    with op.batch_alter_table("service_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_pair_person_id"), ["person_id"], unique=False)

    op.create_table(
        "training_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_part_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_part")),
    )
    with op.batch_alter_table("training_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_part_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_part_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "training_seat",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seated_by", sa.Integer(), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_seat_person_id_person")),
        sa.ForeignKeyConstraint(["seated_by"], ["person.id"], name=op.f("fk_training_seat_seated_by_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_seat_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_training_seat")),
    )
    with op.batch_alter_table("training_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_seat_person_id"), ["person_id"], unique=False)

    op.create_table(
        "training_seen",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_seen_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_training_seen_recorded_by_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_seen_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_seen")),
    )
    with op.batch_alter_table("training_seen", schema=None) as batch_op:
        batch_op.create_index("ix_training_seen_session_person", ["session_id", "person_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["training_part.id"], name=op.f("fk_attendance_part_id_training_part")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_attendance_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index("ix_attendance_part_person", ["part_id", "person_id"], unique=False)

    with op.batch_alter_table("certificate_doubt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
        batch_op.alter_column("correction_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("teaching_log", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_column("teaching_log")

    op.execute("DELETE FROM certificate_doubt WHERE correction_id IS NULL")
    with op.batch_alter_table("certificate_doubt", schema=None) as batch_op:
        batch_op.alter_column("correction_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
        batch_op.drop_column("reason")

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index("ix_attendance_part_person")

    op.drop_table("attendance")
    with op.batch_alter_table("training_seen", schema=None) as batch_op:
        batch_op.drop_index("ix_training_seen_session_person")

    op.drop_table("training_seen")
    with op.batch_alter_table("training_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_seat_person_id"))

    op.drop_table("training_seat")
    with op.batch_alter_table("training_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_part_starts_at"))
        batch_op.drop_index(batch_op.f("ix_training_part_session_id"))

    op.drop_table("training_part")
    with op.batch_alter_table("service_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_pair_person_id"))

    op.drop_table("service_pair")
    with op.batch_alter_table("served", schema=None) as batch_op:
        batch_op.drop_index("ix_served_person_activity")

    op.drop_table("served")
    with op.batch_alter_table("piece_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piece_file_digest"))

    op.drop_table("piece_file")
    with op.batch_alter_table("piece_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piece_decision_piece_id"))

    op.drop_table("piece_decision")
    op.drop_table("evidence_retraction")
    op.drop_table("training_session")
    with op.batch_alter_table("service_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_activity_starts_at"))
        batch_op.drop_index(batch_op.f("ix_service_activity_led_by"))

    op.drop_table("service_activity")
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piece_person_id"))
        batch_op.drop_index("ix_piece_kind_person")
        batch_op.drop_index(batch_op.f("ix_piece_addressed_to"))

    op.drop_table("piece")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("ix_observation_person_competency")
        batch_op.drop_index(batch_op.f("ix_observation_first_id"))
        batch_op.drop_index(batch_op.f("ix_observation_assessor_id"))

    op.drop_table("observation")
