"""Go's text/template with its function library, in Python: the language alone, without charts."""
