"""Power quality out of readings: means, voltage events, unbalance, each held against its limit."""
