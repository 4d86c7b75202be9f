//! LinkedIn accounts: connecting them, their limits, pauses, counters and monitoring.

use crate::auth::hash_of;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::people;
use crate::problem::{Fault, Problem};
use crate::read::Fields;
use crate::why;
use crate::words::{Tongue, text};
use domain::identity::{self, Key, Kind};
use domain::ids::AccountId;
use domain::limits::Limits;
use domain::provider::{Ability, SESSION_ENDED_EN};
use domain::vocabulary::{AccountStatus, MessageStatus, Provider, ReasonCode, Tier};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use outbound::linkedin::{LinkedIn, NewWebhook, Session};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::Arc;
use store::account::{Account, MemberPointer, Monitoring, Pause, last_begun};
use store::{Transacted, Versioned, Walk};

/// The fields of credentials, by every provider.
const CREDENTIALS: &[&str] = &["login_token", "account_id", "webhook_secret"];
/// When acceptances of earlier invitations are looked for, after their member was connected again.
const FIRST_LOOK: SignedDuration = SignedDuration::from_mins(30);
/// Where the sealed credentials keep what stands for each session the account has had since it was connected.
const SESSIONS: &str = "sessions";
/// The most sessions that are held on to; an older one has long ended.
const SESSIONS_MAX: usize = 20;
/// The prefix of the unguessable part of a webhook path.
const WEBHOOK_PREFIX: &str = "wht_";

fn words<T: Copy>(all: &'static [T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|v| name(*v)).collect()
}

/// What a request says of an account; the outer `None` is a field not named.
#[derive(Debug, Default)]
pub struct Wanted {
    label: Option<String>,
    provider: Option<Provider>,
    profile_url: Option<Option<String>>,
    tier: Option<Tier>,
    timezone: Option<String>,
    country: Option<String>,
    credentials: Option<Option<Value>>,
    limits: Option<Value>,
}

impl Wanted {
    /// Reads the fields that POST and PATCH share.
    pub fn read(body: &Fields<'_>) -> Self {
        let profile_url = body.has("profile_url").then(|| {
            let raw = body.text("profile_url", 2_000)?;
            if identity::address_key(&raw).is_none() {
                body.fault(
                    "profile_url",
                    text("une adresse de profil LinkedIn est attendue", "a LinkedIn profile address is expected"),
                );
            }
            Some(raw)
        });
        let timezone = body.text("timezone", 64);
        if timezone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
            body.fault("timezone", text("fuseau horaire inconnu", "unknown time zone"));
        }
        let country = body.text("country", 2).map(|c| c.to_ascii_uppercase());
        if country.as_deref().is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_uppercase())) {
            body.fault("country", text("un code de pays à deux lettres est attendu", "a two-letter country code is expected"));
        }
        Self {
            label: body.text("label", 200),
            provider: body.word("provider", Provider::parse, &words(Provider::ALL, Provider::as_str)),
            profile_url,
            tier: body.word("tier", Tier::parse, &words(Tier::ALL, Tier::as_str)),
            timezone,
            country,
            credentials: body.has("credentials").then(|| credentials(body)),
            limits: body.json("limits").cloned(),
        }
    }

    /// Keeps a session just obtained.
    pub fn with_session(mut self, session: &Signed) -> Self {
        self.credentials = Some(Some(match session {
            Signed::Token(token) => json!({"login_token": token.expose_secret()}),
            Signed::Account(id) => json!({"account_id": id}),
        }));
        self
    }

    /// What stands for the member must be there, by the name that the provider gives it.
    fn check_credentials(&self, provider: Provider, known: &Value) -> Result<(), Problem> {
        let (Some(Some(given)), Some(name)) = (&self.credentials, provider.credential()) else { return Ok(()) };
        if given.get(name).is_some() || known.get(name).is_some() {
            return Ok(());
        }
        let said = text(
            format!("ce champ est obligatoire pour le fournisseur «\u{a0}{provider}\u{a0}»"),
            format!("this field is required for the provider “{provider}”"),
        );
        Err(Problem::fields(vec![Fault { field: format!("credentials.{name}"), message: said }]))
    }

    fn limits_upon(&self, known: &Limits) -> Result<Limits, Problem> {
        match &self.limits {
            None => Ok(known.clone()),
            Some(patch) => known.apply_patch(patch).map_err(|errors| {
                let fault =
                    |e: domain::workspace::FieldError| Fault { field: e.field, message: text(e.message_fr, e.message_en) };
                Problem::fields(errors.into_iter().map(fault).collect())
            }),
        }
    }

    /// The credentials given, sealed, upon what is known: the secrets of a webhook outlast a new session.
    fn sealed(&self, call: &Call, id: &AccountId, provider: Provider, known: Value) -> Result<Option<String>, Problem> {
        let Some(Some(given)) = &self.credentials else { return Ok(None) };
        Ok(Some(seal(call, id, &with_sessions(merged(known, given), provider))?))
    }
}

