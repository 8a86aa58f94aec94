"""Live AWS: what to ask of which service, as data, and one runner that asks and keeps a snapshot."""
