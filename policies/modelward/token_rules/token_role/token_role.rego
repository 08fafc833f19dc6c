# METADATA
# title: The token has a role
# description: With `enforce_rbac` a token needs a role.
# custom:
#   spec: [R2, R3]
#   order: 220
#   type: auth_error
#   layer: token
#   remedy: claim_role
#   advice: "the token has no role here: ask the admin"
#   alike: true
package modelward.token_rules.token_role

import data.modelward.lib.token

# METADATA
# description: Refuses a token without a role, where the config asks for one.
deny contains message if {
	not _permitted
	message := "this token has no role at this proxy; ask the proxy's admin"
}

_permitted if token.role

_permitted if data.catalog.tokens.enforce_roles == false
