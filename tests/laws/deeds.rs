//! What people do meanwhile: they review, change their minds, pause, black-list, erase; and what the outside tells.

use crate::chance::Chance;
use crate::house::{House, POSTS, Tenant};
use crate::plan::{Ambush, Plan};
use crate::simulation::Simulation;
use crate::stage::at_once;
use crate::world::Happening;
use axum::http::{Method, StatusCode};
use domain::ids::MessageId;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// One thing that somebody does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Somebody looks through the review queue and at what is uncertain.
    Visit(usize),
    /// Somebody does something that stands in the way of sends.
    Meddle(usize),
    Approve {
        tenant: usize,
        message: String,
        shown: String,
        edited: Option<String>,
    },
    Undo {
        tenant: usize,
        message: String,
    },
    Reject {
        tenant: usize,
        message: String,
    },
    Settle {
        tenant: usize,
        message: String,
        sent: bool,
    },
    Suppress {
        tenant: usize,
        slug: String,
    },
    SuppressCompany {
        tenant: usize,
        company: String,
    },
    Erase {
        tenant: usize,
        slug: String,
        prospect: String,
    },
    Settings {
        tenant: usize,
        change: Value,
    },
    Pause {
        tenant: usize,
        account: String,
    },
    Resume {
        tenant: usize,
        account: String,
    },
    Collect {
        tenant: usize,
        post: usize,
        source: &'static str,
        account: usize,
    },
    Add {
        tenant: usize,
        slug: String,
    },
    Overrule {
        tenant: usize,
        prospect: String,
    },
    Rescore {
        tenant: usize,
    },
    /// The provider tells that somebody wrote.
    Tell {
        tenant: usize,
        account: usize,
        slug: String,
    },
    /// Dead letters are put back.
    Redrive {
        tenant: usize,
        queue: &'static str,
    },
}

impl Deed {
    pub fn tenant(&self) -> usize {
        match self {
            Self::Visit(tenant) | Self::Meddle(tenant) => *tenant,
            Self::Approve { tenant, .. }
            | Self::Undo { tenant, .. }
            | Self::Reject { tenant, .. }
            | Self::Settle { tenant, .. }
            | Self::Suppress { tenant, .. }
            | Self::SuppressCompany { tenant, .. }
            | Self::Erase { tenant, .. }
            | Self::Settings { tenant, .. }
            | Self::Pause { tenant, .. }
            | Self::Resume { tenant, .. }
            | Self::Collect { tenant, .. }
            | Self::Add { tenant, .. }
            | Self::Overrule { tenant, .. }
            | Self::Rescore { tenant }
            | Self::Tell { tenant, .. }
            | Self::Redrive { tenant, .. } => *tenant,
        }
    }

    /// The request it makes.
    pub fn request(&self, house: &House) -> Option<(Method, String, Value)> {
        let tenant = &house.tenants[self.tenant()];
        let post = |path: String, body: Value| Some((Method::POST, format!("/api/v1{path}"), body));
        match self {
            Self::Visit(_) | Self::Meddle(_) => None,
            Self::Approve { message, edited, .. } => {
                post(format!("/messages/{message}/approve"), edited.as_ref().map_or(json!({}), |text| json!({ "body": text })))
            }
            Self::Undo { message, .. } => post(format!("/messages/{message}/undo"), json!({})),
            Self::Reject { message, .. } => post(format!("/messages/{message}/reject"), json!({ "reason": "hors cible" })),
            Self::Settle { message, sent, .. } => {
                post(format!("/messages/{message}/settle"), json!({ "outcome": if *sent { "sent" } else { "not_sent" } }))
            }
            Self::Suppress { slug, .. } => post(
                "/suppressions".into(),
                json!({ "kind": "profile_url", "value": format!("https://www.linkedin.com/in/{slug}"), "reason": "demande" }),
            ),
            Self::SuppressCompany { company, .. } => {
                post("/suppressions".into(), json!({ "kind": "company", "value": company, "reason": "client" }))
            }
            Self::Erase { prospect, .. } => post(format!("/prospects/{prospect}/erase"), json!({})),
            Self::Settings { change, .. } => Some((Method::PATCH, "/api/v1/workspace".into(), change.clone())),
            Self::Pause { account, .. } => post(format!("/accounts/{account}/pause"), json!({ "reason": "vacances" })),
            Self::Resume { account, .. } => post(format!("/accounts/{account}/resume"), json!({})),
            Self::Collect { post: at, source, account, .. } => {
                post("/runs".into(), json!({ "source": source, "account_id": tenant.accounts[*account], "post_url": POSTS[*at] }))
            }
            Self::Add { slug, .. } => {
                let state = house.world.state();
                let member = state.0.members.get(slug)?;
                post(
                    "/prospects".into(),
                    json!({ "profile_url": member.url(), "title": member.title, "company": member.company }),
                )
            }
            Self::Overrule { prospect, .. } => {
                post(format!("/prospects/{prospect}/overrule"), json!({ "reason": "rencontré au salon" }))
            }
            Self::Rescore { .. } => post("/prospects/rescore".into(), json!({})),
            Self::Tell { account, slug, .. } => {
                let body = json!({
                    "event": "message", "account_id": "66f0c0ffee", "message": "…", "timestamp": house.clock.now().as_millisecond(),
                    "sender": { "name": "?", "profile_url": format!("https://www.linkedin.com/in/{slug}") },
                });
                Some((Method::POST, tenant.webhooks[*account].clone(), body))
            }
            Self::Redrive { queue, .. } => post(format!("/operations/queues/{queue}/redrive"), json!({})),
        }
    }
}

