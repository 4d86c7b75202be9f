//! Identity: the keys a row carries, and whether it makes a person, joins one, or shows two to be one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::profile_url::{self, ProfileUrl, is_id, trim_invisible, urn_text};

/// The kinds of key. Source: docs/rules.md, “Identity”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A vanity name: weak, people rename and others reuse it.
    Slug,
    /// `ACoAA…`, case-sensitive.
    MemberId,
    /// An id that only one application sees (`urn:li:person:X`).
    Person,
    /// `urn:li:member:123`.
    MemberNumber,
    /// A personal address, lower case.
    Email,
}

impl Kind {
    /// The name of the kind in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slug => "slug",
            Self::MemberId => "member_id",
            Self::Person => "person",
            Self::MemberNumber => "member_number",
            Self::Email => "email",
        }
    }
}

/// One key of one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub kind: Kind,
    pub value: String,
}

impl Key {
    /// A key of a kind, its value taken as already normalised.
    pub fn new(kind: Kind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into() }
    }

    /// The form under which the key is stored: `slug#x`.
    pub fn storage(&self) -> String {
        format!("{}#{}", self.kind.as_str(), self.value)
    }

    /// Reads the stored form back; `None` when it is none.
    pub fn from_storage(text: &str) -> Option<Self> {
        let (kind, value) = text.split_once('#')?;
        let kinds = [Kind::Slug, Kind::MemberId, Kind::Person, Kind::MemberNumber, Kind::Email];
        let kind = kinds.into_iter().find(|known| known.as_str() == kind)?;
        (!value.is_empty()).then(|| Self::new(kind, value))
    }

    /// Whether LinkedIn never gives this key to a second person.
    pub const fn is_strong(&self) -> bool {
        matches!(self.kind, Kind::MemberId | Kind::MemberNumber)
    }
}

