"""What every layer shares: documents with positions, resources, views, results and errors."""
