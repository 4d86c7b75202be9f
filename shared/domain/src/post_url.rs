//! Post addresses: which post a pasted LinkedIn address names, and what would work when it names none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::profile_url::{self, ProfileUrl, linkedin_path, slug, trim_invisible, urn_text};

/// The three kinds of post. The same number under two kinds is two posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PostKind {
    #[serde(rename = "activity")]
    Activity,
    #[serde(rename = "ugcPost")]
    UgcPost,
    #[serde(rename = "share")]
    Share,
}

impl PostKind {
    const ALL: [Self; 3] = [Self::Activity, Self::UgcPost, Self::Share];

    /// The word in the urn.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::UgcPost => "ugcPost",
            Self::Share => "share",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word))
    }
}

/// One post: kind and 19-digit number. Source: docs/rules.md, “Lead sources”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostUrl {
    pub kind: PostKind,
    pub id: u64,
}

impl PostUrl {
    /// The urn, `urn:li:activity:…`.
    pub fn urn(&self) -> String {
        format!("urn:li:{}:{}", self.kind.as_str(), self.id)
    }

    /// The one address of the post.
    pub fn canonical(&self) -> String {
        format!("https://www.linkedin.com/feed/update/{}", self.urn())
    }

    /// When the post was made: the id shifted right by 22 bits is milliseconds since 1970.
    pub fn published_at(&self) -> Timestamp {
        Timestamp::from_millisecond((self.id >> 22) as i64).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Why an address names no post. The display form is the English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.en())]
pub enum PostUrlError {
    Empty,
    SeveralAddresses,
    OtherSite,
    ShortLink,
    Profile,
    Company,
    SalesNavigator,
    Search,
    Article,
    Event,
    GroupPost,
    Comment,
    BareNumber,
    BadNumber,
    NoPost,
}

impl PostUrlError {
    /// A stable code for the interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::SeveralAddresses => "several_addresses",
            Self::OtherSite => "other_site",
            Self::ShortLink => "short_link",
            Self::Profile => "profile_url",
            Self::Company => "company_url",
            Self::SalesNavigator => "sales_navigator_url",
            Self::Search => "search_url",
            Self::Article => "article",
            Self::Event => "event",
            Self::GroupPost => "group_post",
            Self::Comment => "comment",
            Self::BareNumber => "bare_number",
            Self::BadNumber => "bad_number",
            Self::NoPost => "no_post",
        }
    }

    /// What is wrong and what would work instead, in French.
    pub const fn fr(self) -> &'static str {
        match self {
            Self::Empty => {
                "Aucune adresse\u{a0}: ouvrez la publication, choisissez «\u{a0}Copier le lien\u{a0}» et collez-le ici."
            }
            Self::SeveralAddresses => "Il y a plusieurs adresses\u{a0}: indiquez une seule publication à la fois.",
            Self::OtherSite => {
                "Ce n’est pas une adresse de linkedin.com\u{a0}: collez le lien de la publication copié depuis LinkedIn."
            }
            Self::ShortLink => {
                "Un lien court ne dit pas de quelle publication il s’agit\u{a0}: ouvrez-le, puis copiez l’adresse complète de la publication."
            }
            Self::Profile => "C’est l’adresse d’un profil\u{a0}: ouvrez l’une de ses publications et copiez le lien de celle-ci.",
            Self::Company => {
                "C’est l’adresse d’une page entreprise\u{a0}: ouvrez l’une de ses publications et copiez le lien de celle-ci."
            }
            Self::SalesNavigator => {
                "Les adresses Sales Navigator ne sont pas lisibles\u{a0}: copiez le lien de la publication depuis LinkedIn."
            }
            Self::Search => "C’est une page de recherche\u{a0}: ouvrez une publication de la liste et copiez son lien.",
            Self::Article => "Les articles et newsletters ne sont pas lisibles\u{a0}: indiquez la publication qui les annonce.",
            Self::Event => "Les événements ne sont pas lisibles\u{a0}: indiquez une publication qui annonce l’événement.",
            Self::GroupPost => "Les publications de groupes ne sont pas lisibles\u{a0}: indiquez une publication publique.",
            Self::Comment => "C’est l’adresse d’un commentaire\u{a0}: indiquez la publication à laquelle il répond.",
            Self::BareNumber => {
                "Un numéro seul ne dit pas de quel type de publication il s’agit\u{a0}: collez l’adresse complète, par exemple urn:li:activity:… ."
            }
            Self::BadNumber => {
                "Le numéro de la publication n’est pas complet (19 chiffres)\u{a0}: copiez de nouveau le lien depuis LinkedIn."
            }
            Self::NoPost => {
                "Cette adresse ne désigne pas une publication\u{a0}: ouvrez la publication, choisissez «\u{a0}Copier le lien\u{a0}» et collez-le ici."
            }
        }
    }

    /// What is wrong and what would work instead, in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Empty => "No address: open the post, choose “Copy link” and paste it here.",
            Self::SeveralAddresses => "There are several addresses: give one post at a time.",
            Self::OtherSite => "This is not an address on linkedin.com: paste the link of the post copied from LinkedIn.",
            Self::ShortLink => "A short link does not say which post it is: open it, then copy the full address of the post.",
            Self::Profile => "This is the address of a profile: open one of its posts and copy the link of that.",
            Self::Company => "This is the address of a company page: open one of its posts and copy the link of that.",
            Self::SalesNavigator => "Sales Navigator addresses cannot be read: copy the link of the post from LinkedIn.",
            Self::Search => "This is a search page: open a post in the list and copy its link.",
            Self::Article => "Articles and newsletters cannot be read: give the post that announces them.",
            Self::Event => "Events cannot be read: give a post that announces the event.",
            Self::GroupPost => "Posts in groups cannot be read: give a public post.",
            Self::Comment => "This is the address of a comment: give the post it answers.",
            Self::BareNumber => {
                "A bare number does not say which kind of post it is: paste the full address, for example urn:li:activity:… ."
            }
            Self::BadNumber => "The number of the post is not complete (19 digits): copy the link again from LinkedIn.",
            Self::NoPost => "This address does not name a post: open the post, choose “Copy link” and paste it here.",
        }
    }
}

