# METADATA
# title: The team asked for is claimed
# description: The team that the header `x-litellm-team-id` asks for must be among those that the token claims.
# custom:
#   spec: [R7]
#   order: 240
#   type: auth_error
#   layer: token
#   remedy: drop_team_header
#   advice: leave `x-litellm-team-id` out, or name a team of the token
#   alike: true
package modelward.token_rules.token_team_header

# METADATA
# description: Refuses a team that the token does not claim.
deny contains message if {
	not _permitted
	message := "this token does not claim the team that `x-litellm-team-id` asks for; leave the header out"
}

_permitted if input.caller.origin.source != "header"

_permitted if is_string(input.caller.origin.id)
