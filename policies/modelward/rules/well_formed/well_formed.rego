# METADATA
# title: The request can be read
# description: A request whose models cannot be read is refused, whoever asks.
# custom:
#   spec: [M1-M5, A6]
#   differs: [M4]
#   order: 110
#   status: 400
#   type: invalid_request_error
#   layer: request
#   remedy: resend
#   advice: correct the request as the message says
#   alike: true
package modelward.rules.well_formed

# METADATA
# description: Refuses what the gateway found wrong with the request's form.
deny contains message if {
	not _readable
	message := object.get(input.request, "problem", "the request's form was not judged")
}

# METADATA
# description: Refuses a call that names no model (M4).
deny contains message if {
	not _names_models
	message := "the request names no model; set `model`, GET /v1/models lists what this caller may use"
}

_readable if input.request.problem == ""

_names_models if input.request.operation in {"list", "info", "manage", "state"}

_names_models if count(input.request.models) > 0

_names_models if not _readable
