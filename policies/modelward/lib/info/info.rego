# METADATA
# title: What an info route shows
# description: Beside the record that is asked about, a caller is shown its own key and membership, an admin all of them.
# custom:
#   spec: [A3]
package modelward.lib.info

import data.modelward.lib.caller

# METADATA
# description: >-
#   Whether all keys and members of a record are shown; else the hash of the one key, and the id of the one member, null
#   where there is none.
shows := {"everything": false, "key_hash": null, "user_id": null} if not _is_info

shows := {"everything": _everything, "key_hash": _key_hash, "user_id": caller.subject.user_id} if _is_info

_is_info if input.request.operation == "info"

default _everything := false

_everything if caller.is_admin

default _key_hash := null

_key_hash := input.caller.key.token
