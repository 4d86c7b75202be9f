//! From a provider's row to a person with evidence, or to the reason why it is no lead.

use crate::EngagementPuller;
use crate::collect::Known;
use crate::own_posts;
use crate::page::{Page, Rows};
use domain::evidence::Engagement;
use domain::fold;
use domain::identity::{self, Key};
use domain::ids::{EngagementId, ProspectId};
use domain::reaction_date::{self, Clues};
use domain::rereading::{PageOrder, Sight};
use domain::tone::Tone;
use domain::vocabulary::{DropCode, EngagementKind, ReactionKind};
use futures::future::join_all;
use jiff::Timestamp;
use kit::Failure;
use outbound::linkedin::{CommentRow, ReactionRow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::Versioned;
use store::account::Account;
use store::door::{AtTheDoor, ERASED, already};
use store::facts::Office;
use store::intake::Row;
use store::prospect::{Prospect, StoredEngagement};
use store::record::encode;
use store::run::{Part, RowOutcome, Run, RunPage};

/// What tells a reaction from a person's comments on the same post; there is one at most.
const REACTION: &str = "reaction";

/// A row of either kind, read as far as it goes.
#[derive(Clone, Serialize, Deserialize)]
struct Act {
    name: Option<String>,
    headline: Option<String>,
    profile_url: Option<String>,
    keys: Vec<Key>,
    degree: Option<u8>,
    kind: EngagementKind,
    reaction: Option<ReactionKind>,
    text: Option<String>,
    /// When it happened, where the provider says so.
    at: Option<Timestamp>,
    /// What tells it from the person's other acts on the post.
    reference: String,
}

impl Act {
    fn of_reaction(row: &ReactionRow) -> Self {
        Self {
            keys: identity::keys_of(row.profile_url.as_deref(), row.actor_urn.as_deref(), None),
            name: row.name.clone(),
            headline: row.headline.clone(),
            profile_url: row.profile_url.clone(),
            degree: row.degree,
            kind: EngagementKind::Reaction,
            reaction: row.reaction.and_then(|r| ReactionKind::parse(r.as_str())),
            text: None,
            at: None,
            reference: REACTION.into(),
        }
    }

    fn of_comment(row: &CommentRow) -> Self {
        // The urn of a commenter comes as a bare `ACoAA…` too, which `keys_of` reads.
        let keys = identity::keys_of(row.profile_url.as_deref(), row.profile_urn.as_deref(), None);
        let text = row.text.clone().unwrap_or_default();
        Self {
            keys,
            name: row.name.clone(),
            headline: row.headline.clone(),
            profile_url: row.profile_url.clone(),
            degree: row.degree,
            kind: EngagementKind::Comment,
            reaction: None,
            at: row.created_at,
            reference: row.comment_urn.clone().unwrap_or_else(|| domain::ids::derive_hex(&["comment", &text])),
            text: Some(text),
        }
    }

    fn at_the_door(&self) -> AtTheDoor<'_> {
        AtTheDoor {
            keys: &self.keys,
            name: self.name.as_deref(),
            headline: self.headline.as_deref(),
            profile_url: self.profile_url.as_deref(),
            company: None,
        }
    }

    /// The row as it is shown among the dropped ones.
    fn shown(&self) -> Value {
        json!({
            "kind": self.kind, "name": self.name, "headline": self.headline, "profile_url": self.profile_url,
            "reaction": self.reaction, "text": self.text,
        })
    }
}

/// Comments with the wanted words whose writers must have reacted too.
#[derive(Default)]
struct Waiting {
    pages: Vec<RunPage>,
    /// Where each stands, by page and row.
    acts: Vec<(usize, usize, Act)>,
}

impl Waiting {
    /// Those by somebody with one of these keys.
    fn of<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = &'a (usize, usize, Act)> {
        self.acts.iter().filter(move |(_, _, act)| act.keys.iter().any(|key| keys.contains(key)))
    }
}

