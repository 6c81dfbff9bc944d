"""The database: engine, sessions, tables of the orchestrator, migrations."""
