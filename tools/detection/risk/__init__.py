"""The risk that an incident is under way: features of an hour, a calibrated model as data, the tool."""
