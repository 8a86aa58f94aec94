"""AWS resources as subjects of views, and the relations between them."""
