"""The evaluation front door: suites as data, scorers, baselines."""
