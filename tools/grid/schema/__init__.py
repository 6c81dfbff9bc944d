"""Arguments and results of the grid tools; importing them loads no engine."""
