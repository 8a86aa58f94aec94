"""JSON Schema as Helm checks values with it: santhosh-tekuri/jsonschema v6, with its words."""
