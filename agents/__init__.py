"""The contracts between the parts of a run and one declaration per agent."""
