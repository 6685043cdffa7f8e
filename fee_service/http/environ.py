"""What the application tells the layers around it, by names in the WSGI environment."""

ACTOR = "fee_service.actor"  # id of the API key
ROUTE = "fee_service.route"  # the rule that a path met; None where it met none
REQUEST_ID = "fee_service.request_id"
MORE_HEADERS = "fee_service.headers"  # (name, value) pairs for the answer, a refusal included
