# METADATA
# title: The route is a team token's
# description: A token with a team may use `team_allowed_routes` only.
# custom:
#   spec: [R7]
#   differs: [R7]
#   order: 280
#   type: auth_error
#   layer: route
#   remedy: add_team_route
#   advice: "`team_allowed_routes` do not have this route"
#   alike: true
package modelward.token_rules.token_team_routes

import data.modelward.lib.route

# METADATA
# description: Refuses other routes to a token with a team.
deny contains message if {
	not _permitted
	message := $"a team's token may not use route `{input.request.path}`; ask the proxy's admin to add it to `team_allowed_routes`"
}

_permitted if is_null(input.caller.team)

_permitted if route.covers(data.catalog.tokens.team_allowed_routes)
