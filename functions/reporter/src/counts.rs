//! What one change of one item counts as. Rules: docs/rules.md, "Daily counts".

use domain::ids::WorkspaceId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::BTreeMap;

/// Counts by name.
pub type Counts = BTreeMap<&'static str, i64>;

/// What a record of the change stream counts as, with its workspace; `None` where it counts nothing.
///
/// Counted are transitions from the old image to the new one, so that writing an item again counts nothing. What is
/// deleted stays counted on the day it happened.
pub fn counts(record: &Value) -> Option<(WorkspaceId, Counts)> {
    let change = Change { old: &record["dynamodb"]["OldImage"], new: &record["dynamodb"]["NewImage"] };
    let names = match change.text("t")? {
        "prospect" => change.prospect(),
        "message" => change.message().into_iter().collect(),
        "engagement" => change.engagement(),
        "reply" if change.is_new() => vec!["replies"],
        "post" if change.becomes("published") => vec!["posts_published"],
        "run" if change.becomes("done") => vec!["runs_done"],
        _ => Vec::new(),
    };
    if names.is_empty() {
        return None;
    }
    let workspace = store::keys::workspace_of(change.text("pk")?)?;
    Some((workspace, names.into_iter().map(|name| (name, 1)).collect()))
}

/// The day in UTC on which a change was made; `now` where the record does not say.
pub fn day(record: &Value, now: Timestamp) -> Date {
    let seconds = record["dynamodb"]["ApproximateCreationDateTime"].as_f64();
    let at = seconds.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
    at.unwrap_or(now).to_zoned(TimeZone::UTC).date()
}

/// One item before and after.
struct Change<'a> {
    old: &'a Value,
    new: &'a Value,
}

