//! The laws as what must never be seen. Whatever the product believes, this knows what was answered to whom, what was
//! approved, and what reached LinkedIn.

use crate::house::{House, Tenant};
use crate::plan::Plan;
use crate::stage::at_once;
use crate::weather::Written;
use domain::gate;
use domain::ids::{AccountId, WorkspaceId};
use domain::reply::Intent;
use domain::vocabulary::{Channel, LeadSource, MessageStatus, ReasonCode, RunStatus, Verdict};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::message::Message;
use store::prospect::{Prospect, Reply};
use store::run::Run;
use store::{Key, Versioned};

/// A law that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub law: u8,
    pub what: String,
}

fn broken(law: u8, what: impl Into<String>) -> Violation {
    Violation { law, what: what.into() }
}

/// How far the instant at which something is written may lie behind the one at which it was decided.
const BEHIND: SignedDuration = SignedDuration::from_secs(90);

/// A claim that went through.
#[derive(Clone, Debug)]
struct Claim {
    account: AccountId,
    at: Timestamp,
    date: Date,
    invites: bool,
}

/// Who watches.
#[derive(Default)]
pub struct Watch {
    /// What a person approved: the texts they saw or wrote, by message.
    pub approved: BTreeMap<String, BTreeSet<String>>,
    /// Whom a 2xx has promised that nothing goes out any more, by workspace and slug.
    pub stopped: BTreeSet<(String, String)>,
    pub stopped_companies: BTreeSet<(String, String)>,
    /// Accounts that a 2xx has said are paused.
    pub paused: BTreeSet<String>,
    /// When the settings of a workspace were last being changed.
    pub policy_touched: BTreeMap<String, Timestamp>,
    /// Whose answer was taken in, by workspace and person.
    replied: BTreeSet<(String, String)>,
    /// When the clock last went back.
    pub went_back: Option<Timestamp>,
    claims: Vec<Claim>,
    sent: BTreeMap<String, (WorkspaceId, Channel)>,
    seen_calls: usize,
    seen_reached: usize,
}

impl Watch {
    /// Looks at what was just written, by a task that began at `since`.
    pub fn look(&mut self, house: &House, plan: &Plan, written: &[Written], since: Timestamp) -> Result<(), Violation> {
        for item in written.iter().filter(|item| item.kind == "reply") {
            let key = Key::new(item.pk.clone(), item.sk.clone());
            let reply: Option<Versioned<Reply>> = at_once(house.quiet.table.get(&key)).expect("the store is quiet");
            let of_a_person = |reply: &Versioned<Reply>| !matches!(reply.intent, Intent::OutOfOffice | Intent::AutoReply);
            if let Some(reply) = reply.filter(of_a_person) {
                self.replied.insert((reply.workspace.to_string(), reply.prospect.to_string()));
            }
        }
        for item in written.iter().filter(|item| item.kind == "message") {
            let key = Key::new(item.pk.clone(), item.sk.clone());
            let message: Option<Versioned<Message>> = at_once(house.quiet.table.get(&key)).expect("the store is quiet");
            let Some(message) = message else { continue };
            match item.status.as_str() {
                "sending" => self.claim(house, plan, &message, since)?,
                "sent" => {
                    self.sent.insert(message.id.to_string(), (message.workspace.clone(), message.channel));
                }
                _ => {}
            }
        }
        self.calls(house, plan)
    }

    fn claim(&mut self, house: &House, plan: &Plan, message: &Message, since: Timestamp) -> Result<(), Violation> {
        let now = house.clock.now();
        let (id, ws) = (&message.id, &message.workspace);
        let tenant = house.tenants.iter().find(|t| t.id == *ws).ok_or_else(|| broken(8, "a claim of no workspace"))?;
        if !tenant.accounts.contains(&message.account) {
            return Err(broken(8, format!("{id} goes out by an account of another workspace")));
        }
        if !self.approved.get(id.as_str()).is_some_and(|texts| texts.contains(&message.body)) {
            return Err(broken(2, format!("{id} is claimed with a text that nobody approved: {}", message.body)));
        }
        if self.paused.contains(message.account.as_str()) {
            return Err(broken(6, format!("{id} is claimed by an account that was said to be paused")));
        }
        self.person(house, tenant, message, since, now)?;
        self.caps(house, plan, message, now)
    }