fn credentials(body: &Fields<'_>) -> Option<Value> {
    let given = body.nested("credentials", CREDENTIALS)?;
    let mut kept = serde_json::Map::new();
    for name in CREDENTIALS {
        if let Some(value) = given.text(name, 8_000) {
            kept.insert((*name).to_owned(), Value::String(value));
        }
    }
    Some(Value::Object(kept))
}

/// How a sign-in ended.
#[derive(Debug)]
pub enum Signed {
    Token(SecretString),
    Account(String),
}

/// What is sealed of an account; nothing where there is nothing, or it cannot be opened.
fn opened(call: &Call, account: &Account) -> Value {
    let sealed = account.credentials.as_deref();
    let opened = sealed.and_then(|sealed| call.console.sealer.open(sealed, account.id.as_str()).ok());
    opened.and_then(|text| serde_json::from_str(text.expose_secret()).ok()).unwrap_or_else(|| json!({}))
}

fn seal(call: &Call, id: &AccountId, credentials: &Value) -> Result<String, Problem> {
    Ok(call.console.sealer.seal(&SecretString::from(credentials.to_string()), id.as_str())?)
}

fn merged(mut known: Value, given: &Value) -> Value {
    if let (Some(known), Some(given)) = (known.as_object_mut(), given.as_object()) {
        known.extend(given.clone());
    }
    known
}

/// Credentials with what stands for their session, added to what stood for those before: an earlier one may live on.
fn with_sessions(mut credentials: Value, provider: Provider) -> Value {
    let mut held = sessions(&credentials);
    let news: Vec<Key> = session_keys(provider, &credentials).filter(|key| !held.contains(key)).collect();
    held.extend(news);
    let kept: Vec<&str> = held.iter().rev().take(SESSIONS_MAX).rev().map(|key| key.value.as_str()).collect();
    credentials[SESSIONS] = json!(kept);
    credentials
}

/// What stands for the sessions of an account among the keys of members: only the provider sees it.
fn sessions(credentials: &Value) -> Vec<Key> {
    let kept = credentials.get(SESSIONS).and_then(Value::as_array).into_iter().flatten();
    kept.filter_map(Value::as_str).map(|value| Key::new(Kind::Person, value)).collect()
}

/// Hashes of what the provider knows the member by; the sandbox sends nothing, so its names hold nobody.
fn session_keys(provider: Provider, credentials: &Value) -> impl Iterator<Item = Key> {
    let names = if provider == Provider::Sandbox { &[][..] } else { &["login_token", "account_id"][..] };
    names.iter().filter_map(|name| {
        let value = credentials.get(name)?.as_str()?.trim();
        Some(Key::new(Kind::Person, format!("session:{}", hash_of(&format!("{name}:{value}")))))
    })
}

/// All that an account holds of its member.
fn held_by(call: &Call, account: &Account) -> Vec<Key> {
    let mut keys = account.member_keys.clone();
    keys.extend(sessions(&opened(call, account)));
    keys
}

fn member_keys(profile_url: Option<&str>) -> Vec<Key> {
    identity::keys_of(profile_url, None, None)
}

