"""Reports: projections of a Report to the formats that people and programs read."""
