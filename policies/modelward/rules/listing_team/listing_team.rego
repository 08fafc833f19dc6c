# METADATA
# title: A listing is of a team of the caller
# description: A listing that names a team is for its members and for admins.
# custom:
#   spec: [V2]
#   order: 630
#   type: auth_error
#   layer: team
#   remedy: drop_team_id
#   advice: leave out `team_id`, or name a team of yours
#   alike: true
package modelward.rules.listing_team

import data.modelward.lib.caller
import data.modelward.lib.token

# METADATA
# description: Refuses a listing in the name of another team.
deny contains message if {
	not _permitted
	message := "this caller is not in the team that `team_id` names; leave `team_id` out"
}

_permitted if input.request.operation in {"infer", "info", "manage", "state"}

_permitted if is_null(input.request.record)

_permitted if caller.is_admin

_permitted if input.request.record.id == input.caller.team.team_id

_permitted if input.request.record.id in input.caller.user.teams

_permitted if {
	caller.is_token
	input.request.record.id in token.teams
}