fn taken() -> Problem {
    Problem::conflict(text(
        "Ce membre LinkedIn est déjà connecté, ici ou dans un autre espace. Un compte n’envoie que pour un espace.",
        "This LinkedIn member is connected already, here or in another workspace. An account sends for one workspace only.",
    ))
}

/// `GET /accounts`.
pub async fn list(call: Call) -> Outcome {
    let mut items = Vec::new();
    for account in call.store().accounts(call.ws()).await? {
        items.push(show(&call, &account).await?);
    }
    Reply::slice(&call, "all", items)
}

/// `GET /accounts/{id}`.
pub async fn read(call: Call) -> Outcome {
    let account = wanted(&call).await?;
    Reply::ok(show(&call, &account).await?)
}

async fn wanted(call: &Call) -> Result<Versioned<Account>, Problem> {
    let id = call.id(AccountId::parse)?;
    call.store().account(call.ws(), &id).await?.ok_or_else(Problem::not_found)
}

/// `POST /accounts`.
pub async fn create(call: Call) -> Outcome {
    let wanted = {
        let body = call.body()?;
        body.required("label", 200);
        let wanted = Wanted::read(&body);
        body.finish()?;
        wanted
    };
    add(&call, wanted).await
}

/// Makes an account; the same request made again answers the same account.
pub async fn add(call: &Call, wanted: Wanted) -> Outcome {
    let asked = AccountId::from_uuid(call.new_uuid());
    let profile_url = wanted.profile_url.clone().flatten();
    let member_keys = member_keys(profile_url.as_deref());
    let limits = wanted.limits_upon(&Limits::default())?;
    let provider = wanted.provider.unwrap_or(call.console.default_provider);
    wanted.check_credentials(provider, &json!({}))?;
    let given = wanted.credentials.clone().flatten().map(|given| with_sessions(given, provider));
    let sessions = given.as_ref().map(sessions).unwrap_or_default();
    let held = [member_keys.as_slice(), sessions.as_slice()].concat();
    let before = call.store().last_holder(&held).await?;
    let id = taken_again(call, before.as_ref()).await?.unwrap_or_else(|| asked.clone());
    let credentials = given.map(|given| seal(call, &id, &given)).transpose()?;
    let timezone = match wanted.timezone {
        Some(zone) => zone,
        None => call.workspace().await?.item.settings.timezone,
    };
    let account = Account {
        workspace: call.ws().clone(),
        id: id.clone(),
        label: wanted.label.unwrap_or_default(),
        provider,
        member_keys,
        profile_url,
        tier: wanted.tier.unwrap_or(Tier::Free),
        timezone,
        country: wanted.country.unwrap_or_else(|| "FR".to_owned()),
        credentials,
        limits,
        pause: None,
        monitoring: None,
        webhook_token: format!("{WEBHOOK_PREFIX}{}", kit::seal::random_hex(16)?),
        created_at: before.as_ref().and_then(|b| b.since).unwrap_or(call.now),
        asked_as: (id != asked).then(|| asked.clone()),
        acceptance_poll_at: None,
        pending_invitations: 0,
        counted: Default::default(),
        poll_stage: Default::default(),
    };
    if let Some(before) = before.filter(|b| b.account != id) {
        call.store().inherit_counters((&before.workspace, &before.account), &account, call.now).await?;
    }
    match call.store().create_account(&account, &hash_of(&account.webhook_token), &sessions).await? {
        Transacted::Won => {
            call.audit("account.connected", Some(id.as_str()), json!({"provider": account.provider})).await?;
            look_after_invitations(call, &id).await?;
            people_held_back(call).await?;
        }
        Transacted::Lost(places) if !places.contains(&0) => return same_request(call, &held, &asked).await,
        Transacted::Lost(_) => {}
    }
    let known = call.store().account(call.ws(), &id).await?.ok_or_else(taken)?;
    Reply::created(show(call, &known).await?)
}

