"""AWS resources as subjects, and their relations."""
