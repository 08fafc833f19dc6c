# METADATA
# title: The model exists
# description: A name that the caller's lists cover but the catalogue does not hold.
# custom:
#   spec: [C3, C7, E2]
package modelward.rules.model_known

import data.modelward.lib.catalog

# METADATA
# description: Refuses an unknown model.
deny contains message if {
	some model in input.request.models
	not catalog.entry[model]
	message := $"model `{model}` is not known to this proxy; GET /v1/models lists what this caller may call"
}
