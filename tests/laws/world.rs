//! A LinkedIn in this process: people, connections, invitations, conversations. What is done here is what really
//! happened; the product only knows what it is told, which may be late, wrong or nothing.

use crate::chance::Chance;
use crate::sabotage::Guard;
use crate::stage::{Stage, Verdict, What};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kit::Clock;
use outbound::linkedin::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A member of this LinkedIn.
#[derive(Clone, Debug)]
pub struct Member {
    pub slug: String,
    pub first: String,
    pub last: String,
    pub headline: String,
    pub title: String,
    pub company: String,
    pub size: u32,
}

impl Member {
    pub fn url(&self) -> String {
        format!("https://www.linkedin.com/in/{}", self.slug)
    }
}

/// How an account and a member stand.
#[derive(Clone, Debug, Default)]
pub struct Relation {
    pub invited_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    /// Whether it is ours, the text, and when.
    pub words: Vec<(bool, String, Timestamp)>,
}

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A request that was given up arrives after all.
    Arrives {
        account: String,
        slug: String,
        text: Option<String>,
        invites: bool,
    },
    Accepts {
        account: String,
        slug: String,
    },
    Writes {
        account: String,
        slug: String,
        text: String,
    },
}

/// One thing that reached a person, or would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub at: Timestamp,
    pub account: String,
    pub slug: String,
    pub invites: bool,
    pub text: String,
    /// Another of the same kind had reached them before.
    pub again: bool,
}

/// A call as the vendor logged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    pub at: Timestamp,
    pub name: &'static str,
    pub account: Option<String>,
    pub credits: u32,
}

#[derive(Default)]
pub struct State {
    pub members: BTreeMap<String, Member>,
    /// By account and slug.
    pub relations: HashMap<(String, String), Relation>,
    /// Who reacted to which post, newest first, with their comment where they wrote one.
    pub posts: BTreeMap<String, Vec<(String, Option<String>)>>,
    pub ahead: Vec<(Timestamp, Happening)>,
    pub reached: Vec<Reached>,
    pub log: Vec<Logged>,
    /// What people of this seed answer.
    pub answers: Vec<&'static str>,
    pub accepts_permille: u32,
    pub accepts_within: i64,
    /// Everybody accepts, and answers messages, after the same time.
    pub steady: bool,
    pub replies_permille: u32,
}

/// LinkedIn and its provider.
pub struct World {
    pub stage: Stage,
    pub clock: Clock,
    pub without: Option<Guard>,
    state: Mutex<(State, Chance)>,
}

impl World {
    pub fn new(stage: Stage, clock: Clock, without: Option<Guard>, state: State, chance: Chance) -> Self {
        Self { stage, clock, without, state: Mutex::new((state, chance)) }
    }

    pub fn state(&self) -> MutexGuard<'_, (State, Chance)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next instant at which something happens by itself.
    pub fn next(&self) -> Option<Timestamp> {
        self.state().0.ahead.iter().map(|(at, _)| *at).min()
    }

    /// Somebody writes to an account, now.
    pub fn writes(&self, account: &str, slug: &str, text: &str) {
        let now = self.clock.now();
        let relations = &mut self.state().0.relations;
        relations.entry((account.to_owned(), slug.to_owned())).or_default().words.insert(0, (false, text.to_owned(), now));
    }

    /// Lets happen what is due; answers what the product may be told of.
    pub fn happen(&self, now: Timestamp) -> Vec<Happening> {
        let mut guard = self.state();
        let (state, chance) = &mut *guard;
        let mut due: Vec<(Timestamp, Happening)> = Vec::new();
        state.ahead.retain(|entry| {
            let ripe = entry.0 <= now;
            if ripe {
                due.push(entry.clone());
            }
            !ripe
        });
        due.sort_by_key(|(at, _)| *at);
        let mut told = Vec::new();
        for (_, what) in due {
            match &what {
                Happening::Arrives { account, slug, text, invites } => {
                    state.effect(chance, (account, slug), text.as_deref(), *invites, now);
                }
                Happening::Accepts { account, slug } => {
                    let relation = state.relations.entry((account.clone(), slug.clone())).or_default();
                    if relation.invited_at.take().is_some() {
                        relation.connected_at = Some(now);
                        told.push(what);
                    }
                }
                Happening::Writes { account, slug, text } => {
                    let relation = state.relations.entry((account.clone(), slug.clone())).or_default();
                    relation.words.insert(0, (false, text.clone(), now));
                    told.push(what);
                }
            }
        }
        told
    }
}

