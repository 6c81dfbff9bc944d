"""Training of the risk model: samples from simulated and confirmed incidents, fitting, the choice of what is used."""
