"""How a language model may put facts: templates over claims, far from the ones of our own composer."""

# Slots: {e0} element, {v0} value with unit, {c0} case phrase, {C0} the same at the start of a sentence.
LOADING = (
    "{e0} is loaded to {v0} {c0}.",
    "{C0}, {e0} is loaded to {v0}.",
    "{C0} the loading of {e0} is {v0}.",
    "The loading on {e0} reaches {v0} {c0}.",
    "{c0!c}, {e0} runs at {v0} of its rating.",
    "A loading of {v0} is seen on {e0} {c0}.",
    "{e0} ({v0}) was asked about {c0}.",
    "{e0}, {c0}, shows a loading of {v0}.",
)
VOLTAGE = (
    "The voltage at {e0} is {v0} {c0}.",
    "{C0}, {e0} stands at {v0}.",
    "{e0} has a voltage of {v0} {c0}.",
    "{C0} we see {v0} at {e0}.",
    "{e0} is at {v0} {c0}.",
    "The simulation reports {v0} for the voltage of {e0} {c0}.",
)
TOTALS = (
    "{q0!c} {is0} {v0} {c0}.",
    "{C0}, {q0} amount to {v0}.",
    "{C0} the total {q0} is {v0}.",
    "The grid has {v0} of {q0} {c0}.",
)
COUNTS = (
    "{v0} outages are {w0}.",
    "There are {v0} {w0} outages.",
    "The screening found {v0} {w0} outages.",
)
PAIRS = (
    "{e0} is loaded to {v0} {c0} and to {v1} {c1}.",
    "{C0}, {e0} is loaded to {v0}, while {c1} it reaches {v1}.",
    "The loading of {e0} is {v0} {c0}, against {v1} {c1}.",
    "{C0} {e0} runs at {v0}; {c1} the loading of {e0} is {v1}.",
)
TWO_ELEMENTS = (
    "{C0}, {e0} is loaded to {v0} and {e1} to {v1}.",
    "{C0}, {e0} is loaded to {v0}, and {e1} is at {v1}.",
    "{e0} is loaded to {v0} and {e1} to {v1} {c0}.",
    "{C0} we find loadings of {v0} on {e0} and {v1} on {e1}.",
)
LOSSES = (
    "Losses are {v0} {c0} and {v1} {c1}.",
    "The losses come to {v0} {c0}, compared with {v1} {c1}.",
    "{C0}, losses are {v0}; {c1} they amount to {v1}.",
)
OUT = ("with {o} out", "after the loss of {o}", "after the outage of {o}", "following the trip of {o}", "if {o} trips")
BASE = ("in the base case", "in the intact grid", "without any outage")
BEFORE = ("before the action", "before the switching")
AFTER = ("after the action", "after the switching")
