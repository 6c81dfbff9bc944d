"""Numbers as a file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOT_A_NUMBER = "not a number"
NOT_FINITE = "not finite"


def read_numbers(texts: NDArray[np.object_], decimal: str = ".") -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """The numbers nearest to decimal texts, and a reason (else empty) where there is none, with NaN for it.

    Groups of digits (1,234.5) are refused and not guessed at: the same text means another number elsewhere.
    """
    if decimal == ",":
        # a point is no decimal point here, so a text with one is no number
        texts = np.array([text.replace(".", "?").replace(",", ".") for text in texts], dtype=object)
    # pandas says which texts are numbers; its own values are off in the last digit, so float() reads them.
    grammar = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    written = ~np.isnan(grammar)
    values = np.full(len(texts), np.nan)
    values[written] = texts[written].astype(np.float64)
    reasons = np.full(len(texts), "", dtype=object)
    reasons[~written] = NOT_A_NUMBER
    reasons[np.isinf(values)] = NOT_FINITE
    values[np.isinf(values)] = np.nan
    return values, reasons