/// Reads the address or urn of one post.
///
/// # Errors
/// Anything else, with a sentence that says what would work. Source: docs/rules.md, “Lead sources”.
pub fn parse(raw: &str) -> Result<PostUrl, PostUrlError> {
    let text = trim_invisible(raw);
    if text.is_empty() {
        return Err(PostUrlError::Empty);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PostUrlError::SeveralAddresses);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PostUrlError::BareNumber);
    }
    if let Some(urn) = urn_text(text) {
        return read_urn(&urn);
    }
    match linkedin_path(text) {
        Some(segments) => read_path(&segments, text),
        None if text.to_ascii_lowercase().contains("lnkd.in/") => Err(PostUrlError::ShortLink),
        None => Err(PostUrlError::OtherSite),
    }
}

/// The slug of the author in a `/posts/<slug>_…` address: decoded, NFC, lower case.
pub fn author_slug(raw: &str) -> Option<String> {
    let segments = linkedin_path(trim_invisible(raw))?;
    let at = segments.iter().position(|segment| segment.eq_ignore_ascii_case("posts"))?;
    // `/company/x/posts/` is a list, the author stands only after a leading `posts`.
    let leading = segments[..at].iter().all(|segment| is_wrapper(segment));
    let (author, _) = segments.get(at + 1)?.split_once('_')?;
    if leading { slug(author) } else { None }
}

fn is_wrapper(segment: &str) -> bool {
    ["mwlite", "comm", "embed"].contains(&segment.to_ascii_lowercase().as_str())
}

fn read_urn(urn: &str) -> Result<PostUrl, PostUrlError> {
    let mut parts = urn.splitn(4, ':').skip(2);
    let (Some(space), Some(id)) = (parts.next(), parts.next()) else { return Err(PostUrlError::NoPost) };
    if let Some(kind) = PostKind::parse(space) {
        return Ok(PostUrl { kind, id: number(id).ok_or(PostUrlError::BadNumber)? });
    }
    Err(match space {
        "comment" | "fsd_comment" => PostUrlError::Comment,
        "groupPost" | "group" => PostUrlError::GroupPost,
        "fsd_profile" | "person" | "member" | "fs_miniProfile" => PostUrlError::Profile,
        "company" | "organization" | "fsd_company" => PostUrlError::Company,
        "event" | "fsd_professionalEvent" => PostUrlError::Event,
        _ => PostUrlError::NoPost,
    })
}