/// The id under which the member sent before in this workspace, if it is free: what they have sent, read and still
/// expect follows them, and caps are not doubled by connecting them again.
async fn taken_again(call: &Call, before: Option<&MemberPointer>) -> Result<Option<AccountId>, Problem> {
    let Some(before) = before.filter(|b| b.workspace == *call.ws()) else { return Ok(None) };
    let free = call.store().account(call.ws(), &before.account).await?.is_none();
    Ok(free.then(|| before.account.clone()))
}

/// Invitations sent before the member was connected again are counted, and their acceptances looked for.
async fn look_after_invitations(call: &Call, id: &AccountId) -> Result<(), Problem> {
    for round in 0..WRITE_TRIES {
        let Some(mut account) = call.store().account(call.ws(), id).await? else { return Ok(()) };
        let invitations = call.store().invitations(&account, call.now).await?;
        if invitations.is_empty() {
            return Ok(());
        }
        account.item.count(&invitations, call.now);
        account.acceptance_poll_at = account.acceptance_poll_at.or(Some(call.now + FIRST_LOOK));
        if settled(call.store().save(&mut account).await?, round)? {
            return Ok(());
        }
    }
    Ok(())
}

/// A request made again answers the account it has made under the member's earlier id; another one is refused.
async fn same_request(call: &Call, keys: &[Key], asked: &AccountId) -> Outcome {
    let holder = call.store().holder_of_member(keys).await?.filter(|holder| holder.workspace == *call.ws());
    let Some(holder) = holder else { return Err(taken()) };
    let known = call.store().account(call.ws(), &holder.account).await?;
    let made = known.filter(|account| account.asked_as.as_ref() == Some(asked)).ok_or_else(taken)?;
    Reply::created(show(call, &made).await?)
}

/// `PATCH /accounts/{id}`: the fields named; limits key by key.
pub async fn change(call: Call) -> Outcome {
    let wanted = {
        let body = call.body()?;
        if body.has("label") {
            body.required("label", 200);
        }
        let wanted = Wanted::read(&body);
        body.finish()?;
        wanted
    };
    for round in 0..WRITE_TRIES {
        let mut account = self::wanted(&call).await?;
        let old_keys = held_by(&call, &account);
        let was_paused = account.pause.is_some();
        apply(&call, &wanted, &mut account.item)?;
        let written = save_with_keys(&call, &account, &old_keys).await?;
        if !settled(written, round)? {
            continue;
        }
        let named: Vec<&String> = call.json.as_object().into_iter().flat_map(|m| m.keys()).collect();
        call.audit("account.changed", Some(account.id.as_str()), json!({"fields": named})).await?;
        if held_by(&call, &account).iter().any(|key| !old_keys.contains(key)) {
            look_after_invitations(&call, &account.id).await?;
        }
        // What is left of today's plan is drawn anew under the new limits.
        call.store().wake_account(&account, call.now, call.now).await?;
        if was_paused && account.pause.is_none() {
            call.audit("account.resumed", Some(account.id.as_str()), json!({"reason": "connected again"})).await?;
            people_held_back(&call).await?;
        }
        let fresh = self::wanted(&call).await?;
        return Reply::ok(show(&call, &fresh).await?);
    }
    Err(Problem::busy())
}

fn apply(call: &Call, wanted: &Wanted, account: &mut Account) -> Result<(), Problem> {
    account.limits = wanted.limits_upon(&account.limits)?;
    if let Some(label) = &wanted.label {
        account.label.clone_from(label);
    }
    if let Some(provider) = wanted.provider {
        account.provider = provider;
    }
    if let Some(url) = &wanted.profile_url {
        account.profile_url.clone_from(url);
    }
    if let Some(tier) = wanted.tier {
        account.tier = tier;
    }
    if let Some(zone) = &wanted.timezone {
        account.timezone.clone_from(zone);
    }
    if let Some(country) = &wanted.country {
        account.country.clone_from(country);
    }
    if wanted.provider.is_some() && wanted.credentials.is_none() && account.credentials.is_some() {
        // The same names may stand for a member at this provider and for nobody at the one before.
        let known = opened(call, account);
        if known.as_object().is_some_and(|known| !known.is_empty()) {
            account.credentials = Some(seal(call, &account.id, &with_sessions(known, account.provider))?);
        }
    }
    if let Some(given) = &wanted.credentials {
        let known = opened(call, account);
        wanted.check_credentials(account.provider, &known)?;
        if given.as_ref().and_then(|given| given.get("account_id")).is_some_and(|id| known.get("account_id") != Some(id)) {
            // Events of another account at the vendor would not be ours.
            account.monitoring = None;
        }
        account.credentials = wanted.sealed(call, &account.id, account.provider, known)?;
        if account.credentials.is_some() && account.pause.as_ref().is_some_and(Pause::ends_by_connecting) {
            account.pause = None;
        }
    }
    if wanted.profile_url.is_some() || wanted.credentials.is_some() {
        hold_addresses(account);
    }
    Ok(())
}

