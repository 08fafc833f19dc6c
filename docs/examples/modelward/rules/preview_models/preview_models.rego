# METADATA
# title: Preview models are for trials
# description: A model whose name contains `preview` needs a key with the metadata `preview` of `true`.
package modelward.rules.preview_models

import data.modelward.lib.caller
import data.modelward.lib.catalog

# METADATA
# description: Refuses a preview model to every other caller.
deny contains message if {
	some model, entry in catalog.entry
	not _permitted(entry)
	message := $"model `{model}` is a preview; ask the proxy's admin for a key for previews"
}

_permitted(_) if caller.is_master

_permitted(_) if input.caller.key.metadata.preview == true

_permitted(entry) if not contains(lower(entry.model), "preview")
