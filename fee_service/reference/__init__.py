"""The description of the API: its operations, the examples, and the OpenAPI document made of both."""
