# METADATA
# title: The role may use this route
# description: With `enforce_rbac` the routes of the role in `role_permissions` bind; none is any.
# custom:
#   spec: [R4, A3]
#   order: 1110
#   type: auth_error
#   record: role
#   remedy: add_role_route
#   advice: the role's `routes` do not have this route
#   alike: true
package modelward.token_rules.role_routes

import data.modelward.lib.route
import data.modelward.lib.token

# METADATA
# description: Refuses a route that the role may not use.
deny contains message if {
	not _permitted
	message := $"the role of this token may not use route `{input.request.path}`; ask the proxy's admin to add it to `role_permissions`"
}

_permitted if data.catalog.tokens.enforce_roles == false

_permitted if {
	is_object(data.catalog.tokens.roles)
	not token.permission
}

_permitted if is_null(token.permission.routes)

_permitted if route.covers(token.permission.routes)