/// The keys of its address; with credentials it can still send for whoever its session belongs to, so none is let go of.
fn hold_addresses(account: &mut Account) {
    let mut keys = member_keys(account.profile_url.as_deref());
    if account.credentials.is_some() {
        keys.extend(account.member_keys.iter().filter(|key| !keys.contains(key)).cloned().collect::<Vec<_>>());
    }
    account.member_keys = keys;
}

/// Saves an account together with its hold on the LinkedIn member.
async fn save_with_keys(call: &Call, account: &Versioned<Account>, old: &[Key]) -> Result<store::Written, Problem> {
    let table = &call.store().table;
    let mut ops = vec![table.op_save(account)?, call.store().op_still_there(&hash_of(&account.webhook_token))?];
    ops.push(call.store().op_stop(call.ws())?);
    let held = held_by(call, account);
    let taken_up: Vec<Key> = held.iter().filter(|k| !old.contains(k)).cloned().collect();
    for key in &taken_up {
        ops.push(call.store().op_hold_member(key, account).await?);
    }
    for key in old.iter().filter(|k| !held.contains(k)) {
        ops.extend(call.store().op_release_member(key, account, call.now).await?);
    }
    if let Some(before) = call.store().last_holder(&taken_up).await?.filter(|b| b.account != account.id) {
        // Before the member is taken: a process that ends in between has counted too much, not too little.
        call.store().inherit_counters((&before.workspace, &before.account), account, call.now).await?;
    }
    match table.transact(ops).await? {
        Transacted::Won => Ok(store::Written::Won),
        Transacted::Lost(places) if places.iter().any(|place| *place < 2) => Ok(store::Written::Lost),
        Transacted::Lost(_) => Err(taken()),
    }
}

/// `DELETE /accounts/{id}`: what it was to send is cancelled.
pub async fn delete(call: Call) -> Outcome {
    let account = wanted(&call).await?;
    let id = account.id.clone();
    let approved = call.store().approved(call.ws(), &id, Walk { descending: true, limit: 1_000, start: None }).await?;
    for mut message in approved.items {
        message.status = MessageStatus::Cancelled;
        message.failure = Some(call.tongue.pick("le compte a été retiré", "the account was removed").to_owned());
        // Lost: it is being sent at this moment, which nothing can call back.
        let _claimed = call.store().save(&mut message).await?;
    }
    remove(&call, account).await?;
    call.audit("account.removed", Some(id.as_str()), json!({})).await?;
    Reply::gone()
}

/// Removes this account, whatever else is written of it meanwhile; not another one made since under its id.
async fn remove(call: &Call, mut account: Versioned<Account>) -> Result<(), Problem> {
    let token = account.webhook_token.clone();
    for round in 0..WRITE_TRIES {
        let sessions = sessions(&opened(call, &account));
        let written = call.store().delete_account(&account, &hash_of(&token), &sessions, call.now).await?;
        if settled(written, round)? {
            return Ok(());
        }
        account = wanted(call).await?;
        if account.webhook_token != token {
            return Err(Problem::not_found());
        }
    }
    Err(Problem::busy())
}

