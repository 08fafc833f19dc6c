# METADATA
# title: Batches need a key for batches
# description: Routes with a segment `batches` are for keys with the metadata `batches` of `true`, and for admins.
package modelward.rules.batch_routes

import data.modelward.lib.caller

# METADATA
# description: Refuses such a route to every other caller.
deny contains message if {
	not _permitted
	message := $"route `{input.request.path}` needs a key for batches; ask the proxy's admin for one"
}

_permitted if caller.is_admin

_permitted if input.caller.key.metadata.batches == true

_permitted if {
	segments := split(input.request.route, "/")
	not "batches" in segments
}
