# METADATA
# title: The proxy serves this route
# description: The config's allowed_routes bind every caller, the master key too.
# custom:
#   spec: [A3, A6]
#   differs: [A3]
#   order: 100
#   type: auth_error
#   layer: route
#   remedy: add_proxy_route
#   advice: the config's `allowed_routes` close this route
#   alike: true
package modelward.rules.proxy_routes

import data.modelward.lib.route

# METADATA
# description: Refuses a route outside the proxy-wide list.
deny contains message if {
	not _served
	message := $"route `{input.request.path}` is closed by this proxy's `allowed_routes`"
}

_served if is_null(data.catalog.settings.allowed_routes)

_served if route.covers(data.catalog.settings.allowed_routes)
