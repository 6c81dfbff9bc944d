"""Other detectors' word on rows of sensors side by side: what they say of an episode, or episodes of their own."""