/// What a page came to.
pub(crate) struct TakenIn {
    /// What became of each row.
    pub rows: Vec<RowOutcome>,
    /// The people to analyse (again).
    pub touched: Vec<ProspectId>,
    /// Of a page of reactions: which were new.
    pub order: Option<PageOrder>,
    /// A hash of what the page held.
    pub mark: String,
}

/// What became of a row, its person, and the comments that waited for it.
type Taken = (RowOutcome, Option<Versioned<Prospect>>, Vec<(usize, usize)>);

impl EngagementPuller {
    /// Takes in the rows of a page: people are found or made, their acts kept as evidence.
    pub(crate) async fn take_in(
        &self,
        run: &Run,
        account: &Versioned<Account>,
        office: &Office,
        page: &Page,
        known: &Known,
        now: Timestamp,
    ) -> Result<TakenIn, Failure> {
        let acts: Vec<Act> = match &page.rows {
            Rows::Reactions(rows) => rows.iter().map(Act::of_reaction).collect(),
            Rows::Comments(rows) => rows.iter().map(Act::of_comment).collect(),
            Rows::Posts(rows) => return Ok(TakenIn::posts(own_posts::to_read(rows, run, now))),
        };
        let mark = mark(&acts);
        let keys: Vec<Key> = acts.iter().flat_map(|act| act.keys.clone()).collect();
        let erased = self.store.erased_among(&run.workspace, &keys).await.map_err(Failure::soon)?;
        let is_erased = |act: &Act| act.keys.iter().any(|key| erased.contains(key));
        let mut waiting = self.waiting(run).await?;
        // Rows without a key in common are different people as far as this page knows: they are taken in side by side.
        // A row that shares a key with one before it waits for that one.
        let mut seen = HashSet::new();
        let (first, again): (Vec<usize>, Vec<usize>) = (0..acts.len()).partition(|place| {
            let keys: Vec<bool> = acts[*place].keys.iter().map(|key| seen.insert(key)).collect();
            keys.into_iter().all(|new| new)
        });
        let take = |place: usize| {
            let (act, known, waiting) = (&acts[place], is_erased(&acts[place]), &waiting);
            async move {
                // Before anything else is said of the row: nothing of it may be kept.
                let taken = match known {
                    true => Ok((of_erased(), None, Vec::new())),
                    false => self.take_in_one(act, run, account, office, waiting, now).await,
                };
                (place, taken)
            }
        };
        let mut taken = join_all(first.into_iter().map(take)).await;
        for place in again {
            taken.push(take(place).await);
        }
        taken.sort_by_key(|(place, _)| *place);
        let mut outcomes = Vec::with_capacity(acts.len());
        let mut kept: Vec<(Act, Versioned<Prospect>)> = Vec::new();
        let mut found: Vec<(usize, usize, ProspectId)> = Vec::new();
        for (act, (_, taken)) in acts.into_iter().zip(taken) {
            let (outcome, person, comments) = taken?;
            outcomes.push(outcome);
            let Some(person) = person else { continue };
            for (page, row) in comments {
                let comment = waiting.acts.iter().find(|(p, r, _)| (*p, *r) == (page, row));
                kept.extend(comment.map(|(_, _, act)| (act.clone(), person.clone())));
                found.push((page, row, person.id.clone()));
            }
            kept.push((act, person));
        }
        let (touched, sights) = self.keep_evidence(run, office, kept, known, now).await?;
        self.no_longer_waiting(&mut waiting, found).await?;
        let order = (run.position.part == Part::Reactions).then(|| PageOrder::of(sights));
        Ok(TakenIn { rows: outcomes, touched, order, mark })
    }

    /// The comments that wait for a reaction, while the reactions are read.
    async fn waiting(&self, run: &Run) -> Result<Waiting, Failure> {
        if !run.filters.wants_both() || run.position.part != Part::Reactions {
            return Ok(Waiting::default());
        }
        let pages =
            self.store.pages_of(&run.workspace, &run.id, Part::Comments, run.position.step).await.map_err(Failure::soon)?;
        let mut acts = Vec::new();
        for (page, stored) in pages.iter().enumerate() {
            for (row, outcome) in stored.rows.iter().enumerate() {
                let RowOutcome::Waiting { row: act, .. } = outcome else { continue };
                // An emptied row is somebody's who was erased meanwhile.
                acts.extend(serde_json::from_value(act.clone()).ok().map(|act| (page, row, act)));
            }
        }
        Ok(Waiting { pages, acts })
    }

