"""From resources of a target to the subjects of the views, and the relations between them."""
