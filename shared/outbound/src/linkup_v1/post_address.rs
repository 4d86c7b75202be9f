//! The forms of a post's address worth asking LinkupAPI with.

use url::Url;

use crate::linkedin::Access;

/// At most two forms of a post's address, the likelier first.
///
/// The first is the address itself without query and fragment. The second is
/// its `feed/update` form; through the session, which is known to miss `ugcPost`
/// and `share` posts, as an activity. That last rewrite may name nothing, since
/// the ids of one post differ by kind; it never names another post, since ids are
/// unique over all kinds. Source: docs/rules.md, "Not found".
pub fn post_address_forms(post_url: &str, access: Access<'_>) -> Vec<String> {
    let plain = without_query(post_url.trim());
    let mut forms = vec![plain.clone()];
    if let Some((kind, id)) = post_id(&plain) {
        let kind = if access.session().is_some() { "activity" } else { kind };
        let update = format!("https://www.linkedin.com/feed/update/urn:li:{kind}:{id}");
        if !plain.trim_end_matches('/').ends_with(&format!("urn:li:{kind}:{id}")) {
            forms.push(update);
        }
    }
    forms
}

fn without_query(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if url.has_host() => {
            url.set_query(None);
            url.set_fragment(None);
            url.into()
        }
        _ => address.to_owned(),
    }
}

/// Kind and number of the post an address names.
fn post_id(address: &str) -> Option<(&'static str, &str)> {
    for (kind, marks) in [
        ("activity", ["-activity-", "_activity-", "urn:li:activity:", "urn%3Ali%3Aactivity%3A"]),
        ("ugcPost", ["-ugcPost-", "_ugcPost-", "urn:li:ugcPost:", "urn%3Ali%3AugcPost%3A"]),
        ("share", ["-share-", "_share-", "urn:li:share:", "urn%3Ali%3Ashare%3A"]),
    ] {
        for mark in marks {
            let Some((_, rest)) = address.rsplit_once(mark) else {
                continue;
            };
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            if digits >= 15 {
                return Some((kind, &rest[..digits]));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkedin::Session;

    #[track_caller]
    fn check(address: &str, data: &[&str], session: &[&str]) {
        let claire = Session::of_token("t", "FR");
        assert_eq!(post_address_forms(address, Access::Data), data, "data, {address}");
        assert_eq!(post_address_forms(address, Access::Session(&claire)), session, "session, {address}");
    }

    #[test]
    fn an_address_has_two_forms_at_most() {
        let activity = "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700";
        let plain = "https://www.linkedin.com/posts/claire_x-activity-7523292885811833700-BvyM";
        check(&format!("{plain}?utm=1#c"), &[plain, activity], &[plain, activity]);
        check(activity, &[activity], &[activity]);
        check(&format!("{activity}/"), &[&format!("{activity}/")], &[&format!("{activity}/")]);

        let ugc = "https://www.linkedin.com/posts/claire_x-ugcPost-7526554376605354069-yC7t";
        let as_ugc = "https://www.linkedin.com/feed/update/urn:li:ugcPost:7526554376605354069";
        let as_activity = "https://www.linkedin.com/feed/update/urn:li:activity:7526554376605354069";
        check(ugc, &[ugc, as_ugc], &[ugc, as_activity]);
        check(as_ugc, &[as_ugc], &[as_ugc, as_activity]);

        let share = "https://www.linkedin.com/posts/claire_x-share-7510609310515417182-wXrS";
        let as_share = "https://www.linkedin.com/feed/update/urn:li:share:7510609310515417182";
        check(share, &[share, as_share], &[share, "https://www.linkedin.com/feed/update/urn:li:activity:7510609310515417182"]);

        check(
            "https://www.linkedin.com/posts/x-activity-12-a",
            &["https://www.linkedin.com/posts/x-activity-12-a"],
            &["https://www.linkedin.com/posts/x-activity-12-a"],
        );
        check(" nothing ", &["nothing"], &["nothing"]);
    }
}
