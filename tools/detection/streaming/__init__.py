"""Statistical detectors that judge one moment after the other; a stored series gives the same verdicts, bit for bit."""
