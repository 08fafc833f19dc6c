# METADATA
# title: The claim for a team is there
# description: A token needs the claim for one team that the config names, and a token with the role of a team needs a team.
# custom:
#   spec: [R7]
#   differs: [R7]
#   order: 250
#   status: 401
#   type: auth_error
#   layer: token
#   remedy: claim_team
#   advice: get a token with the claim for a team
#   alike: true
package modelward.token_rules.token_team_claim

import data.modelward.lib.token
import data.modelward.token_caller

# METADATA
# description: Refuses a token without its claim for a team.
deny contains message if {
	not _has_team
	message := "this token lacks its claim for a team; ask your identity provider for a token with it"
}

_has_team if input.caller.origin.source in {"admin", "header", "object", "list", "user"}

_has_team if {
	input.caller.origin.source == "claim"
	not token_caller.lacks_claim
}

_has_team if {
	input.caller.origin.source == "none"
	not token.role == "team"
}
