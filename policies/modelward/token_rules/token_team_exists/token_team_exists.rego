# METADATA
# title: The token's team exists
# description: A team that a token names must have a record.
# custom:
#   spec: [R7, E2]
#   order: 260
#   status: 404
#   type: auth_error
#   layer: team
#   remedy: create_token_team
#   advice: "the token's team has no record: ask the admin"
#   alike: true
package modelward.token_rules.token_team_exists

import data.modelward.token_caller

# METADATA
# description: Refuses a token whose team has no record.
deny contains message if {
	not _found
	message := "this token's team does not exist here; ask the proxy's admin to add it"
}

_found if input.caller.origin.source in {"admin", "list", "none"}

_found if input.caller.records.teams[input.caller.origin.id]

# Whether the token claims it, is another rule's question.
_found if {
	input.caller.origin.source == "header"
	is_null(input.caller.origin.id)
}

# That the claim is not there is another rule's question.
_found if {
	input.caller.origin.source == "claim"
	token_caller.lacks_claim
}
