"""The registry: every rule with its code and level. A row may go; its code never comes back with another meaning."""

from exemplars.model import RecordRule, Rule, SiteRule, StoryRule
from exemplars.rules import approval, criteria, references, structure

RULES: tuple[Rule, ...] = (
    RecordRule("CT001", "error", structure.needed_keys),
    StoryRule("CT002", "ready", structure.keys_for_the_council),
    SiteRule("CT004", "error", structure.one_record_an_id),
    SiteRule("CT005", "error", structure.published_addresses_answer),
    RecordRule("CT011", "ready", structure.lengths),
    RecordRule("CT012", "error", structure.plain_text),
    RecordRule("CT013", "error", structure.publishable_body),
    SiteRule("CT014", "error", structure.one_file_an_address),
    StoryRule("CT018", "ready", structure.body_written),
    StoryRule("CT019", "error", structure.reasoned_waivers),
    StoryRule("CT021", "error", structure.explained_withdrawal),
    RecordRule("TL001", "error", references.known_ids),
    RecordRule("TL002", "error", references.links_lead_somewhere),
    SiteRule("TL003", "warning", references.launched_campaigns),
    StoryRule("TL004", "warning", references.unit_of_its_time),
    SiteRule("TL005", "error", references.no_circles),
    RecordRule("TL006", "error", references.no_withdrawn_example),
    RecordRule("TL007", "warning", references.links_to_published),
    StoryRule("TC001", "error", criteria.known_criteria),
    StoryRule("TC002", "error", criteria.quote_in_text),
    StoryRule("TC003", "warning", criteria.whole_sentence),
    StoryRule("TC004", "ready", criteria.accepted_evidence),
    StoryRule("TC005", "warning", criteria.separate_passages),
    StoryRule("TC006", "ready", criteria.complete_route),
    StoryRule("TC007", "ready", criteria.needed_evidence),
    StoryRule("TC008", "warning", criteria.real_improvement),
    StoryRule("TC009", "warning", criteria.within_the_plan),
    StoryRule("TC010", "ready", criteria.enough_results),
    StoryRule("TC011", "error", criteria.pointers_inside),
    StoryRule("TC012", "ready", criteria.complete_figures),
    StoryRule("TC013", "warning", criteria.fresh_post),
    StoryRule("TC014", "warning", criteria.kept_private),
    StoryRule("DU001", "error", approval.complete_approval),
    StoryRule("DU002", "ready", approval.approved_text),
    StoryRule("DU003", "error", approval.approver_is_not_author),
    StoryRule("DU004", "warning", approval.accepted_were_claimed),
)

NEEDLESS_WAIVER = "CT020"  # said by `checking`, which alone knows what the other rules found
