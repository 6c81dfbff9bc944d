"""The service: who owns a data directory, durable runs in the worker, schedules, and the command line's way in."""
