//! What all readers of LinkupAPI's answers share: envelopes, lists, page blocks.

use std::borrow::Cow;

use serde_json::Value;

use crate::lenient::{count, field, flag};
use crate::linkedin::{PageInfo, Paged};

/// What an answer lacks that it cannot be read without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread(pub &'static str);

/// Results a page holds where the answer does not say.
const RESULTS_PER_PAGE: u32 = 10;

/// Credits the answer says it cost.
pub fn credits_told(body: &Value) -> Option<u32> {
    let names = ["credits_used", "credits_consumed"];
    let inside = |name: &str| field(body, &[name]).and_then(|part| count(part, &names));
    count(body, &names).or_else(|| inside("metadata")).or_else(|| inside("data"))
}

/// `data` as an object, also where it came as text that holds one.
pub(crate) fn data(body: &Value) -> Option<Cow<'_, Value>> {
    match field(body, &["data"])? {
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_object).map(Cow::Owned),
        data => Some(Cow::Borrowed(data)),
    }
}

/// `data`, or the whole body where there is none.
pub(crate) fn data_or_body(body: &Value) -> Cow<'_, Value> {
    data(body).unwrap_or(Cow::Borrowed(body))
}

/// The object an answer is about: `data`, or what it holds under one of `names`.
pub(crate) fn subject(body: &Value, names: &[&str]) -> Value {
    let data = data_or_body(body);
    let inner = field(&data, names).filter(|inner| inner.is_object()).cloned();
    let first = || field(&data, &["results"]).and_then(|list| list.get(0)).filter(|item| item.is_object()).cloned();
    inner.or_else(first).unwrap_or_else(|| data.clone().into_owned())
}

/// The items of a list named by one of `names`, wherever the vendor put it.
///
/// A list that is null, or left out beside a total of 0, is empty. No list at
/// all, or one that holds fewer objects than other things, is another schema.
pub(crate) fn items(body: &Value, names: &[&str], lacking: &'static str) -> Result<Vec<Value>, Unread> {
    let data = data_or_body(body);
    let all: Vec<&str> = names.iter().copied().chain(["results", "items"]).collect();
    let named = || {
        let places = [data.as_ref(), body].into_iter();
        places.flat_map(|place| all.iter().filter_map(move |name| field(place, &[name]))).find_map(Value::as_array)
    };
    if let Some(list) = data.as_array().or_else(named) {
        let objects = list.iter().filter(|item| item.is_object()).count();
        return if 2 * objects >= list.len() { Ok(list.clone()) } else { Err(Unread(lacking)) };
    }
    let null = names.iter().any(|name| data.get(*name).is_some_and(Value::is_null));
    if null || total(&data) == Some(0) { Ok(Vec::new()) } else { Err(Unread(lacking)) }
}

fn total(data: &Value) -> Option<u32> {
    count(data, &["total_results", "total_reactions", "total_comments", "total"])
}

/// Reads every item that is an object into a row.
pub(crate) fn paged<T>(body: &Value, items: Vec<Value>, page: u32, row: fn(Value) -> T) -> Paged<T> {
    let info = page_info(body, page, u32::try_from(items.len()).unwrap_or(u32::MAX));
    let rows: Vec<T> = items.into_iter().filter(Value::is_object).map(row).collect();
    let unreadable = info.returned - u32::try_from(rows.len()).unwrap_or(u32::MAX).min(info.returned);
    Paged { page: info, rows, unreadable, address: None }
}

fn page_info(body: &Value, page: u32, returned: u32) -> PageInfo {
    let data = data_or_body(body);
    let block = field(&data, &["pagination"]).or_else(|| field(body, &["pagination"])).cloned().unwrap_or_default();
    let available = count(&data, &["total_available_results"]);
    let per_page = count(&block, &["results_per_page"]).filter(|size| *size > 0).unwrap_or(RESULTS_PER_PAGE);
    let said = flag(&block, &["has_next_page", "has_next", "has_more"]);
    // Pages shift while they are read: rows pushed on make a list longer than the count says, so a full page is never
    // taken for the last one.
    let more_told = available.is_some_and(|available| page.saturating_mul(per_page) < available);
    let has_next = said.unwrap_or(returned >= per_page || (returned > 0 && more_told));
    PageInfo { page, returned, available, has_next }
}
