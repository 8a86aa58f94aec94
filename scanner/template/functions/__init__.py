"""The functions of templates: one module a family, each with its table `FUNCTIONS`."""
