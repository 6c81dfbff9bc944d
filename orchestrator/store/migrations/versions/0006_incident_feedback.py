"""What people said of incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_feedback",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_feedback_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incident_feedback")),
    )
    op.create_index(op.f("ix_incident_feedback_incident_id"), "incident_feedback", ["incident_id"])
