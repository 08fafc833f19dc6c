# METADATA
# title: The token is mapped to a subject
# description: A token needs a role, a team, a user or a mapped scope, unless `allow_unmapped_jwt` lets any in.
# custom:
#   spec: [R3]
#   differs: [R3]
#   order: 310
#   type: auth_error
#   layer: token
#   remedy: claim_role
#   advice: "the token maps to nothing here: ask the admin"
#   alike: true
package modelward.token_rules.token_mapped

import data.modelward.lib.token

# METADATA
# description: Refuses a token that maps to nothing.
deny contains message if {
	not _mapped
	message := "this token maps to no role, team, user or scope of this proxy; ask the proxy's admin"
}

# METADATA
# description: A token without a role may call what no list withholds from it; with one, the role grants.
grants := {model: {"by": "token", "groups": []} |
	some model in input.request.models
	_mapped
	not token.role
}

_mapped if token.role

_mapped if is_object(input.caller.team)

_mapped if is_object(input.caller.user)

_mapped if token.has_mapped_scope

_mapped if data.catalog.tokens.allow_unmapped == true
