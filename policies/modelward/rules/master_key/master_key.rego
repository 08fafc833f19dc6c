# METADATA
# title: The master key may call every model
# description: It has no list; that the model exists is another rule's question.
# custom:
#   spec: [L9]
#   layer: master key
#   alike: true
package modelward.rules.master_key

import data.modelward.lib.caller

# METADATA
# description: Nothing is refused to it here.
deny := set()

# METADATA
# description: Grants every model.
grants := {model: {"by": "master key", "groups": []} | some model in input.request.models; caller.is_master}
