"""The only sub-package that knows CrewAI; its switches are set here, before the first import of it."""

import os

os.environ |= {
    # CrewAI calls out and installs signal handlers unless all of these are set before its import.
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
}
