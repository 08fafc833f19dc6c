# METADATA
# title: Some teams stay in the EU
# description: Calls of a team with the metadata `residency` of `eu` go to deployments of the group `eu`, and to no others.
package modelward.rules.eu_deployments

import data.modelward.lib.catalog

# METADATA
# description: Refuses such a team a model that has no deployment in the EU.
deny contains message if {
	some model in input.request.models
	not _permitted(model)
	message := $"model `{model}` is not served in the EU, where this team's calls must stay"
}

# METADATA
# description: Covers a model of such a team by the group, so that only deployments of the group serve the call (C8).
grants := {model: {"by": "eu", "groups": ["eu"]} |
	not _is_free
	some model in input.request.models
	catalog.entry[model].groups.eu
}

_permitted(_) if _is_free

_permitted(model) if grants[model]

_is_free if is_null(input.caller.team)

_is_free if {
	is_object(input.caller.team.metadata)
	not input.caller.team.metadata.residency
}

_is_free if input.caller.team.metadata.residency != "eu"