    /// Laws 1, 5 and 6: what stands against this person in the instant of the claim.
    fn person(
        &self,
        house: &House,
        tenant: &Tenant,
        message: &Message,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), Violation> {
        let id = &message.id;
        let office = at_once(house.quiet.office(&tenant.id, now)).expect("quiet").ok_or_else(|| broken(1, "no workspace"))?;
        let dossier = at_once(house.quiet.dossier(&tenant.id, &message.prospect)).expect("quiet");
        let dossier = dossier.ok_or_else(|| broken(5, format!("{id} is claimed for somebody who is erased")))?;
        let person = &dossier.prospect;
        let slug = slug_of(person);
        if self.stopped.contains(&(tenant.id.to_string(), slug.clone())) {
            return Err(broken(5, format!("{id} is claimed for {slug}, after a stop was answered")));
        }
        if self.replied.contains(&(tenant.id.to_string(), person.id.to_string())) {
            return Err(broken(5, format!("{id} is claimed for {slug}, whose answer was taken in")));
        }
        let company = house.world.state().0.members.get(&slug).map(|m| m.company.clone()).unwrap_or_default();
        if self.stopped_companies.contains(&(tenant.id.to_string(), company.clone())) {
            return Err(broken(5, format!("{id} is claimed for {slug}, after {company} was put on the black list")));
        }
        // The write of the claim holds the decision it was made upon.
        let decision = person.decision.as_ref().ok_or_else(|| broken(1, format!("{id} is claimed without a decision")))?;
        let overruled = decision.decision.overrule.is_some();
        if decision.decision.verdict != Verdict::Allow {
            return Err(broken(1, format!("{id} is claimed upon a decision that does not allow it")));
        }
        if dossier.analysis.is_none() {
            return Err(broken(1, format!("{id} is claimed for {slug}, who was never analysed")));
        }
        let touched = self.policy_touched.get(tenant.id.as_str()).is_some_and(|at| *at >= since);
        let score = person.score.as_ref().map(|s| s.value);
        let line = line_of(&office.workspace.settings, &person.sources);
        if !touched && !overruled && (line.is_none() || score < line || office.workspace.settings.icp.is_none()) {
            return Err(broken(1, format!("{id} is claimed for {slug} with {score:?}, the line is {line:?}")));
        }
        let mut facts = at_once(house.quiet.gate_facts(&office, &dossier, "watch", now)).expect("quiet");
        if let Some(overrule) = person.overrule.as_ref().filter(|o| o.used_for.as_ref() == Some(id)) {
            let (by, reason, at) = (overrule.by.clone(), overrule.reason.clone(), overrule.at);
            facts.overrule = Some(gate::Overrule { by, reason, at });
        }
        let again = gate::decide(&facts, now);
        for reason in &again.reasons {
            let law = match reason.code {
                // Held before the claim; what others hold meanwhile is theirs.
                ReasonCode::BudgetSpent => continue,
                ReasonCode::NoIcp
                | ReasonCode::NoThreshold
                | ReasonCode::BelowMinFit
                | ReasonCode::BelowThreshold
                | ReasonCode::CannotReachThreshold
                | ReasonCode::OwnTeam
                | ReasonCode::IsCustomer
                | ReasonCode::Competitor
                | ReasonCode::ExcludedTitle
                | ReasonCode::ExcludedCompany
                    if touched || overruled =>
                {
                    continue;
                }
                ReasonCode::Suppressed | ReasonCode::OptedOut | ReasonCode::Erased => 5,
                ReasonCode::Replied | ReasonCode::ConversationOpen | ReasonCode::Meeting => 5,
                ReasonCode::RecentlyContacted => 3,
                ReasonCode::AccountPaused | ReasonCode::NotAnalysed | ReasonCode::StaleAnalysis => 6,
                _ => 1,
            };
            return Err(broken(law, format!("{id} is claimed for {slug} although {:?}: {}", reason.code, reason.text_en)));
        }
        Ok(())
    }

