"""In "125 MW of load is not served" the load is not the load but what is lost of it."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Sign, Symbol

_BUSES = frozenset({"buses", "bus", "nodes"})
_LOADS = frozenset({"load", "loads", "demand", "supply"})
_LOST = frozenset({"unserved_p", "lost_generation_p", "dead_buses"})
_KEPT = frozenset({"served", "supplied", "delivered", "met", "fed", "kept", "supplies", "serves"})
_OF_LOAD, _OF_GENERATION = "unserved_p", "lost_generation_p"


def lost_amounts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Give "of load", "of generation" and "buses" their meaning in a sentence about a loss."""
    own = [_dissipated(symbols, place) for place in range(len(symbols))]
    if not any(_is_loss(symbol) for symbol in own):
        return own
    return [_lost(own, place) for place in range(len(own))]


_GRID = frozenset({"grid", "feeder", "network", "system"})


def _dissipated(symbols: Sequence[Symbol], place: int) -> Symbol:
    """What "the grid loses" without any outage is its losses."""
    symbol = symbols[place]
    subject = place > 0 and symbols[place - 1].text in _GRID
    disturbed = any(item.case and item.case.kind in {"outage", "any"} for item in symbols)
    if subject and not disturbed and symbol.sign is Sign.QUANTITY and symbol.text in {"loses", "lose"}:
        return replace(symbol, quantities=frozenset({"loss_p", "loss"}))
    return symbol


def _is_loss(symbol: Symbol) -> bool:
    if symbol.sign is Sign.CLAIM:
        return symbol.asserts[0] == "dead"
    if symbol.sign is Sign.STATUS:
        return ("status", "supply_lost") in symbol.claims
    return symbol.sign is Sign.QUANTITY and bool(symbol.quantities) and symbol.quantities <= _LOST and not symbol.roles


def _lost(symbols: Sequence[Symbol], place: int) -> Symbol:
    symbol = symbols[place]
    counted = place > 0 and symbols[place - 1].sign is Sign.NUMBER
    kept = bool(_KEPT & {item.text for item in symbols[place + 1 : place + 4]})
    if symbol.sign is not Sign.QUANTITY or not counted or kept:
        return symbol
    if symbol.text in _BUSES:
        return replace(symbol, quantities=frozenset({"dead_buses"}), roles=frozenset())
    amount = symbol.text in _LOADS or symbol.text.split()[0] == "of"
    for lost in (_OF_LOAD, _OF_GENERATION) if amount else ():
        if lost in symbol.refinements:
            return replace(symbol, quantities=frozenset({lost}))
    return symbol
