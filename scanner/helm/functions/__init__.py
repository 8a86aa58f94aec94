"""The functions that Helm adds to sprig's, or has instead of them."""
