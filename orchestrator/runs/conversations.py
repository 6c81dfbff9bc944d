"""Conversations: their turns, in order, only ever added."""

from sqlalchemy import Engine
from sqlmodel import col, select

from agents.question import Turn
from orchestrator.runs.bodies import parse
from orchestrator.runs.errors import RecordConflictError
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import TurnRow
from tools.result import canonical_json


class ConversationStore:
    """Turns of conversations; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_turn(self, turn: Turn) -> None:
        """Record a turn of a recorded run; the same turn again changes nothing.

        Raises:
            RecordConflictError: when the conversation has another turn of this ordinal: two questions were asked
                at once, and the later one must be resolved again.
        """
        body = canonical_json(turn)
        with writing(self._engine) as session:
            stored = session.get(TurnRow, (turn.conversation, turn.ordinal))
            if stored is None:
                row = TurnRow(conversation=turn.conversation, ordinal=turn.ordinal, run_id=turn.run, body=body)
                session.add(row)
            elif stored.body != body:
                message = f"Conversation {turn.conversation} has another turn {turn.ordinal}"
                raise RecordConflictError(message)

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """All turns, oldest first; none for a conversation that has not begun."""
        query = select(TurnRow).where(TurnRow.conversation == conversation).order_by(col(TurnRow.ordinal))
        with reading(self._engine) as session:
            return tuple(parse(Turn, row.body, f"turn {conversation} {row.ordinal}") for row in session.exec(query))
