# METADATA
# title: The model exists
# description: A name that the caller's lists cover but the catalogue does not hold.
# custom:
#   spec: [C3, C7, E2, M8]
#   order: 1220
#   status: 400
#   type: invalid_request_error
#   param: model
#   code: model_not_found
#   layer: catalogue
#   remedy: add_entry
#   advice: the model does not exist, or is another spelling of one that has an entry of its own; `code` is `model_not_found`
#   alike: true
package modelward.rules.model_known

import data.modelward.lib.catalog

# METADATA
# description: Refuses an unknown model.
deny contains message if {
	some model in input.request.models
	not catalog.entry[model]
	not catalog.respelled[model]
	message := $"model `{model}` is not known to this proxy; GET /v1/models lists what this caller may call"
}

deny contains message if {
	some model in input.request.models
	catalog.respelled[model]
	message := concat("", [
		$"model `{model}` is another spelling of a model that has an entry of its own, and is not served by it; ",
		"GET /v1/models lists what this caller may call",
	])
}
