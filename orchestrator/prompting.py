"""Prompts: versioned text files; a missing file or value is an error, and the run records the fingerprint."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template

from tools.errors import GridCrewError

_FINGERPRINT_DIGITS = 12


class PromptError(GridCrewError):
    """A prompt file is missing, or a value that it asks for."""


@dataclass(frozen=True)
class Prompt:
    """One prompt file.

    Attributes:
        name: File name without its ending, such as ``coordinator.v1``.
        text: The template as it stands in the file.
        fingerprint: First twelve hexadecimal digits of the SHA-256 of the template.
    """

    name: str
    text: str
    fingerprint: str

    def fill(self, **values: str) -> str:
        """The text with its values.

        Raises:
            PromptError: when a value is missing.
        """
        try:
            return Template(self.text).substitute(values)
        except (KeyError, ValueError) as error:
            raise PromptError(f"prompt {self.name}: no value for {error}") from error


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of this name.

    Raises:
        PromptError: when there is no such file.
    """
    file = files("prompts") / f"{name}.md"
    if not file.is_file():
        raise PromptError(f"there is no prompt {name!r}")
    text = file.read_text(encoding="utf-8")
    return Prompt(name, text, sha256(text.encode()).hexdigest()[:_FINGERPRINT_DIGITS])
