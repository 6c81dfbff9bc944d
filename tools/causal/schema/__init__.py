"""Arguments and results of the tools on causes."""
