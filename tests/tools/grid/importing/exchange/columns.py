"""Cards of fixed columns."""


def card(width, *fields):
    """One card: each field right-aligned so that it ends at its last column, counted from one."""
    card = [" "] * width
    for last, text in fields:
        card[last - len(text) : last] = text
    return "".join(card)