impl State {
    fn effect(&mut self, chance: &mut Chance, (account, slug): (&str, &str), text: Option<&str>, invites: bool, now: Timestamp) {
        let again = self.reached.iter().any(|r| {
            r.account == account && r.slug == slug && r.invites == invites && (invites || text.is_some_and(|t| t == r.text))
        });
        self.reached.push(Reached {
            at: now,
            account: account.to_owned(),
            slug: slug.to_owned(),
            invites,
            text: text.unwrap_or_default().to_owned(),
            again,
        });
        let relation = self.relations.entry((account.to_owned(), slug.to_owned())).or_default();
        if invites {
            relation.invited_at = Some(now);
            if !self.steady && chance.permille(self.accepts_permille) {
                let at = now + SignedDuration::from_mins(chance.within(3, self.accepts_within));
                self.ahead.push((at, Happening::Accepts { account: account.to_owned(), slug: slug.to_owned() }));
            }
        } else {
            relation.words.insert(0, (true, text.unwrap_or_default().to_owned(), now));
        }
        if self.steady {
            let (account, slug) = (account.to_owned(), slug.to_owned());
            let at = now + SignedDuration::from_mins(40);
            let text = "Merci, pas intéressé.".to_owned();
            let next = if invites { Happening::Accepts { account, slug } } else { Happening::Writes { account, slug, text } };
            self.ahead.push((at, next));
        } else if chance.permille(self.replies_permille) {
            let at = now + SignedDuration::from_mins(chance.within(3, 30 * 60));
            let text = chance.pick(&self.answers).copied().unwrap_or("Bonjour").to_owned();
            self.ahead.push((at, Happening::Writes { account: account.to_owned(), slug: slug.to_owned(), text }));
        }
    }
}