    /// Law 4, counted by ourselves.
    fn caps(&mut self, house: &House, plan: &Plan, message: &Message, now: Timestamp) -> Result<(), Violation> {
        let account = at_once(house.quiet.account(&message.workspace, &message.account)).expect("quiet");
        let account = account.ok_or_else(|| broken(6, "claimed by an account that is gone"))?;
        let zone = account.zone();
        let local = now.to_zoned(zone.clone());
        let invites = message.channel == Channel::LinkedInInvitation;
        let opens = local.date().at(9, 0, 0, 0).to_zoned(zone.clone()).map(|z| z.timestamp()).unwrap_or(now);
        let closes = local.date().at(18, 0, 0, 0).to_zoned(zone.clone()).map(|z| z.timestamp()).unwrap_or(now);
        let weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
        if weekend || now < opens || now > closes + BEHIND {
            return Err(broken(4, format!("{} is claimed at {local}, outside of the hours", message.id)));
        }
        let claim = Claim { account: message.account.clone(), at: now, date: local.date(), invites };
        let own: Vec<&Claim> = self.claims.iter().filter(|c| c.account == claim.account).collect();
        if let Some(last) = own.last()
            && self.went_back.is_none_or(|at| at < last.at)
            && now.duration_since(last.at) < SignedDuration::from_secs(i64::from(account.limits.pause_seconds[0]))
        {
            return Err(broken(4, format!("{} is claimed {} after the one before", message.id, now.duration_since(last.at))));
        }
        let same = own.iter().filter(|c| c.invites == invites);
        let today = same.clone().filter(|c| c.date == claim.date).count() + 1;
        let week_start = claim.date.checked_sub(jiff::Span::new().days(6)).unwrap_or(claim.date);
        let week = same.filter(|c| c.date >= week_start).count() + 1;
        if today > plan.caps as usize || week > plan.caps as usize * 4 {
            return Err(broken(4, format!("{} is the {today}th of the day and the {week}th of the week", message.id)));
        }
        self.claims.push(claim);
        Ok(())
    }

    /// Laws 3, 4, 7, 8 and 9 in what reached the provider.
    fn calls(&mut self, house: &House, plan: &Plan) -> Result<(), Violation> {
        let guard = house.world.state();
        let state = &guard.0;
        for reached in &state.reached[self.seen_reached..] {
            if reached.again {
                return Err(broken(3, format!("{} was written to twice by {}", reached.slug, reached.account)));
            }
            if ["evil.example", "<", "{{"].iter().any(|bad| reached.text.contains(bad)) {
                return Err(broken(9, format!("outside text went out to {}: {}", reached.slug, reached.text)));
            }
            let others = state.reached.iter().filter(|r| r.slug == reached.slug && r.account != reached.account);
            if others.clone().any(|r| tenant_of(&r.account) == tenant_of(&reached.account)) {
                return Err(broken(3, format!("{} was written to by two accounts of one workspace", reached.slug)));
            }
        }
        self.seen_reached = state.reached.len();
        for at in self.seen_calls..state.log.len() {
            let call = &state.log[at];
            let Some(session) = call.account.as_deref().filter(|_| is_read(call.name)) else { continue };
            let zone = zone_of(plan, session);
            let local = call.at.to_zoned(zone.clone());
            let read_at = |c: &&crate::world::Logged| c.account.as_deref() == Some(session) && is_read(c.name);
            let same = state.log[..=at].iter().filter(read_at);
            let today = same.clone().filter(|c| c.at.to_zoned(zone.clone()).date() == local.date()).count();
            if today > plan.reads as usize {
                return Err(broken(4, format!("{session} has read {today} times on {}", local.date())));
            }
            let open = |at: Timestamp| (7..22).contains(&at.to_zoned(zone.clone()).hour());
            if !open(call.at) && !open(call.at - BEHIND) {
                return Err(broken(4, format!("{session} reads at {local}: {}", call.name)));
            }
        }
        self.seen_calls = state.log.len();
        Ok(())
    }

    /// Law 7: neither what is held nor what the vendor charged is above the ceiling.
    pub fn money(&self, house: &House, plan: &Plan) -> Result<(), Violation> {
        let ceiling = i64::try_from(plan.credits).unwrap_or(i64::MAX);
        let mut held = BTreeMap::new();
        for tenant in &house.tenants {
            let workspace = at_once(house.quiet.workspace(&tenant.id)).expect("quiet").expect("a workspace");
            let month = store::facts::month(house.clock.now(), &workspace.settings.zone());
            let credits = at_once(house.quiet.credits(&tenant.id, &month)).expect("quiet");
            if credits.reserved > ceiling {
                return Err(broken(7, format!("{} credits of {ceiling} are held in {month}", credits.reserved)));
            }
            held.insert(month, ());
        }
        if plan.tenants == 1 {
            let zone = TimeZone::get(plan.zone).unwrap_or(TimeZone::UTC);
            let mut charged: BTreeMap<String, i64> = BTreeMap::new();
            for call in &house.world.state().0.log {
                *charged.entry(store::facts::month(call.at, &zone)).or_default() += i64::from(call.credits);
            }
            if let Some((month, sum)) = charged.iter().find(|(_, sum)| **sum > ceiling) {
                return Err(broken(7, format!("the vendor charged {sum} credits in {month}, the ceiling is {ceiling}")));
            }
        }
        Ok(())
    }

