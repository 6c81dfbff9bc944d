"""What an optimal dispatch is asked to be, in the words of a question."""

import pytest

from orchestrator.resolve.dispatching import dispatch_wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("what is the cheapest dispatch", ("ac", "least_cost", False, None)),
        ("dispatch with the least losses", ("ac", "least_losses", False, None)),
        ("dc optimal power flow", ("dc", "least_cost", False, None)),
        ("cheapest n-1 secure dispatch", ("ac", "least_cost", True, None)),
        ("scopf with 150 mw of reserve", ("ac", "least_cost", True, 150.0)),
        ("smallest redispatch that keeps a reserve of at least 80 mw", ("ac", "least_redispatch", False, 80.0)),
    ],
)
def test_dispatch_wish__is_read_from_the_words(text, wish):
    found = dispatch_wish(text)
    assert (found.model, found.objective, found.secure_all_outages, found.reserve_mw) == wish