/// The first deeds of a simulation.
pub fn first(plan: &Plan, chance: &mut Chance) -> Vec<(SignedDuration, Deed)> {
    let mut deeds = Vec::new();
    for tenant in 0..plan.tenants {
        for post in 0..POSTS.len() {
            let source = if post == 1 { "spy" } else { "hot" };
            let account = chance.below(plan.accounts);
            deeds.push((SignedDuration::from_mins(chance.within(0, 15)), Deed::Collect { tenant, post, source, account }));
        }
        if chance.permille(300) {
            // Collected again: nobody is made twice.
            let after = SignedDuration::from_hours(chance.within(5, 30));
            deeds.push((after, Deed::Collect { tenant, post: 0, source: "hot", account: 0 }));
        }
        deeds.push((SignedDuration::from_mins(chance.within(15, 40)), Deed::Visit(tenant)));
        deeds.push((SignedDuration::from_mins(chance.within(30, 240)), Deed::Meddle(tenant)));
        deeds.push((
            SignedDuration::from_hours(chance.within(24, 60)),
            Deed::Redrive { tenant, queue: domain::job::queue::SCORE },
        ));
    }
    deeds
}

impl Simulation {
    /// Looks through what waits for a person.
    pub fn visit(&mut self, tenant: usize) {
        let (plan, house) = (self.plan.clone(), &self.house);
        let own = &house.tenants[tenant];
        let review = house.calmly(own, Method::GET, "/api/v1/review?kind=message&limit=50", Value::Null);
        let uncertain =
            at_once(house.quiet.uncertain(&own.id, store::Walk { limit: 50, ..store::Walk::default() })).expect("quiet");
        let mut deeds = Vec::new();
        for message in review["items"].as_array().into_iter().flatten() {
            let id = message["id"].as_str().unwrap_or_default().to_owned();
            let shown = message["body"].as_str().unwrap_or_default().to_owned();
            let after = SignedDuration::from_secs(self.chance.within(1, 900));
            match if plan.steady { 5 } else { self.chance.below(20) } {
                0 => deeds.push((after, Deed::Reject { tenant, message: id })),
                1 | 2 => {}
                n => {
                    let edited = (n == 3).then(|| shown.replacen("Bonjour", "Bonjour à vous", 1));
                    deeds.push((after, Deed::Approve { tenant, message: id.clone(), shown, edited }));
                    if !plan.steady && self.chance.permille(60) {
                        let undo = after + SignedDuration::from_secs(self.chance.within(1, 3_000));
                        deeds.push((undo, Deed::Undo { tenant, message: id }));
                    }
                }
            }
        }
        for message in uncertain.items.iter().filter(|m| m.check_at.is_none()) {
            // A person looks on LinkedIn, where the truth is.
            let session = own.accounts.iter().position(|a| *a == message.account).map(|at| own.sessions[at].clone());
            let person = at_once(house.quiet.survivor(&own.id, &message.prospect)).expect("quiet");
            let (Some(session), Some(person)) = (session, person) else { continue };
            let (slug, invites) =
                (crate::watch::slug_of(&person), message.channel == domain::vocabulary::Channel::LinkedInInvitation);
            let state = house.world.state();
            let mut reached = state.0.reached.iter().filter(|r| r.account == session && r.slug == slug && r.invites == invites);
            let sent = reached.any(|r| invites || r.text == message.body);
            deeds.push((SignedDuration::from_secs(30), Deed::Settle { tenant, message: message.id.to_string(), sent }));
        }
        for (after, deed) in deeds {
            self.plan_deed(after, deed);
        }
        if self.house.clock.now() < plan.start + plan.storm + plan.calm - SignedDuration::from_hours(3) {
            let after = SignedDuration::from_mins(self.chance.within(40, 240));
            self.plan_deed(after, Deed::Visit(tenant));
        }
    }

