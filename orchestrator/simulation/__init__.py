"""What simulated days and scenarios share: curves, power flow by step, oil, sensors, readings, lines of logs."""
