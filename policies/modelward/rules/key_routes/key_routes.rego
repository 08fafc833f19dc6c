# METADATA
# title: The key may use this route
# description: A key's allowed_routes, if it has any, bind on every route.
# custom:
#   spec: [A3]
#   order: 530
#   type: auth_error
#   record: key
#   remedy: add_key_route
#   advice: the key's `allowed_routes` do not have this route
#   alike: true
package modelward.rules.key_routes

import data.modelward.lib.caller
import data.modelward.lib.route

# METADATA
# description: Refuses a route outside the key's list.
deny contains message if {
	not _permitted
	message := $"this key may not use route `{input.request.path}`; ask the proxy's admin to add it to the key's `allowed_routes`"
}

_permitted if input.caller.key.allowed_routes == []

_permitted if route.covers(input.caller.key.allowed_routes)

_permitted if caller.has_no_key