    /// Does something that stands in the way, where this seed has people who do.
    pub fn meddle(&mut self, tenant: usize) {
        if self.is_calm() {
            return;
        }
        let after = SignedDuration::from_mins(self.chance.within(60, 420));
        self.plan_deed(after, Deed::Meddle(tenant));
        if !self.chance.permille(self.plan.meddling) {
            return;
        }
        let own = self.house.tenants[tenant].clone();
        let slugs: Vec<String> = self.house.world.state().0.members.keys().cloned().collect();
        let Some(slug) = self.chance.pick(&slugs).cloned() else { return };
        let account = self.chance.pick(&own.accounts).map(ToString::to_string).unwrap_or_default();
        let soon = SignedDuration::from_secs(self.chance.within(0, 120));
        let later = SignedDuration::from_mins(self.chance.within(10, 300));
        match self.chance.below(14) {
            0 | 1 | 12 => self.plan_deed(soon, Deed::Suppress { tenant, slug }),
            2 => {
                let company = self.house.world.state().0.members[&slug].company.clone();
                self.plan_deed(soon, Deed::SuppressCompany { tenant, company });
            }
            3 | 4 => {
                if let Some(prospect) = self.known(&own, &slug) {
                    self.plan_deed(soon, Deed::Erase { tenant, slug, prospect });
                }
            }
            5 => {
                self.plan_deed(soon, Deed::Settings { tenant, change: json!({ "threshold": null }) });
                self.plan_deed(later, Deed::Settings { tenant, change: json!({ "threshold": 50 }) });
            }
            6 => {
                let line = self.chance.within(40, 90);
                self.plan_deed(soon, Deed::Settings { tenant, change: json!({ "threshold": line }) });
                self.plan_deed(later, Deed::Settings { tenant, change: json!({ "threshold": 50 }) });
            }
            7 => {
                let icp = crate::house::settings("", "Europe/Paris", 0)["icp"].clone();
                self.plan_deed(soon, Deed::Settings { tenant, change: json!({ "icp": null }) });
                self.plan_deed(later, Deed::Settings { tenant, change: json!({ "icp": icp }) });
            }
            8 => {
                self.plan_deed(soon, Deed::Pause { tenant, account: account.clone() });
                self.plan_deed(later, Deed::Resume { tenant, account });
            }
            9 => {
                if let Some(prospect) = self.known(&own, &slug) {
                    self.plan_deed(soon, Deed::Overrule { tenant, prospect });
                }
            }
            10 => self.plan_deed(soon, Deed::Rescore { tenant }),
            _ => self.plan_deed(soon, Deed::Add { tenant, slug }),
        }
    }

