"""The shift report: fifteen sections in their fixed order, one module each where they have work to do."""

from orchestrator.compose.shift.report import shift_sections

__all__ = ["shift_sections"]