/// `POST /accounts/{id}/pause`.
pub async fn pause(call: Call) -> Outcome {
    let (reason, resumes_at) = {
        let body = call.body()?;
        let asked = (body.text("reason", 500), body.instant("resumes_at"));
        if asked.1.is_some_and(|at| at <= call.now) {
            body.fault("resumes_at", text("cette date est déjà passée", "this time is past already"));
        }
        body.finish()?;
        asked
    };
    let reason = reason.unwrap_or_else(|| call.tongue.pick("mis en pause à la main", "paused by hand").to_owned());
    let pause = Pause { reason, since: call.now, resumes_at };
    set_pause(&call, Some(&pause)).await
}

/// `POST /accounts/{id}/resume`: lifts any pause at once, a provider's too.
pub async fn resume(call: Call) -> Outcome {
    set_pause(&call, None).await
}

async fn set_pause(call: &Call, pause: Option<&Pause>) -> Outcome {
    for round in 0..WRITE_TRIES {
        let mut account = wanted(call).await?;
        account.pause = pause.cloned();
        if !settled(call.store().save_and_stop(&mut account).await?, round)? {
            continue;
        }
        let action = if pause.is_some() { "account.paused" } else { "account.resumed" };
        call.audit(action, Some(account.id.as_str()), json!({"reason": pause.map(|p| &p.reason)})).await?;
        if pause.is_none() {
            call.store().wake_account(&account, call.now, call.now).await?;
            people_held_back(call).await?;
        }
        return Reply::ok(show(call, &account).await?);
    }
    Err(Problem::busy())
}

/// Decides anew about those who were held for want of an account that may act.
async fn people_held_back(call: &Call) -> Result<(), Problem> {
    let codes = [ReasonCode::AccountPaused, ReasonCode::ChannelUnsupported];
    let mut held = people::everybody(call, None).await?;
    held.retain(|p| p.decision.as_ref().is_some_and(|d| d.decision.reasons.iter().any(|r| codes.contains(&r.code))));
    people::decide(call, &held, "account").await
}

/// `POST /accounts/{id}/monitoring`: starts or stops the provider's webhook; `rotate` makes it a new secret.
pub async fn monitoring(call: Call) -> Outcome {
    let (enabled, rotate) = {
        let body = call.body()?;
        let enabled = body.flag("enabled");
        if body.value("enabled").is_none() {
            body.fault("enabled", text("ce champ est obligatoire", "this field is required"));
        }
        let rotate = body.flag("rotate").unwrap_or(false);
        body.finish()?;
        (enabled.unwrap_or(false), rotate)
    };
    let account = wanted(&call).await?;
    offered(&account, Ability::Monitoring)?;
    let (client, session) = connection(&call, &account)?;
    let (state, secret) = if enabled {
        start(&call, &account, client.as_ref(), &session, rotate).await?
    } else {
        (stop(&account, client.as_ref()).await?, None)
    };
    for round in 0..WRITE_TRIES {
        let mut account = wanted(&call).await?;
        account.monitoring.clone_from(&state);
        if let Some(secret) = &secret {
            let known = opened(&call, &account);
            // The one before holds for as long as a delivery signed with it may be on its way.
            let before = known.get("webhook_secret").cloned().unwrap_or_default();
            let news = json!({"webhook_secret": secret.expose_secret(), "webhook_secret_before": before, "webhook_rotated_at": call.now});
            account.credentials = Some(seal(&call, &account.id, &merged(known, &news))?);
        }
        if settled(call.store().save(&mut account).await?, round)? {
            call.audit("account.monitoring", Some(account.id.as_str()), json!({"enabled": enabled})).await?;
            return Reply::ok(show(&call, &account).await?);
        }
    }
    Err(Problem::busy())
}

/// The client and the session of an account.
pub fn connection(call: &Call, account: &Account) -> Result<(Arc<dyn LinkedIn>, Session), Problem> {
    let Some(client) = call.console.providers.linkedin(account.provider) else { return Err(no_client(account.provider)) };
    let session = call.console.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
    let session = session.map_err(|why| {
        tracing::warn!(account = %account.id, why, "account.no_session");
        Problem::refused(text(
            "Ce compte n’a pas de session utilisable. Reconnectez-le.",
            "This account has no usable session. Connect it again.",
        ))
    })?;
    Ok((client, session))
}

