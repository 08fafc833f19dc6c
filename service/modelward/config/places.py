"""Where a config declares its models and the lists of models of its subjects."""

from collections.abc import Mapping

from modelward.config.grants import grant_lists
from modelward.config.place import Place
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.values import Path

Places = Mapping[tuple[str, str], Place]


def places(sections: Sections, report: Report) -> Places:
    """The place of each subject's list of models, or of the subject where it has none, keyed by kind and id.

    The kinds are those of GrantList, and `model`: the first item of the entry in `model_list`, a common one before a
    team's own.
    """
    paths: dict[tuple[str, str], Path] = {}
    for grants in grant_lists(sections):
        paths.setdefault((grants.kind, grants.id), (*grants.path, grants.field))
    for index, item in sorted(sections.models.items(), key=lambda pair: pair[1].model_info.team_id is not None):
        for name in (item.public_name, item.model_name):
            paths.setdefault(("model", name), ("model_list", index))
    return {subject: report.place(path) for subject, path in paths.items()}