/// A post number: 19 digits, nothing else.
fn number(text: &str) -> Option<u64> {
    (text.len() == 19 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn read_path(segments: &[String], text: &str) -> Result<PostUrl, PostUrlError> {
    let path: Vec<&str> = segments.iter().map(String::as_str).skip_while(|segment| is_wrapper(segment)).collect();
    let first = path.first().map(|first| first.to_ascii_lowercase()).unwrap_or_default();
    match (first.as_str(), path.get(1).copied()) {
        ("feed", Some("update")) => match path.get(2).copied().and_then(urn_text) {
            Some(urn) => read_urn(&urn),
            None => Err(PostUrlError::NoPost),
        },
        ("posts", Some(name)) => read_name(name),
        ("pulse" | "newsletters", _) => Err(PostUrlError::Article),
        ("events", _) => Err(PostUrlError::Event),
        ("groups", _) => Err(PostUrlError::GroupPost),
        _ => Err(match profile_url::parse(text) {
            ProfileUrl::Slug(_) | ProfileUrl::MemberId(_) => PostUrlError::Profile,
            ProfileUrl::Company(_) => PostUrlError::Company,
            ProfileUrl::SalesNavigator => PostUrlError::SalesNavigator,
            ProfileUrl::Search => PostUrlError::Search,
            ProfileUrl::Post | ProfileUrl::Invalid => PostUrlError::NoPost,
        }),
    }
}

/// `<slug>_<words>-activity-<number>-<suffix>`: the kind that is followed by the long number counts.
fn read_name(name: &str) -> Result<PostUrl, PostUrlError> {
    let parts: Vec<&str> = name.split(['-', '_']).collect();
    let mut kind_seen = false;
    for pair in parts.windows(2).rev() {
        if let Some(kind) = PostKind::parse(pair[0]) {
            kind_seen = true;
            if let Some(id) = number(pair[1]) {
                return Ok(PostUrl { kind, id });
            }
        }
    }
    Err(if kind_seen { PostUrlError::BadNumber } else { PostUrlError::NoPost })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: Result<(PostKind, u64), PostUrlError>) {
        assert_eq!(parse(raw).map(|post| (post.kind, post.id)), expected, "{raw}");
    }

    #[test]
    fn the_three_kinds_are_read() {
        let id = 7_504_106_752_606_511_771;
        check("urn:li:share:7504106752606511771", Ok((PostKind::Share, id)));
        check("fr.linkedin.com/posts/a-b_share-of-activity-2026-ugcPost-7504106752606511771-x_Y", Ok((PostKind::UgcPost, id)));
        check("https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7504106752606511771?x=1", Ok((PostKind::Activity, id)));
    }

    #[test]
    fn refusals_name_their_reason() {
        check("https://www.linkedin.com/company/a/posts/", Err(PostUrlError::Company));
        check("https://lnkd.in/abc", Err(PostUrlError::ShortLink));
        check("urn:li:activity:75041067526065117", Err(PostUrlError::BadNumber));
        check("7504106752606511771", Err(PostUrlError::BareNumber));
        check("https://www.linkedin.com/feed/", Err(PostUrlError::NoPost));
    }

    #[test]
    fn the_date_is_in_the_number() {
        let post = PostUrl { kind: PostKind::Activity, id: 7_504_106_752_606_511_771 };
        assert_eq!(post.published_at().as_millisecond(), 1_789_118_469_382);
        assert_eq!(post.canonical(), "https://www.linkedin.com/feed/update/urn:li:activity:7504106752606511771");
    }

    #[test]
    fn the_author_stands_before_the_first_underscore() {
        let author = |raw| author_slug(raw);
        assert_eq!(
            author("https://www.linkedin.com/posts/Jo%C3%ABl-b_x-activity-7504106752606511771-a").as_deref(),
            Some("joël-b")
        );
        assert_eq!(author("https://www.linkedin.com/company/a/posts/b_c"), None);
        assert_eq!(author("urn:li:activity:7504106752606511771"), None);
    }
}