impl Change<'_> {
    /// A text of the new image; nothing is counted of an item that is gone.
    fn text(&self, name: &str) -> Option<&str> {
        self.new[name]["S"].as_str()
    }

    fn is_new(&self) -> bool {
        !self.old.is_object()
    }

    fn status_before(&self) -> Option<&str> {
        self.old["st"]["S"].as_str()
    }

    /// Whether the item has this status now and had another or none.
    fn becomes(&self, status: &str) -> bool {
        self.text("st") == Some(status) && self.status_before() != Some(status)
    }

    fn marked(image: &Value, name: &str) -> bool {
        image[name]["N"].as_str().is_some_and(|n| n != "0")
    }

    /// Whether the mark stands now and did not before.
    fn is_marked_now(&self, name: &str) -> bool {
        Self::marked(self.new, name) && !Self::marked(self.old, name)
    }

    fn prospect(&self) -> Vec<&'static str> {
        let found = [
            (self.is_new(), "leads"),
            (self.is_marked_now("scored"), "scored"),
            (self.becomes("allow"), "allowed"),
            (self.becomes("hold"), "held"),
            (self.becomes("refuse"), "refused"),
            (self.is_marked_now("accepted"), "acceptances"),
        ];
        found.into_iter().filter(|(counts, _)| *counts).map(|(_, name)| name).collect()
    }

    fn message(&self) -> Option<&'static str> {
        if self.is_new() {
            return Some("drafts");
        }
        // An approval given back by an unknown outcome that was settled is no second approval.
        let reviewed = self.status_before() == Some("pending_review");
        let sent = if Self::marked(self.new, "invitation") { "invitations_sent" } else { "messages_sent" };
        let found = [
            (reviewed && self.becomes("approved"), "approved"),
            (self.becomes("sent"), sent),
            (self.becomes("uncertain"), "uncertain"),
            (self.becomes("failed"), "failed"),
            (self.becomes("cancelled"), "cancelled"),
            (self.becomes("rejected"), "rejected"),
        ];
        found.into_iter().find(|(counts, _)| *counts).map(|(_, name)| name)
    }

    fn engagement(&self) -> Vec<&'static str> {
        match (self.is_new(), self.text("st")) {
            (true, Some("comment")) => vec!["engagements", "comments"],
            (true, _) => vec!["engagements", "reactions"],
            (false, _) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WS: &str = "ws_293abb6b76d7791c0732cc517d38c4b5";

    /// An image written as `t st mark…`; `-` is no image, `_` no status.
    fn image(told: &str) -> Value {
        let mut words = told.split(' ');
        let (Some(t), status) = (words.next().filter(|t| *t != "-"), words.next()) else { return Value::Null };
        let mut image = json!({ "pk": { "S": format!("{WS}#prospect#pro_1") }, "sk": { "S": "head" }, "t": { "S": t } });
        if let Some(status) = status.filter(|s| *s != "_") {
            image["st"] = json!({ "S": status });
        }
        for mark in words {
            image[mark] = json!({ "N": "1" });
        }
        image
    }

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let record = json!({ "dynamodb": { "OldImage": image(old), "NewImage": image(new) } });
        let found = counts(&record).map_or_else(Vec::new, |(ws, counts)| {
            assert_eq!(ws.as_str(), WS);
            counts.into_iter().map(|(name, n)| (name, n == 1)).collect()
        });
        let expected: Vec<(&str, bool)> = expected.iter().map(|name| (*name, true)).collect();
        assert_eq!(found, expected, "{old} → {new}");
    }

    #[test]
    fn people_count_when_they_come_and_when_the_verdict_changes() {
        check("-", "prospect _", &["leads"]);
        check("-", "prospect allow scored", &["allowed", "leads", "scored"]);
        check("prospect _", "prospect hold", &["held"]);
        check("prospect _", "prospect refuse scored", &["refused", "scored"]);
        check("prospect refuse scored", "prospect allow scored", &["allowed"]);
        check("prospect allow scored", "prospect allow scored", &[]);
        check("prospect allow scored", "prospect allow scored accepted", &["acceptances"]);
        check("prospect allow accepted", "prospect refuse accepted replied", &["refused"]);
        check("prospect allow", "-", &[]);
    }

    #[test]
    fn messages_count_by_transition() {
        check("-", "message pending_review", &["drafts"]);
        check("message pending_review", "message approved", &["approved"]);
        check("message sending", "message approved", &[]);
        check("message scheduled", "message approved", &[]);
        check("message sending", "message sent", &["messages_sent"]);
        check("message sending invitation", "message sent invitation", &["invitations_sent"]);
        check("message uncertain invitation", "message sent invitation", &["invitations_sent"]);
        check("message sending", "message uncertain", &["uncertain"]);
        check("message uncertain", "message failed", &["failed"]);
        check("message approved", "message cancelled", &["cancelled"]);
        check("message pending_review", "message rejected", &["rejected"]);
        check("message sent", "message sent", &[]);
    }

    #[test]
    fn the_rest_counts_once() {
        check("-", "engagement comment", &["comments", "engagements"]);
        check("-", "engagement reaction", &["engagements", "reactions"]);
        check("engagement reaction", "engagement reaction", &[]);
        check("engagement reaction", "-", &[]);
        check("-", "reply received", &["replies"]);
        check("reply received", "reply received", &[]);
        check("post publishing", "post published", &["posts_published"]);
        check("post published", "post published", &[]);
        check("run running", "run done", &["runs_done"]);
        check("-", "batch _", &[]);
        check("-", "-", &[]);
    }

    #[test]
    fn a_change_counts_on_its_own_day() {
        let now: Timestamp = "2026-11-21T00:00:05Z".parse().unwrap();
        let at = |told: Value| day(&json!({ "dynamodb": { "ApproximateCreationDateTime": told } }), now).to_string();
        assert_eq!(at(json!(1_795_219_199.5)), "2026-11-20");
        assert_eq!(at(json!(1_795_219_200)), "2026-11-21");
        assert_eq!(at(Value::Null), "2026-11-21");
    }
}