    /// Something that must make this claim fail happens before it is let on.
    pub fn ambush(&mut self, message: &str) {
        let Some(id) = MessageId::parse(message) else { return };
        let found = (0..self.house.tenants.len()).find_map(|tenant| {
            let ws = &self.house.tenants[tenant].id;
            let message = at_once(self.house.quiet.message(ws, &id)).expect("quiet")?;
            let person = at_once(self.house.quiet.survivor(ws, &message.prospect)).expect("quiet")?;
            Some((tenant, message.item, person.item))
        });
        let Some((tenant, message, person)) = found else { return };
        let (slug, account) = (crate::watch::slug_of(&person), message.account.to_string());
        let by = self.plan.ambush_by.or_else(|| self.chance.pick(&Ambush::ALL).copied());
        let deed = match by {
            Some(Ambush::Undo) => Deed::Undo { tenant, message: message.id.to_string() },
            Some(Ambush::Stop) if self.chance.permille(500) => Deed::Suppress { tenant, slug },
            Some(Ambush::Stop) => Deed::Erase { tenant, slug, prospect: person.id.to_string() },
            Some(Ambush::Pause) => {
                let later = SignedDuration::from_mins(self.chance.within(5, 60));
                self.plan_deed(later, Deed::Resume { tenant, account: account.clone() });
                Deed::Pause { tenant, account }
            }
            Some(Ambush::Reply) => {
                let own = &self.house.tenants[tenant];
                let Some(at) = own.accounts.iter().position(|a| *a == message.account) else { return };
                let session = own.sessions[at].clone();
                self.house.world.writes(&session, &slug, "Pas intéressé, merci.");
                Deed::Tell { tenant, account: at, slug }
            }
            Some(Ambush::Time) | None => return,
        };
        self.plan_deed(SignedDuration::ZERO, deed);
    }

    fn known(&self, own: &Tenant, slug: &str) -> Option<String> {
        let key = domain::identity::slug_key(slug)?;
        let found = at_once(self.house.quiet.identities(&own.id, &[key])).expect("quiet");
        found.first().map(|pointer| pointer.prospect.to_string())
    }

    /// Before a deed begins: what may be true from now on.
    pub fn begins(&mut self, deed: &Deed) {
        let ws = self.house.tenants[deed.tenant()].id.to_string();
        match deed {
            Deed::Approve { message, shown, edited, .. } => {
                let text = edited.clone().unwrap_or_else(|| shown.clone());
                self.watch.approved.entry(message.clone()).or_default().insert(text);
            }
            Deed::Resume { account, .. } => {
                self.watch.paused.remove(account);
            }
            Deed::Settings { .. } | Deed::Overrule { .. } => {
                self.watch.policy_touched.insert(ws, jiff::Timestamp::MAX);
            }
            _ => {}
        }
    }

    /// When a deed has ended, with an answer or without.
    pub fn ended(&mut self, deed: &Deed, status: Option<StatusCode>) {
        let ws = self.house.tenants[deed.tenant()].id.to_string();
        if matches!(deed, Deed::Settings { .. } | Deed::Overrule { .. }) {
            self.watch.policy_touched.insert(ws.clone(), self.house.clock.now());
        }
        let fine = status.is_some_and(|s| s.is_success());
        if !fine {
            self.retry(deed, status);
            return;
        }
        match deed {
            Deed::Undo { message, .. } => {
                self.watch.approved.remove(message);
            }
            Deed::Suppress { slug, .. } | Deed::Erase { slug, .. } => {
                self.watch.stopped.insert((ws, slug.clone()));
            }
            Deed::SuppressCompany { company, .. } => {
                self.watch.stopped_companies.insert((ws, company.clone()));
            }
            Deed::Pause { account, .. } => {
                self.watch.paused.insert(account.clone());
            }
            _ => {}
        }
    }

    /// People press the button again, and so does the provider.
    fn retry(&mut self, deed: &Deed, status: Option<StatusCode>) {
        let tried = status.is_none_or(|s| s.is_server_error());
        let wanted = !matches!(deed, Deed::Meddle(_) | Deed::Visit(_) | Deed::Undo { .. });
        if tried && wanted && self.retries < 400 {
            self.retries += 1;
            self.plan_deed(SignedDuration::from_secs(20), deed.clone());
        }
    }

    /// Lets the world go on; some of it is told to the product.
    pub fn happen(&mut self) {
        let now = self.house.clock.now();
        for what in self.house.world.happen(now) {
            let Happening::Writes { account, slug, .. } = what else { continue };
            if self.plan.steady || self.chance.permille(700) {
                let at = self
                    .house
                    .tenants
                    .iter()
                    .enumerate()
                    .find_map(|(t, tenant)| tenant.sessions.iter().position(|s| *s == account).map(|a| (t, a)));
                if let Some((tenant, account)) = at {
                    let after = SignedDuration::from_secs(self.chance.within(0, 20));
                    self.plan_deed(after, Deed::Tell { tenant, account, slug });
                }
            }
        }
    }
}