/// The keys of a row, without repeats, in the order address, urn, e-mail.
///
/// Companies, searches, placeholders, role addresses and bare words bring no key.
/// Source: docs/rules.md, “Identity”.
pub fn keys_of(profile_url: Option<&str>, urn: Option<&str>, email: Option<&str>) -> Vec<Key> {
    let mut keys = Vec::new();
    let found = [profile_url.and_then(address_key), urn.and_then(address_key), email.and_then(email_key)];
    for key in found.into_iter().flatten() {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The key in a field that says it holds a slug (`public_identifier` and its kin): a bare word counts there.
pub fn slug_key(raw: &str) -> Option<Key> {
    address_key(raw).or_else(|| {
        let word = trim_invisible(raw);
        let plain = !word.contains('.') && !["unavailable", "me", "null", "none", "n/a"].contains(&word.to_lowercase().as_str());
        plain.then(|| profile_url::slug(word)).flatten().map(|slug| Key::new(Kind::Slug, slug))
    })
}

/// The key in an address, an urn or a bare member id.
pub fn address_key(raw: &str) -> Option<Key> {
    match profile_url::parse(raw) {
        ProfileUrl::Slug(slug) => Some(Key::new(Kind::Slug, slug)),
        ProfileUrl::MemberId(id) => Some(Key::new(Kind::MemberId, id)),
        ProfileUrl::Invalid => urn_key(raw),
        _ => None,
    }
}

fn urn_key(raw: &str) -> Option<Key> {
    let urn = urn_text(trim_invisible(raw))?;
    let mut parts = urn.splitn(4, ':').skip(2);
    let (space, id) = (parts.next()?, parts.next()?);
    match space {
        "person" if is_id(id) && !id.eq_ignore_ascii_case("unavailable") => Some(Key::new(Kind::Person, id)),
        "member" if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Some(Key::new(Kind::MemberNumber, id)),
        _ => None,
    }
}

fn email_key(raw: &str) -> Option<Key> {
    email(raw).filter(|address| !is_role_address(address)).map(|address| Key::new(Kind::Email, address))
}

/// The first address in a cell: trimmed, lower case, without `mailto:`; `None` when it is no address.
pub fn email(raw: &str) -> Option<String> {
    let cell = trim_invisible(raw).to_lowercase();
    let cell = cell.strip_prefix("mailto:").unwrap_or(&cell);
    let first = cell.split([',', ';', '/', '\n']).map(trim_invisible).find(|part| !part.is_empty())?;
    // “Name <address>” and two addresses set apart by a blank; a blank inside one address is a fault.
    let address = match first.split_once('<') {
        Some((_, inner)) => inner.split('>').next().unwrap_or(""),
        None => match first.split_whitespace().next() {
            Some(word) if first.split_whitespace().all(is_address) => word,
            _ => first,
        },
    };
    let address = address.strip_prefix("mailto:").unwrap_or(address).split('?').next().unwrap_or("");
    is_address(address).then(|| address.to_owned())
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-=^_`{|}~.".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let label_ok = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let ending_ok = labels.last().is_some_and(|last| last.chars().count() >= 2 && !last.bytes().all(|b| b.is_ascii_digit()));
    local_ok && labels.len() >= 2 && labels.iter().all(label_ok) && ending_ok
}

/// Whether an address belongs to a desk, not to a person: `contact@`, `info@`, `sales@` and their kin.
pub fn is_role_address(address: &str) -> bool {
    const ROLES: &[&str] = &[
        "abuse",
        "accounting",
        "accueil",
        "achats",
        "admin",
        "administratif",
        "administration",
        "adv",
        "agence",
        "all",
        "assistance",
        "billing",
        "booking",
        "boutique",
        "bureau",
        "candidature",
        "candidatures",
        "careers",
        "client",
        "clients",
        "comm",
        "commande",
        "commandes",
        "commercial",
        "communication",
        "compta",
        "comptabilite",
        "contact",
        "contactus",
        "devis",
        "direction",
        "dpo",
        "emploi",
        "enquiries",
        "enquiry",
        "equipe",
        "events",
        "facturation",
        "factures",
        "finance",
        "formation",
        "general",
        "gestion",
        "hello",
        "help",
        "helpdesk",
        "hola",
        "hr",
        "info",
        "information",
        "informations",
        "infos",
        "inquiries",
        "invoice",
        "invoices",
        "it",
        "job",
        "jobs",
        "juridique",
        "legal",
        "logistique",
        "mail",
        "mailer-daemon",
        "marketing",
        "media",
        "newsletter",
        "no-reply",
        "noreply",
        "ne-pas-repondre",
        "nepasrepondre",
        "office",
        "orders",
        "partenaires",
        "partenariat",
        "partners",
        "postmaster",
        "presse",
        "press",
        "privacy",
        "production",
        "qualite",
        "reception",
        "recrutement",
        "recruiting",
        "reservation",
        "reservations",
        "restaurant",
        "rgpd",
        "rh",
        "sales",
        "sav",
        "secretariat",
        "security",
        "service",
        "serviceclient",
        "service-client",
        "service.client",
        "services",
        "shop",
        "societe",
        "standard",
        "stage",
        "support",
        "team",
        "technique",
        "tech",
        "vente",
        "ventes",
        "webmaster",
        "welcome",
        "bonjour",
        "salut",
    ];
    let local = address.split('@').next().unwrap_or("");
    let local = local.split('+').next().unwrap_or("");
    ROLES.contains(&local)
}

/// A known person as the join reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProspectRef {
    pub id: String,
    /// The strong keys the person already has.
    pub strong_keys: Vec<Key>,
    pub created_at: Timestamp,
}

/// What a row does to the known people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Join {
    /// Nobody has these keys: a new person.
    Create,
    /// The row is this person; keys it brings anew become theirs.
    Same(String),
    /// The row shows two known people to be one: the younger points to the older. Ask again after it is
    /// done, a row may tie more than two.
    Merge { older: String, younger: String },
    /// The slug was reused: it leaves `from` for the person of this row (`to`, or a new one). Nobody is
    /// merged. Ask again after it is done.
    MoveSlug { slug: Key, from: String, to: Option<String> },
}

/// What a row with these keys does, given who holds which of them. Pure.
///
/// `found` holds each key of the row that somebody has, with its holder (merged people already followed to
/// the one they were merged into). Source: docs/rules.md, “Identity”.
pub fn join(row_keys: &[Key], found: &[(Key, ProspectRef)]) -> Join {
    let row_strong: Vec<&Key> = row_keys.iter().filter(|key| key.is_strong()).collect();
    let mut own: Vec<&ProspectRef> = Vec::new();
    for (_, holder) in found.iter().filter(|(_, holder)| !differ(&row_strong, &holder.strong_keys.iter().collect::<Vec<_>>())) {
        if !own.iter().any(|known| known.id == holder.id) {
            own.push(holder);
        }
    }
    own.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    if let Some((slug, holder)) = reused_slug(&row_strong, found) {
        return Join::MoveSlug { slug: slug.clone(), from: holder.id.clone(), to: own.first().map(|known| known.id.clone()) };
    }
    match own.as_slice() {
        [] => Join::Create,
        [only] => Join::Same(only.id.clone()),
        [older, rest @ ..] => merge_or_part(older, rest, found),
    }
}

/// Whether two sets of strong keys name two people: a kind that both have, with no value in common.
fn differ(a: &[&Key], b: &[&Key]) -> bool {
    a.iter().any(|key| {
        let same_kind = b.iter().any(|other| other.kind == key.kind);
        let shared = a.iter().any(|one| one.kind == key.kind && b.contains(one));
        same_kind && !shared
    })
}

fn reused_slug<'a>(row_strong: &[&Key], found: &'a [(Key, ProspectRef)]) -> Option<(&'a Key, &'a ProspectRef)> {
    found
        .iter()
        .find(|(key, holder)| key.kind == Kind::Slug && differ(row_strong, &holder.strong_keys.iter().collect::<Vec<_>>()))
        .map(|(key, holder)| (key, holder))
}

/// The row ties several people. Those whose member ids agree are one; otherwise the slug, the weak key, gives way.
fn merge_or_part(older: &ProspectRef, rest: &[&ProspectRef], found: &[(Key, ProspectRef)]) -> Join {
    let strong = |person: &ProspectRef| person.strong_keys.clone();
    let older_strong = strong(older);
    let older_refs: Vec<&Key> = older_strong.iter().collect();
    let agrees = |other: &&&ProspectRef| !differ(&older_refs, &other.strong_keys.iter().collect::<Vec<_>>());
    if let Some(younger) = rest.iter().find(agrees) {
        return Join::Merge { older: older.id.clone(), younger: younger.id.clone() };
    }
    let slug_holder = found.iter().find(|(key, _)| key.kind == Kind::Slug);
    let other_holder = slug_holder
        .and_then(|(_, holder)| std::iter::once(older).chain(rest.iter().copied()).find(|person| person.id != holder.id));
    match (slug_holder, other_holder) {
        (Some((slug, from)), Some(to)) => Join::MoveSlug { slug: slug.clone(), from: from.id.clone(), to: Some(to.id.clone()) },
        // Two people with different member ids share an e-mail address: it says nothing, the older keeps the row.
        _ => Join::Same(older.id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::from_storage(text).unwrap()
    }

    fn person(id: &str, strong: &[&str], second: i64) -> ProspectRef {
        let strong_keys = strong.iter().map(|text| key(text)).collect();
        ProspectRef { id: id.into(), strong_keys, created_at: Timestamp::from_second(second).unwrap() }
    }

    fn check(row: &[&str], found: &[(&str, ProspectRef)], expected: Join) {
        let row: Vec<Key> = row.iter().map(|text| key(text)).collect();
        let found: Vec<_> = found.iter().map(|(text, person)| (key(text), person.clone())).collect();
        assert_eq!(join(&row, &found), expected, "{row:?}");
    }

    #[test]
    fn keys_are_read_from_what_each_field_may_hold() {
        let stored = |url, urn, email| keys_of(url, urn, email).iter().map(Key::storage).collect::<Vec<_>>();
        assert_eq!(
            stored(Some("fr.linkedin.com/in/Ann"), Some("urn:li:fsd_profile:ACoAAx"), Some(" mailto:A.B@c.example ")),
            ["slug#ann", "member_id#ACoAAx", "email#a.b@c.example"]
        );
        assert_eq!(stored(Some("ann"), Some("urn:li:person:x9Z"), Some("info@c.example")), ["person#x9Z"]);
        assert_eq!(stored(Some("in/ACoAAx"), Some("urn:li:person:ACoAAx"), None), ["member_id#ACoAAx"]);
        assert_eq!(stored(None, Some("urn:li:member:123"), Some("a@b@c.example")), ["member_number#123"]);
        assert_eq!(slug_key("Ann-Lee"), Some(Key::new(Kind::Slug, "ann-lee")));
    }

    #[test]
    fn a_cell_of_several_addresses_gives_the_first() {
        assert_eq!(email("a@b.example; c@d.example").as_deref(), Some("a@b.example"));
        assert_eq!(email("Ann <A@b.example>").as_deref(), Some("a@b.example"));
        assert_eq!(email("ferrandon @b.example"), None);
        assert_eq!(email("a@localhost"), None);
    }

    #[test]
    fn one_holder_or_none() {
        check(&["slug#a"], &[], Join::Create);
        check(&["slug#a", "member_id#1"], &[("slug#a", person("p", &[], 1))], Join::Same("p".into()));
    }

    #[test]
    fn a_row_with_two_keys_joins_their_holders() {
        let found = [("slug#a", person("young", &[], 2)), ("member_id#1", person("old", &["member_id#1"], 1))];
        check(&["slug#a", "member_id#1"], &found, Join::Merge { older: "old".into(), younger: "young".into() });
    }

    #[test]
    fn differing_member_ids_move_the_slug() {
        let first = person("first", &["member_id#1"], 1);
        let second = person("second", &["member_id#2"], 2);
        let slug = key("slug#a");
        let to_new = Join::MoveSlug { slug: slug.clone(), from: "first".into(), to: None };
        check(&["slug#a", "member_id#2"], &[("slug#a", first.clone())], to_new);
        let moved = Join::MoveSlug { slug, from: "first".into(), to: Some("second".into()) };
        check(&["slug#a", "member_id#2"], &[("slug#a", first.clone()), ("member_id#2", second.clone())], moved.clone());
        check(&["slug#a", "email#x"], &[("slug#a", first), ("email#x", second)], moved);
    }

    #[test]
    fn ids_of_different_kinds_do_not_contradict() {
        let found = [("slug#a", person("p", &["member_number#7"], 1))];
        check(&["slug#a", "member_id#1"], &found, Join::Same("p".into()));
    }
}
