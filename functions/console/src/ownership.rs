//! Whether a post is ours: by the name in its address, by our own record, else by the list of the account's posts.
//! Source: docs/rules.md, “Ours or not”.

use crate::call::Call;
use crate::problem::Problem;
use domain::post_url;
use outbound::linkedin::{Access, LinkedIn, PostRow, PostsQuery};
use std::time::Duration;
use store::account::Account;
use store::post::PostPointer;
use store::slots::ReadPermit;

/// How long the list of own posts is waited for; without it the post counts as somebody else's.
const WAIT: Duration = Duration::from_secs(10);

/// Whether the author of a post is one of ours, and the credits spent to find out.
pub async fn is_ours(
    call: &Call,
    account: &Account,
    address: &str,
    urn: &str,
    pointer: Option<&PostPointer>,
) -> Result<(bool, u32), Problem> {
    if let Some(pointer) = pointer {
        let post = call.store().post(call.ws(), &pointer.post).await?;
        if post.is_some_and(|p| p.claimed_at.is_some()) {
            return Ok((true, 0));
        }
    }
    if let Some(slug) = post_url::author_slug(address) {
        let accounts = call.store().accounts(call.ws()).await?;
        return Ok((accounts.iter().any(|a| a.member_keys.iter().any(|k| k.value == slug)), 0));
    }
    let client = call.console.providers.linkedin(account.provider);
    let (Some(client), Some(profile_url)) = (client, account.profile_url.as_deref()) else { return Ok((false, 0)) };
    if client.capabilities().session_less_reads {
        return listed(call, client.as_ref(), Access::Data, profile_url, urn).await;
    }
    let session = call.console.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
    // Without a session, or a read left for today, the post counts as somebody else's.
    let Ok(session) = session else { return Ok((false, 0)) };
    match call.store().session_read(account, call.now).await? {
        ReadPermit::Granted(wait) => {
            call.console.clock.wait(wait).await;
            listed(call, client.as_ref(), Access::Session(&session), profile_url, urn).await
        }
        ReadPermit::NotBefore(_) => Ok((false, 0)),
    }
}

/// Whether the newest posts of a profile hold this one.
async fn listed(
    call: &Call,
    client: &dyn LinkedIn,
    access: Access<'_>,
    profile_url: &str,
    urn: &str,
) -> Result<(bool, u32), Problem> {
    let settings = call.workspace().await?.item.settings;
    let month = store::facts::month(call.now, &settings.zone());
    let held = client.costs().page;
    if !call.store().hold_credits(call.ws(), &month, held, settings.budget.credits_per_month).await? {
        return Ok((false, 0));
    }
    let query = PostsQuery { profile_url: profile_url.to_owned(), keyword: None, post_type: None, post_date: None, page: 1 };
    let (found, spent) = match tokio::time::timeout(WAIT, client.own_posts(access, &query)).await {
        Ok(Ok(answer)) => (answer.value.rows.iter().any(|row| is(row, urn)), answer.credits),
        Ok(Err(error)) => (false, error.credits),
        // The vendor may have charged it.
        Err(_) => (false, held),
    };
    call.store().settle_credits(call.ws(), &month, held, spent, 0).await?;
    Ok((found, spent))
}

fn is(row: &PostRow, urn: &str) -> bool {
    let known = row.post_url.iter().chain(&row.post_urn);
    known.into_iter().filter_map(|text| post_url::parse(text).ok()).any(|post| post.urn() == urn)
}