    /// Writes down whose waiting comments these were. Read again after a crash, they are found again.
    async fn no_longer_waiting(&self, waiting: &mut Waiting, found: Vec<(usize, usize, ProspectId)>) -> Result<(), Failure> {
        let mut changed = BTreeSet::new();
        for (page, row, person) in found {
            let outcome = waiting.pages.get_mut(page).and_then(|stored| stored.rows.get_mut(row));
            if let Some(RowOutcome::Waiting { prospect, .. }) = outcome {
                *prospect = Some(person);
                changed.insert(page);
            }
        }
        for page in changed {
            self.store.put_run_page(&waiting.pages[page]).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    /// What becomes of one row, and its person where there is one.
    async fn take_in_one(
        &self,
        act: &Act,
        run: &Run,
        account: &Versioned<Account>,
        office: &Office,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<Taken, Failure> {
        let dropped =
            |code, text: &str| (RowOutcome::Dropped { code, text: text.to_owned(), row: act.shown() }, None, Vec::new());
        if let Some((code, text)) = office.keeps_out(act.at_the_door(), run) {
            return Ok(dropped(code, text));
        }
        if let Some(text) = filtered(act, run) {
            return Ok(dropped(DropCode::Filtered, text));
        }
        let known = self.store.known_to(run, &act.keys).await.map_err(Failure::soon)?;
        if let Some(text) = known.as_ref().and_then(|p| already(p, run)) {
            return Ok(dropped(DropCode::Filtered, text));
        }
        let mut keys = act.keys.clone();
        let mut comments = Vec::new();
        if run.filters.wants_both() {
            if run.position.part == Part::Comments {
                let row = serde_json::to_value(act).map_err(Failure::soon)?;
                return Ok((RowOutcome::Waiting { row, prospect: None }, None, Vec::new()));
            }
            for (page, row, comment) in waiting.of(&act.keys) {
                comments.push((*page, *row));
                let new: Vec<Key> = comment.keys.iter().filter(|key| !keys.contains(key)).cloned().collect();
                keys.extend(new);
            }
            if comments.is_empty() {
                return Ok(dropped(
                    DropCode::Filtered,
                    "Cette personne a réagi, sans commenter avec les mots que vous cherchez.",
                ));
            }
        }
        let row = Row {
            keys,
            name: act.name.clone(),
            headline: act.headline.clone(),
            profile_url: act.profile_url.clone(),
            degree: act.degree,
            degree_account: Some(account.id.clone()),
            source: Some(run.source),
            run: Some(run.id.clone()),
            ..Row::default()
        };
        let intake = self.store.intake(&run.workspace, &row, now).await.map_err(Failure::soon)?;
        let Some(intake) = intake else { return Ok((of_erased(), None, Vec::new())) };
        let prospect = intake.prospect.id.clone();
        let outcome = if intake.created { RowOutcome::Created { prospect } } else { RowOutcome::Merged { prospect } };
        Ok((outcome, Some(intake.prospect), comments))
    }

    /// The tones of comments by their texts. A model is asked about what it has not read yet; the lexicon reads anew.
    async fn tones_of(
        &self,
        run: &Run,
        office: &Office,
        kept: &[(Act, Versioned<Prospect>)],
        known: &HashMap<EngagementId, StoredEngagement>,
        now: Timestamp,
    ) -> Result<HashMap<String, Tone>, Failure> {
        let read_before = |act: &Act, person: &Prospect| {
            let old = earlier(known, run, act, person).map(|old| &old.engagement);
            self.model.is_some() && old.is_some_and(|old| old.text == act.text && old.tone.is_some())
        };
        let unread = kept.iter().filter(|(act, person)| !read_before(act, person));
        let mut texts: Vec<&str> = unread.filter_map(|(act, _)| act.text.as_deref()).collect();
        texts.sort_unstable();
        texts.dedup();
        let tones = self.tones(office, &texts, now).await?;
        Ok(texts.into_iter().map(str::to_owned).zip(tones).collect())
    }

    /// Writes what is new or changed, in one batch; answers the people it concerns and those never decided about, and
    /// whether each act was seen before.
    async fn keep_evidence(
        &self,
        run: &Run,
        office: &Office,
        kept: Vec<(Act, Versioned<Prospect>)>,
        before: &Known,
        now: Timestamp,
    ) -> Result<(Vec<ProspectId>, Vec<Sight>), Failure> {
        let ws = &run.workspace;
        // Who was made a moment ago has no acts yet.
        let met_before = kept.iter().filter(|(_, p)| p.version > 1 || p.created_at < now);
        // Those merged into them may bear the act: it stays theirs, and is not written twice.
        let wanted = met_before.flat_map(|(act, p)| bearers(p).map(move |id| (id, engagement_id(run, act, id))));
        let mut wanted: Vec<_> = wanted.map(|(bearer, id)| StoredEngagement::key_of(ws, bearer, &id)).collect();
        wanted.sort();
        wanted.dedup();
        let known = self.store.table.get_many::<StoredEngagement>(&wanted).await.map_err(Failure::soon)?;
        let mut known: HashMap<EngagementId, StoredEngagement> =
            known.into_iter().map(|e| (e.item.engagement.id.clone(), e.item)).collect();
        let tones = self.tones_of(run, office, &kept, &known, now).await?;
        // Of reactions alone: a comment has a date of its own, or none is known.
        let last_pull_without = before.reading.complete_at.filter(|_| run.position.part == Part::Reactions);
        let is_past = |seen: Timestamp| before.reading.closed_at.is_some_and(|closed| seen > closed);
        let began = run.started_at.unwrap_or(now);
        let mut written = Vec::new();
        let mut touched = Vec::new();
        let mut sights = Vec::with_capacity(kept.len());
        for (act, person) in kept {
            let old = bearers(&person).find_map(|bearer| known.remove(&engagement_id(run, &act, bearer)));
            let of_this_pull = old.as_ref().is_some_and(|o| o.engagement.first_seen_at >= began);
            sights.push(match &old {
                None => Sight::New,
                Some(o) if of_this_pull || is_past(o.engagement.first_seen_at) => Sight::Unsettled,
                Some(_) => Sight::Known,
            });
            let mut new = stored(run, &act, &person.id, old.as_ref(), last_pull_without, now);
            let read_before = old.as_ref().and_then(|old| old.engagement.tone);
            new.engagement.tone = act.text.as_deref().and_then(|text| tones.get(text).copied().or(read_before));
            let changed = old.as_ref() != Some(&new);
            if changed {
                written.push(encode(&new, 1).map_err(Failure::soon)?);
            }
            // Seen by this very pull: it may have ended before their score was asked for.
            if (changed || of_this_pull || person.decision.is_none()) && !touched.contains(&person.id) {
                touched.push(person.id.clone());
            }
            known.insert(new.engagement.id.clone(), new);
        }
        written.reverse();
        let mut seen = std::collections::HashSet::new();
        // A row repeated on its page is written once, as its last appearance has it.
        written.retain(|item| seen.insert(store::table::text(item, "sk").map(str::to_owned)));
        self.store.table.overwrite_many(written).await.map_err(Failure::soon)?;
        Ok((touched, sights))
    }
}

/// The act as an earlier pull kept it.
fn earlier<'k>(
    known: &'k HashMap<EngagementId, StoredEngagement>,
    run: &Run,
    act: &Act,
    person: &Prospect,
) -> Option<&'k StoredEngagement> {
    bearers(person).find_map(|bearer| known.get(&engagement_id(run, act, bearer)))
}

/// A row about somebody erased counts, and nothing of it is kept.
fn of_erased() -> RowOutcome {
    RowOutcome::Dropped { code: DropCode::Filtered, text: ERASED.to_owned(), row: json!({}) }
}

/// What a page held, hashed: the same rows in the same order have the same mark. Empty where nobody on it has a key:
/// pages of members without a name look all alike.
fn mark(acts: &[Act]) -> String {
    if acts.iter().all(|act| act.keys.is_empty()) {
        return String::new();
    }
    let parts: Vec<String> = acts.iter().map(|act| format!("{}#{}#{}", shown_key(act), act.kind, act.reference)).collect();
    domain::ids::derive_hex(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

fn shown_key(act: &Act) -> &str {
    act.keys.first().map(|key| key.value.as_str()).or(act.profile_url.as_deref()).or(act.name.as_deref()).unwrap_or_default()
}

impl TakenIn {
    /// A page of posts: nobody is met on it.
    fn posts(rows: Vec<RowOutcome>) -> Self {
        let urns: Vec<&str> =
            rows.iter().filter_map(|r| if let RowOutcome::Post { urn, .. } = r { Some(urn.as_str()) } else { None }).collect();
        let mark = domain::ids::derive_hex(&urns);
        Self { rows, touched: Vec::new(), order: None, mark }
    }
}

/// The id of a person's reaction to the run's post.
pub(crate) fn reaction_id(run: &Run, person: &ProspectId) -> EngagementId {
    EngagementId::derive(&[run.workspace.as_str(), person.as_str(), &run.urn, EngagementKind::Reaction.as_str(), REACTION])
}

/// Under whose ids a person's acts may stand: their own first, then those merged into them.
pub(crate) fn bearers(person: &Prospect) -> impl Iterator<Item = &ProspectId> {
    std::iter::once(&person.id).chain(&person.aliases)
}

fn engagement_id(run: &Run, act: &Act, person: &ProspectId) -> EngagementId {
    EngagementId::derive(&[run.workspace.as_str(), person.as_str(), &run.urn, act.kind.as_str(), &act.reference])
}

fn stored(
    run: &Run,
    act: &Act,
    person: &ProspectId,
    old: Option<&StoredEngagement>,
    last_pull_without: Option<Timestamp>,
    now: Timestamp,
) -> StoredEngagement {
    let first_seen_at = old.map_or(now, |o| o.engagement.first_seen_at);
    let clues = Clues { given: act.at, posted_at: Some(run.post_date), last_pull_without, first_seen_at };
    let dated = reaction_date::date(&clues);
    // What was worked out at the first sight stays: every complete pull since has contained it.
    let at = act.at.or(old.map(|o| o.engagement.at)).unwrap_or(dated.at);
    let bearer = old.map_or(person, |o| &o.prospect);
    StoredEngagement {
        workspace: run.workspace.clone(),
        prospect: bearer.clone(),
        urn: run.urn.clone(),
        engagement: Engagement {
            id: engagement_id(run, act, bearer),
            post_url: run.post_url.clone(),
            own_post: run.own_post,
            kind: act.kind,
            reaction: act.reaction,
            tone: None,
            text: act.text.clone(),
            at,
            at_estimated: dated.estimated,
            first_seen_at,
            gone_at: None,
        },
    }
}

/// What the filters of a run leave out. Source: docs/rules.md, "Lead sources".
fn filtered(act: &Act, run: &Run) -> Option<&'static str> {
    let filters = &run.filters;
    match run.position.part {
        Part::Reactions if !filters.reactions.is_empty() => {
            let kept = act.reaction.is_some_and(|r| filters.reactions.contains(&r));
            (!kept).then_some("Cette réaction n’est pas de celles que vous cherchez.")
        }
        Part::Comments if !filters.words.is_empty() => {
            let said = fold::fold(act.text.as_deref().unwrap_or_default());
            let words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            let occurs = |wanted: &String| {
                let wanted = fold::fold(wanted);
                let wanted: Vec<&str> = wanted.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
                !wanted.is_empty() && words.windows(wanted.len()).any(|w| w == wanted)
            };
            let kept = if filters.match_all { filters.words.iter().all(occurs) } else { filters.words.iter().any(occurs) };
            (!kept).then_some("Ce commentaire ne contient pas les mots que vous cherchez.")
        }
        _ => None,
    }
}