/// The refusal of a call to a provider that is not set up.
pub fn no_client(provider: Provider) -> Problem {
    Problem::refused(text(
        format!("Le fournisseur «\u{a0}{provider}\u{a0}» n’est pas configuré sur ce serveur."),
        format!("The provider “{provider}” is not set up on this server."),
    ))
}

/// What became of the webhook, and the secret that its deliveries bear from now on, where there is a new one.
type Watched = (Option<Monitoring>, Option<SecretString>);

async fn start(
    call: &Call,
    account: &Account,
    client: &dyn LinkedIn,
    session: &Session,
    rotate: bool,
) -> Result<Watched, Problem> {
    if let Some(known) = &account.monitoring {
        let secret = if rotate { Some(client.rotate_webhook_secret(&known.id).await?.value) } else { None };
        if known.active {
            return Ok((Some(known.clone()), secret));
        }
        let state = client.start_webhook(&known.id).await?.value;
        return Ok((Some(Monitoring { id: known.id.clone(), active: state.is_active }), secret));
    }
    let webhook_url = SecretString::from(format!("{}{}", call.console.public_url, webhook_path(account)));
    let secret = SecretString::from(format!("whs_{}", kit::seal::random_hex(32)?));
    let webhook = NewWebhook { account_name: account.id.to_string(), webhook_url, secret };
    let made = client.create_webhook(session, &webhook).await?.value;
    let active = made.is_active || client.start_webhook(&made.id).await?.value.is_active;
    Ok((Some(Monitoring { id: made.id, active }), made.secret))
}

async fn stop(account: &Account, client: &dyn LinkedIn) -> Result<Option<Monitoring>, Problem> {
    let Some(known) = &account.monitoring else { return Ok(None) };
    let state = client.stop_webhook(&known.id).await?.value;
    // Unipile's webhooks end when they are stopped; the next start makes new ones.
    let kept = account.provider != Provider::Unipile;
    Ok(kept.then(|| Monitoring { id: known.id.clone(), active: state.is_active }))
}

/// Where the provider delivers the account's events, below the public URL.
pub fn webhook_path(account: &Account) -> String {
    let vendor = if account.provider == Provider::Unipile { "unipile" } else { "linkup" };
    format!("/webhooks/{vendor}/{}", account.webhook_token)
}

/// An account as the API shows it; never its credentials.
pub async fn show(call: &Call, account: &Account) -> Result<Value, Problem> {
    let paused = account.is_paused(call.now);
    let pause = account.pause.as_ref().filter(|_| paused);
    let costs = call.console.providers.linkedin(account.provider).map(|client| client.costs().monitoring_per_day);
    let monitoring = account.monitoring.as_ref();
    let counters = counters(call, account).await?;
    Ok(json!({
        "id": account.id,
        "label": account.label,
        "provider": account.provider,
        "profile_url": account.profile_url,
        "identities": account.member_keys,
        "tier": account.tier,
        "timezone": account.timezone,
        "country": account.country,
        "connected": account.credentials.is_some(),
        "limits": account.limits,
        "status": if paused { AccountStatus::Paused } else { AccountStatus::Active },
        "paused_reason": pause.map(|p| if p.ends_by_connecting() { call.tongue.pick(&p.reason, SESSION_ENDED_EN) } else { &p.reason }),
        "reconnect": pause.is_some_and(Pause::ends_by_connecting),
        "capabilities": capabilities(account),
        "not_offered": not_offered(account, call.tongue),
        "resumes_at": pause.and_then(|p| p.resumes_at),
        "counters": counters.shown,
        "webhook_path": webhook_path(account),
        "monitoring": {"enabled": monitoring.is_some_and(|m| m.active), "credits_per_day": costs},
        "pending_invitations": counters.pending,
        "acceptance": acceptance(account),
        "warnings": warnings(account, call.tongue),
        "created_at": account.created_at,
    }))
}

