# METADATA
# title: The model exists
# description: A name that the caller's lists cover but the catalogue does not hold.
# custom:
#   spec: [C3, C7, E2, M8]
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
