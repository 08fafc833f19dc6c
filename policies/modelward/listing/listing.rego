# METADATA
# title: What a caller may see
# description: Asks the same decision for each name of the catalogue, so that a listing shows what the gate allows (V1-V3).
package modelward.listing

import data.modelward.access
import data.modelward.lib.catalog
import data.modelward.lib.grant

# METADATA
# title: The models and groups shown to one caller
# entrypoint: true
listing := {
	"models": models,
	"groups": groups,
	"revision": data.catalog.revision,
}

# METADATA
# description: The names whose call would be allowed; patterns only where the request asks for them.
models := sort([model | some model in catalog.candidates; _callable(model)])

# METADATA
# description: The groups of the catalogue that every list that applies holds or leaves open (V3).
groups := sort([group | some group in catalog.candidate_groups; _held(group)])

_callable(model) if access.allow with input.request.models as [model]

_held(group) if {
	every list in _lists {
		grant.holds(list, group)
	}
}

_lists contains data.modelward.rules[_].list