fn slug_of(url: &str) -> String {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

fn error(kind: ErrorKind, sent: Sent, message: &str) -> CallError {
    CallError { kind, message: message.to_owned(), credits: 0, session_reads: 0, retry_after: None, status: None, sent }
}

/// Failures of which the provider says, or which show, that nothing was done.
fn refused(n: u32) -> CallError {
    match n % 11 {
        0 => CallError {
            retry_after: Some(Duration::from_secs(40)),
            status: Some(429),
            ..error(ErrorKind::RateLimited, Sent::Answered, "too many requests")
        },
        1 => error(ErrorKind::Unreachable, Sent::Not, "no connection"),
        2 => CallError { credits: 1, ..error(ErrorKind::TimedOut, Sent::Maybe, "no answer in time") },
        3 => CallError { status: Some(502), ..error(ErrorKind::VendorDown, Sent::Maybe, "bad gateway") },
        4 => CallError { status: Some(401), credits: 1, ..error(ErrorKind::Unauthorized, Sent::Answered, "unauthorized") },
        5 => CallError { status: Some(404), credits: 1, ..error(ErrorKind::NotFound, Sent::Answered, "not found") },
        6 => CallError { credits: 1, ..error(ErrorKind::Refused, Sent::Answered, "the request was refused") },
        7 => CallError { credits: 1, ..error(ErrorKind::Unreadable, Sent::Maybe, "the answer is no JSON") },
        8 => CallError { status: Some(503), ..error(ErrorKind::VendorDown, Sent::Maybe, "unavailable") },
        9 => CallError {
            status: Some(403),
            credits: 1,
            ..error(ErrorKind::Restricted, Sent::Answered, "Your account is temporarily restricted")
        },
        _ => CallError {
            retry_after: Some(Duration::from_secs(7)),
            ..error(ErrorKind::Throttled, Sent::Not, "held back by our own count")
        },
    }
}

/// Failures after which nobody knows.
fn lost(n: u32) -> CallError {
    match n % 3 {
        0 => CallError { credits: 1, ..error(ErrorKind::TimedOut, Sent::Maybe, "no answer in time") },
        1 => CallError { status: Some(504), ..error(ErrorKind::VendorDown, Sent::Maybe, "gateway time-out") },
        _ => CallError { credits: 1, ..error(ErrorKind::Unreadable, Sent::Maybe, "the answer was cut off") },
    }
}

/// The provider's client in the simulation.
pub struct Provider(pub Arc<World>);

fn owner(session: &Session) -> String {
    use secrecy::ExposeSecret;
    session.login_token.expose_secret().to_owned()
}

fn metered<T>(value: T, credits: u32, session_reads: u32) -> Answer<T> {
    Ok(Metered { value, credits, session_reads, raw_bytes: 100 })
}

impl Provider {
    /// A call that changes nothing.
    async fn look<T>(
        &self,
        name: &'static str,
        session: Option<&Session>,
        credits: u32,
        read: impl FnOnce(&mut State, Timestamp) -> Result<T, CallError>,
    ) -> Answer<T> {
        let account = session.map(owner);
        match self.0.stage.wait(What::Call(name)).await {
            Verdict::Go | Verdict::Partly(_) => {}
            Verdict::Before(n) | Verdict::After(n) => {
                let failed = refused(n);
                self.log(name, account, failed.credits);
                return Err(failed);
            }
        }
        self.log(name, account, credits);
        let value = read(&mut self.0.state().0, self.0.clock.now())?;
        metered(value, credits, u32::from(session.is_some()))
    }

    fn log(&self, name: &'static str, account: Option<String>, credits: u32) {
        let at = self.0.clock.now();
        self.0.state().0.log.push(Logged { at, name, account, credits });
    }

    /// A call that reaches a person.
    async fn reach(&self, name: &'static str, session: &Session, url: &str, text: Option<&str>, invites: bool) -> Answer<()> {
        let (account, slug) = (owner(session), slug_of(url));
        let verdict = self.0.stage.wait(What::Call(name)).await;
        let now = self.0.clock.now();
        if let Verdict::Before(n) = verdict {
            let failed = refused(n);
            self.log(name, Some(account), failed.credits);
            return Err(failed);
        }
        self.log(name, Some(account.clone()), 1);
        let mut guard = self.0.state();
        let (state, chance) = &mut *guard;
        let relation = state.relations.get(&(account.clone(), slug.clone())).cloned().unwrap_or_default();
        let natural = match (invites, relation.connected_at, relation.invited_at) {
            (true, Some(_), _) => Some((ErrorKind::AlreadyConnected, "already connected")),
            (true, None, Some(_)) => Some((ErrorKind::AlreadyPending, "an invitation is pending")),
            (false, None, _) => Some((ErrorKind::NotConnected, "not a connection")),
            _ => None,
        };
        if let Some((kind, why)) = natural {
            return Err(CallError { credits: 1, ..error(kind, Sent::Answered, why) });
        }
        if !state.members.contains_key(&slug) {
            return Err(CallError { credits: 1, ..error(ErrorKind::NotFound, Sent::Answered, "no such member") });
        }
        match verdict {
            Verdict::After(n) => {
                if n % 4 == 0 {
                    // The vendor goes on after we have given up.
                    let at = now + SignedDuration::from_secs(chance.within(5, 540));
                    let arrives = Happening::Arrives {
                        account: account.clone(),
                        slug: slug.clone(),
                        text: text.map(str::to_owned),
                        invites,
                    };
                    state.ahead.push((at, arrives));
                } else {
                    state.effect(chance, (&account, &slug), text, invites, now);
                }
                let failed = lost(n / 4);
                let sent = if self.0.without == Some(Guard::LostIsUnknown) { Sent::Not } else { failed.sent };
                let kind = if sent == Sent::Not { ErrorKind::Unreachable } else { failed.kind };
                Err(CallError { sent, kind, ..failed })
            }
            _ => {
                state.effect(chance, (&account, &slug), text, invites, now);
                metered((), 1, 0)
            }
        }
    }
}

fn paged<T>(rows: Vec<T>, page: u32, available: usize, has_next: bool) -> Paged<T> {
    let returned = u32::try_from(rows.len()).unwrap_or(0);
    let available = u32::try_from(available).ok();
    Paged { page: PageInfo { page, returned, available, has_next }, rows, unreadable: 0, address: None }
}

/// One page of ten.
fn page_of<T: Clone>(all: &[T], page: u32) -> (Vec<T>, bool) {
    let from = (page as usize - 1) * 10;
    let rows: Vec<T> = all.iter().skip(from).take(10).cloned().collect();
    (rows, all.len() > from + 10)
}

fn profile_of(member: &Member) -> Profile {
    Profile {
        public_id: Some(member.slug.clone()),
        first_name: Some(member.first.clone()),
        last_name: Some(member.last.clone()),
        name: Some(format!("{} {}", member.first, member.last)),
        headline: Some(member.headline.clone()),
        location: Some("Lyon, Auvergne-Rhône-Alpes, France".into()),
        summary: None,
        industry: Some("Software Development".into()),
        experience: vec![Position {
            company: Some(member.company.clone()),
            title: Some(member.title.clone()),
            start: Some("2021-03".into()),
            company_size: Some(format!("{}-{}", member.size, member.size * 4)),
            company_url: Some(format!("https://www.linkedin.com/company/{}", company_slug(&member.company))),
            ..Position::default()
        }],
        education: Vec::new(),
        skills: Vec::new(),
        picture_url: None,
        email: None,
        phone: None,
        website: None,
        profile_url: Some(member.url()),
        member_urn: None,
        raw: json!({ "slug": member.slug }),
    }
}

fn company_slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

#[async_trait]
impl LinkedIn for Provider {
    fn capabilities(&self) -> Capabilities {
        domain::provider::LINKUP_V1
    }

    fn costs(&self) -> Costs {
        outbound::linkup_v1::COSTS
    }

    async fn own_posts(&self, access: Access<'_>, _: &PostsQuery) -> Answer<Paged<PostRow>> {
        self.look("own_posts", access.session(), 1, |_, _| Ok(paged(Vec::new(), 1, 0, false))).await
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        self.look("post_reactions", access.session(), 1, |state, _| {
            let Some(all) = state.posts.get(post_url) else { return Err(error(ErrorKind::NotFound, Sent::Answered, "no post")) };
            let (rows, more) = page_of(all, page);
            let rows = rows.iter().filter_map(|(slug, _)| state.members.get(slug)).map(|member| ReactionRow {
                name: Some(format!("{} {}", member.first, member.last)),
                headline: Some(member.headline.clone()),
                profile_url: Some(member.url()),
                actor_urn: None,
                reaction: Some(ReactionKind::Like),
                degree: Some(2),
                raw: Value::Null,
            });
            Ok(paged(rows.collect(), page, all.len(), more))
        })
        .await
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        self.look("post_comments", access.session(), 1, |state, now| {
            let Some(all) = state.posts.get(post_url) else { return Err(error(ErrorKind::NotFound, Sent::Answered, "no post")) };
            let commented: Vec<(String, Option<String>)> = all.iter().filter(|(_, text)| text.is_some()).cloned().collect();
            let (rows, more) = page_of(&commented, page);
            let rows =
                rows.iter().filter_map(|(slug, text)| Some((state.members.get(slug)?, text))).map(|(member, text)| CommentRow {
                    comment_urn: Some(format!("urn:li:comment:{}", member.slug)),
                    tracking_id: None,
                    text: text.clone(),
                    created_at: Some(now - SignedDuration::from_hours(5)),
                    name: Some(format!("{} {}", member.first, member.last)),
                    profile_urn: None,
                    profile_url: Some(member.url()),
                    headline: Some(member.headline.clone()),
                    degree: Some(2),
                    raw: Value::Null,
                });
            Ok(paged(rows.collect(), page, commented.len(), more))
        })
        .await
    }

    async fn profile(&self, session: &Session, profile_url: &str) -> Answer<Profile> {
        self.profile_by("profile", Some(session), profile_url).await
    }

    async fn profile_data(&self, profile_url: &str) -> Answer<Profile> {
        self.profile_by("profile_data", None, profile_url).await
    }

    async fn company(&self, access: Access<'_>, company_url: &str) -> Answer<Company> {
        let slug = slug_of(company_url);
        self.look("company", access.session(), 1, |state, _| {
            let found = state.members.values().find(|m| company_slug(&m.company) == slug);
            let member = found.ok_or_else(|| error(ErrorKind::NotFound, Sent::Answered, "no company"))?;
            Ok(Company {
                name: Some(member.company.clone()),
                universal_name: Some(slug.clone()),
                description: None,
                website: Some(format!("https://{slug}.example")),
                industry: Some("Software Development".into()),
                employee_count: Some(member.size * 2),
                employee_range: None,
                hq_country: Some("FR".into()),
                hq_area: None,
                hq_city: Some("Lyon".into()),
                phone: None,
                raw: Value::Null,
            })
        })
        .await
    }

    async fn company_by_domain(&self, _: &str) -> Answer<Company> {
        self.look("company_by_domain", None, 1, |_, _| Err(error(ErrorKind::NotFound, Sent::Answered, "no company"))).await
    }

    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        let key = (owner(session), slug_of(profile_url));
        self.look("invitation_status", Some(session), 1, |state, _| {
            let relation = state.relations.get(&key).cloned().unwrap_or_default();
            let (known, kind, distance) = match (relation.connected_at, relation.invited_at) {
                (Some(_), _) => (InvitationState::Accepted, "CONNECTED", 1),
                (None, Some(_)) => (InvitationState::Pending, "SENT", 2),
                _ => (InvitationState::None, "", 2),
            };
            let kind = (!kind.is_empty()).then(|| kind.to_owned());
            let invitation_id = relation.invited_at.map(|_| format!("inv-{}", key.1));
            Ok(InvitationStatus { state: known, kind, invitation_id, distance: Some(distance) })
        })
        .await
    }

    async fn connect(&self, session: &Session, profile_url: &str, note: Option<&str>) -> Answer<InvitationReceipt> {
        let made = self.reach("connect", session, profile_url, note, true).await?;
        Ok(made.map(|()| InvitationReceipt::default()))
    }

    async fn send_message(&self, session: &Session, profile_url: &str, message: &NewMessage) -> Answer<MessageReceipt> {
        let made = self.reach("send_message", session, profile_url, Some(&message.text), false).await?;
        Ok(made.map(|()| MessageReceipt::default()))
    }

    async fn conversation(&self, session: &Session, profile_url: &str) -> Answer<Conversation> {
        let key = (owner(session), slug_of(profile_url));
        self.look("conversation", Some(session), 1, |state, _| {
            let relation = state.relations.get(&key).cloned().unwrap_or_default();
            let name = state.members.get(&key.1).map(|m| format!("{} {}", m.first, m.last));
            let theirs = relation.words.iter().filter(|(ours, ..)| !ours).count();
            let messages = relation.words.iter().map(|(ours, text, at)| ConversationMessage {
                text: text.clone(),
                at: Some(*at),
                sender_name: if *ours { Some(key.0.clone()) } else { name.clone() },
                kind: Some("TEXT".into()),
                urn: None,
            });
            Ok(Conversation {
                conversation_id: Some(format!("{}-{}", key.0, key.1)),
                other_count: u32::try_from(theirs).ok(),
                messages: messages.collect(),
                raw: Value::Null,
            })
        })
        .await
    }

    async fn inbox(&self, session: &Session, _: &InboxQuery) -> Answer<InboxPage> {
        let account = owner(session);
        self.look("inbox", Some(session), 2, |state, _| {
            let mut threads: Vec<(Timestamp, InboxThread)> = Vec::new();
            for ((of, slug), relation) in state.relations.iter().filter(|((of, _), _)| *of == account) {
                let Some((ours, text, at)) = relation.words.first() else { continue };
                let url = format!("https://www.linkedin.com/in/{slug}");
                let name = state.members.get(slug).map(|m| format!("{} {}", m.first, m.last));
                threads.push((
                    *at,
                    InboxThread {
                        conversation_id: Some(format!("{of}-{slug}")),
                        participant_name: name.clone(),
                        participant_headline: None,
                        participant_url: Some(url.clone()),
                        last_text: Some(text.clone()),
                        last_at: Some(*at),
                        last_sender_name: if *ours { Some(of.clone()) } else { name },
                        last_sender_url: (!ours).then_some(url),
                        unread: None,
                        raw: Value::Null,
                    },
                ));
            }
            threads.sort_by(|a, b| (b.0, &b.1.participant_url).cmp(&(a.0, &a.1.participant_url)));
            Ok(InboxPage { threads: threads.into_iter().take(20).map(|(_, t)| t).collect(), next_cursor: None })
        })
        .await
    }

    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        let account = owner(session);
        self.look("connections", Some(session), 1, |state, _| {
            let mut all: Vec<(Timestamp, String)> = state
                .relations
                .iter()
                .filter(|((of, _), relation)| *of == account && relation.connected_at.is_some())
                .map(|((_, slug), relation)| (relation.connected_at.unwrap_or_default(), slug.clone()))
                .collect();
            all.sort_by(|a, b| b.cmp(a));
            let (rows, more) = page_of(&all, page);
            let rows = rows.iter().map(|(at, slug)| ConnectionRow {
                name: state.members.get(slug).map(|m| format!("{} {}", m.first, m.last)),
                headline: None,
                profile_url: Some(format!("https://www.linkedin.com/in/{slug}")),
                connected_at: Some(*at),
                raw: Value::Null,
            });
            Ok(paged(rows.collect(), page, all.len(), more))
        })
        .await
    }

    async fn sent_invitations(&self, session: &Session, page: u32) -> Answer<Paged<SentInvitationRow>> {
        let account = owner(session);
        self.look("sent_invitations", Some(session), 1, |state, _| {
            let mut all: Vec<(Timestamp, String)> = state
                .relations
                .iter()
                .filter(|((of, _), relation)| *of == account && relation.invited_at.is_some())
                .map(|((_, slug), relation)| (relation.invited_at.unwrap_or_default(), slug.clone()))
                .collect();
            all.sort_by(|a, b| b.cmp(a));
            let (rows, more) = page_of(&all, page);
            let rows = rows.iter().map(|(at, slug)| SentInvitationRow {
                invitation_id: Some(format!("inv-{slug}")),
                name: None,
                headline: None,
                profile_url: Some(format!("https://www.linkedin.com/in/{slug}")),
                sent_at: Some(*at),
                raw: Value::Null,
            });
            Ok(paged(rows.collect(), page, all.len(), more))
        })
        .await
    }

    async fn withdraw_invitation(&self, session: &Session, invitation_id: &str) -> Answer<()> {
        let key = (owner(session), invitation_id.trim_start_matches("inv-").to_owned());
        self.look("withdraw_invitation", Some(session), 1, |state, _| {
            state.relations.entry(key).or_default().invited_at = None;
            Ok(())
        })
        .await
    }
}

impl Provider {
    async fn profile_by(&self, name: &'static str, session: Option<&Session>, url: &str) -> Answer<Profile> {
        let slug = slug_of(url);
        self.look(name, session, 1, |state, _| {
            let found = state.members.get(&slug).map(profile_of);
            found.ok_or_else(|| CallError { credits: 1, ..error(ErrorKind::NotFound, Sent::Answered, "no such profile") })
        })
        .await
    }
}
