# METADATA
# title: The caller
# description: What kind of caller asks.
package modelward.lib.caller

# METADATA
# description: The master key, which has no list, team or owner (L9).
is_master if input.caller.kind == "master"

# METADATA
# description: The master key, or a key whose owner is a proxy admin.
is_admin if is_master

is_admin if input.caller.user.role == "proxy_admin"
