# METADATA
# title: The key is not blocked
# description: A blocked key is refused on every route.
# custom:
#   spec: [A2, A4]
#   order: 500
#   status: 401
#   type: auth_error
#   record: key
#   remedy: unblock
#   advice: "the key is blocked: ask the admin"
#   alike: true
package modelward.rules.key_active

import data.modelward.lib.caller

# METADATA
# description: Refuses a blocked key.
deny contains message if {
	not _active
	message := "this key is blocked; ask the proxy's admin to unblock it"
}

_active if input.caller.key.blocked == false

_active if caller.has_no_key