    /// When everything has come to rest: nothing hangs, nothing leaks, every sum can be recounted.
    pub fn at_rest(&self, house: &House) -> Result<(), Violation> {
        let items = house.embedded.every_item(crate::house::TABLE).expect("memory");
        let runs: Vec<Run> = items
            .iter()
            .filter(|item| store::table::text(item, "t") == Some("run"))
            .map(|item| store::record::decode::<Run>(item).expect("a run").item)
            .collect();
        for item in &items {
            match store::table::text(item, "t") {
                Some("message") => {
                    let message = store::record::decode::<Message>(item).expect("a message").item;
                    let now = house.clock.now();
                    let late = message.check_at.is_some_and(|at| at + SignedDuration::from_hours(26) < now);
                    if message.status == MessageStatus::Sending || (message.status == MessageStatus::Uncertain && late) {
                        return Err(broken(3, format!("{} hangs in {}", message.id, message.status.as_str())));
                    }
                }
                Some("prospect") => {
                    let person = store::record::decode::<Prospect>(item).expect("a person").item;
                    // A page that was cut off is read again when its collection goes on, or when the post is collected anew.
                    let by = runs.iter().find(|run| Some(&run.id) == person.created_by.as_ref());
                    let whole = by.is_none_or(|run| run.status == RunStatus::Done);
                    if person.merged_into.is_none() && person.decision.is_none() && whole {
                        let waits = items.iter().filter_map(|i| store::record::decode::<store::batch::Batch>(i).ok());
                        let waits: Vec<String> = waits
                            .filter(|batch| batch.people.contains(&person.id))
                            .map(|batch| format!("{:?} at {} after {} tries", batch.stage, batch.next_at, batch.tries))
                            .collect();
                        let (slug, id) = (slug_of(&person), &person.id);
                        return Err(broken(1, format!("{slug} ({id}) was never decided about; batches: {waits:?}")));
                    }
                    if let Some(score) = &person.score {
                        let sum: i64 = score.features.iter().map(|f| i64::from(f.points)).sum();
                        if sum != i64::from(score.raw) || sum.clamp(0, 100) != i64::from(score.value) {
                            return Err(broken(10, format!("the score of {} is not its sum", slug_of(&person))));
                        }
                    }
                }
                _ => {}
            }
        }
        self.sums(house)?;
        self.apart(house)
    }

    /// Law 10: the sums by day are what was seen to be sent.
    fn sums(&self, house: &House) -> Result<(), Violation> {
        for tenant in &house.tenants {
            let days = at_once(house.quiet.days(&tenant.id, Date::MIN, Date::MAX)).expect("quiet");
            for (name, channel) in
                [("invitations_sent", Channel::LinkedInInvitation), ("messages_sent", Channel::LinkedInMessage)]
            {
                let sum: i64 = days.iter().filter_map(|(_, counts)| counts.get(name)).sum();
                let seen = self.sent.values().filter(|(ws, by)| *by == channel && *ws == tenant.id).count();
                if sum != seen as i64 {
                    return Err(broken(10, format!("{name} is {sum}, recounted it is {seen}")));
                }
            }
        }
        Ok(())
    }

    /// Law 8: nobody sees what belongs to others.
    fn apart(&self, house: &House) -> Result<(), Violation> {
        for (one, other) in [(0, 1), (1, 0)] {
            let (Some(one), Some(other)) = (house.tenants.get(one), house.tenants.get(other)) else { return Ok(()) };
            let (_, people) = house.ask(one, "/api/v1/prospects?limit=50");
            for person in people["items"].as_array().into_iter().flatten().take(5) {
                let id = person["id"].as_str().unwrap_or_default();
                let (status, _) = house.ask(other, &format!("/api/v1/prospects/{id}"));
                // Ids are made of what they are about: the same person may be known to both, under ids of their own.
                if status.as_u16() != 404 {
                    return Err(broken(8, format!("{id} of one workspace answers {status} in another")));
                }
            }
        }
        Ok(())
    }
}

fn tenant_of(session: &str) -> &str {
    session.rsplit_once('-').map_or(session, |(tenant, _)| tenant)
}

fn zone_of(plan: &Plan, session: &str) -> TimeZone {
    let zone = if session.starts_with("session-0") { plan.zone } else { "America/Montreal" };
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}

/// A call that only looks, through the session.
fn is_read(name: &str) -> bool {
    !matches!(name, "connect" | "send_message" | "withdraw_invitation")
}

pub fn slug_of(person: &Prospect) -> String {
    let url = person.profile_url.as_deref().unwrap_or_default();
    url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The highest line of the sources, read from the settings by hand.
fn line_of(settings: &domain::workspace::Settings, sources: &[LeadSource]) -> Option<u8> {
    let general = settings.threshold?;
    sources.iter().map(|source| settings.thresholds.get(source).copied().unwrap_or(general)).max()
}
