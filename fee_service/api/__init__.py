"""The JSON API: one module a resource. Routes parse, call and answer; they decide nothing."""
