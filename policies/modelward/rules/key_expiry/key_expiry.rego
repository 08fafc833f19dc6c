# METADATA
# title: The key has not expired
# description: A key is good until its expiry; without one it does not expire.
# custom:
#   spec: [A2, A4]
#   order: 520
#   status: 401
#   type: expired_key
#   record: key
#   remedy: renew
#   advice: ask for a new key
#   alike: true
package modelward.rules.key_expiry

import data.modelward.lib.caller

# METADATA
# description: Refuses an expired key.
deny contains message if {
	not _current
	message := "this key has expired; ask the proxy's admin for a new one"
}

default holds_until := 0

# METADATA
# description: A decision on a key holds until the key expires, and for no time where that is not known.
holds_until := expiry if {
	expiry := input.caller.key.expires_ns
	is_number(expiry)
} else := null if {
	is_null(input.caller.key.expires_ns)
} else := null if {
	caller.has_no_key
}

_current if is_null(input.caller.key.expires_ns)

_current if {
	is_number(input.caller.key.expires_ns)
	is_number(input.request.time_ns)
	input.caller.key.expires_ns > input.request.time_ns
}

_current if caller.has_no_key
