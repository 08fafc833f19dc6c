# METADATA
# title: The token stands for somebody
# description: A token needs a role, a team, a user or a mapped scope, unless `allow_unmapped_jwt` lets any in.
# custom:
#   spec: [R3]
#   differs: [R3]
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