/// What the account's provider can do, by name.
fn capabilities(account: &Account) -> Value {
    let known = account.provider.capabilities();
    Ability::ALL
        .iter()
        .map(|ability| (ability.as_str().to_owned(), Value::Bool(known.offers(*ability))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What it cannot do, and what that means.
fn not_offered(account: &Account, tongue: Tongue) -> Value {
    let known = account.provider.capabilities();
    known
        .lacks()
        .map(|ability| json!({"capability": ability, "text": tongue.pick(ability.refusal_fr(), ability.refusal_en())}))
        .collect()
}

/// The refusal of what an account's provider does not offer.
pub fn offered(account: &Account, ability: Ability) -> Result<(), Problem> {
    if account.provider.capabilities().offers(ability) {
        return Ok(());
    }
    Err(not_offered_here(ability))
}

/// Why something is refused that a provider does not offer.
pub fn not_offered_here(ability: Ability) -> Problem {
    Problem::refused(text(ability.refusal_fr(), ability.refusal_en()))
}

fn warnings(account: &Account, tongue: Tongue) -> Value {
    let limits = account.limits.warnings().into_iter();
    let limits = limits.map(|w| json!({"field": format!("limits.{}", w.field), "text": tongue.pick(&w.text_fr, &w.text_en)}));
    let slowed = why::slowed(account).into_iter().map(|(field, said)| json!({"field": field, "text": tongue.of(&said)}));
    limits.chain(slowed).collect()
}

/// How many of the last fifty invitations older than a week were accepted, as last counted.
fn acceptance(account: &Account) -> Value {
    let standing = account.standing();
    json!({
        "invited": standing.invited, "accepted": standing.accepted, "percent": standing.acceptance_percent(),
        "pace_halved": standing.halves_the_pace(), "counted_at": account.counted.at,
    })
}

/// What an account has used.
struct Counters {
    shown: Value,
    /// Invitations that wait for an answer.
    pending: u32,
}

async fn counters(call: &Call, account: &Account) -> Result<Counters, Problem> {
    let today = local_date(account, call.now);
    let last = last_begun(today);
    let week_start = today.checked_sub(jiff::Span::new().days(6)).unwrap_or(today);
    let month_start = today.first_of_month();
    let days = call.store().account_days(call.ws(), &account.id, week_start.min(month_start), last).await?;
    let reads = call.store().account_reads(call.ws(), &account.id, week_start, last).await?;
    let week = || days.iter().filter(|d| d.date >= week_start);
    // Dated later, they were begun in another zone.
    let day = || days.iter().filter(|d| d.date >= today);
    let shown = json!({
        "today": {
            "invitations": day().map(|d| d.invitations).sum::<u32>(),
            "messages": day().map(|d| d.messages).sum::<u32>(),
            "reads": reads.range(today..).map(|(_, n)| n).sum::<u32>(),
        },
        "last_7_days": {
            "invitations": week().map(|d| d.invitations).sum::<u32>(),
            "messages": week().map(|d| d.messages).sum::<u32>(),
            "reads": reads.values().sum::<u32>(),
        },
        "this_month": {"notes": days.iter().filter(|d| d.date >= month_start).map(|d| d.notes).sum::<u32>()},
    });
    Ok(Counters { shown, pending: account.pending(&days) })
}

fn local_date(account: &Account, now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(account.zone()).date()
}

/// The account named in a request, else the only one there is.
pub async fn chosen(call: &Call, id: Option<&AccountId>) -> Result<Versioned<Account>, Problem> {
    let unknown = || Problem::field("account_id", text("compte inconnu", "unknown account"));
    if let Some(id) = id {
        return call.store().account(call.ws(), id).await?.ok_or_else(unknown);
    }
    let mut accounts = call.store().accounts(call.ws()).await?;
    match (accounts.pop(), accounts.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(Problem::field("account_id", text("ce champ est obligatoire", "this field is required"))),
    }
}
