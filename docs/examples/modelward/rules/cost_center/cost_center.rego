# METADATA
# title: Somebody pays for a call
# description: A key that calls models has the metadata `cost_center`, or its team has.
package modelward.rules.cost_center

import data.modelward.lib.caller

# METADATA
# description: Refuses a model to a caller without a cost center.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"nobody pays for calls of model `{model}` by this key; set `cost_center` in the metadata of the key or its team"
}

_permitted if caller.is_master

_permitted if _names_one(input.caller.key.metadata)

_permitted if _names_one(input.caller.team.metadata)

_names_one(metadata) if regex.match(`^[A-Z]{2}-[0-9]{4}$`, metadata.cost_center)
