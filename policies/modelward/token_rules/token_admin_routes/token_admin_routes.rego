# METADATA
# title: The route is an admin token's
# description: A token with the admin's scope may use `admin_allowed_routes` only.
# custom:
#   spec: [R6]
#   differs: [R6]
#   order: 230
#   status: 401
#   type: auth_error
#   layer: route
#   remedy: add_admin_route
#   advice: "`admin_allowed_routes` do not have this route"
#   alike: true
package modelward.token_rules.token_admin_routes

import data.modelward.lib.route
import data.modelward.lib.token

# METADATA
# description: Refuses other routes to an admin's token.
deny contains message if {
	not _permitted
	message := $"an admin's token may not use route `{input.request.path}`; ask the proxy's admin to add it to `admin_allowed_routes`"
}

_permitted if not token.is_admin

_permitted if route.covers(data.catalog.tokens.admin_allowed_routes)
