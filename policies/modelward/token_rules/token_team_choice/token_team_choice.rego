# METADATA
# title: One of the claimed teams allows the call
# description: Of the teams in `team_ids_jwt_field` one must allow every model and the route.
# custom:
#   spec: [R7]
package modelward.token_rules.token_team_choice

import data.modelward.token as stands_for

# METADATA
# description: Refuses a call that none of the claimed teams allows.
deny contains message if {
	not _chosen
	message := "no team of this token allows this call; GET /v1/models lists what this caller may call"
}

_chosen if stands_for.origin.source != "list"

_chosen if is_string(stands_for.origin.id)
