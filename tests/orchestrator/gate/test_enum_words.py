"""No reader sees the spelling of code: every enumeration of a result has words, or is to be typed as it stands."""

import typing
from enum import StrEnum

import pytest
from pydantic import BaseModel

from orchestrator.catalogue import CATALOGUE
from orchestrator.gate.words import ENUM_FIELDS, WORDED_FIELDS

AS_TYPED = frozenset({"assume", "field", "unused"})
"""Columns that the user is asked to state, as they are to be written."""
NEVER_SAID = frozenset({"method"})
"""Of a reconfiguration: no answer refers to it, and other methods are free text."""


def leaves(annotation):
    inner = typing.get_args(annotation)
    return [leaf for item in inner for leaf in leaves(item)] if inner else [annotation]


def enumerations(model, seen):
    """Names of fields that hold an enumeration with a compound value, in a model and all below it."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for leaf in leaves(field.annotation):
            if isinstance(leaf, type) and issubclass(leaf, StrEnum) and any("_" in value for value in leaf):
                yield name
            elif isinstance(leaf, type) and issubclass(leaf, BaseModel):
                yield from enumerations(leaf, seen)


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_result__every_enumeration_has_words(spec):
    assert set(enumerations(spec.result, set())) <= ENUM_FIELDS | WORDED_FIELDS | AS_TYPED | NEVER_SAID
