"""Why a sentence may not stand; raised inside the gate, told to the sentence's writer."""


class RefusedError(Exception):
    """Carries the reason in plain words; never leaves the gate."""
