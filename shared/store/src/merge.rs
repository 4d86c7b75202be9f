//! Merge: what a person takes over from one shown to be the same. Whatever speaks against a contact wins.

use crate::intake::url_of;
use crate::prospect::{Contact, Prospect};
use domain::identity::Kind;
use jiff::Timestamp;

/// What the older takes over from the younger; the younger is left as it was. Source: docs/rules.md, “Identity”.
pub(crate) fn absorb(older: &mut Prospect, younger: &Prospect) {
    older.aliases.push(younger.id.clone());
    unite(&mut older.aliases, &younger.aliases);
    unite(&mut older.keys, &younger.keys);
    unite(&mut older.sources, &younger.sources);
    unite(&mut older.tags, &younger.tags);
    for signal in &younger.signals {
        if !older.signals.iter().any(|known| known.id == signal.id) {
            older.signals.push(signal.clone());
        }
    }
    if older.name.is_none() {
        older.name.clone_from(&younger.name);
        older.first_name.clone_from(&younger.first_name);
        older.last_name.clone_from(&younger.last_name);
        older.raw_name.clone_from(&younger.raw_name);
    }
    take(&mut older.headline, &younger.headline);
    take(&mut older.notes, &younger.notes);
    take(&mut older.owner, &younger.owner);
    take(&mut older.source_note, &younger.source_note);
    older.profile_url = older.keys.iter().find(|k| k.kind == Kind::Slug).and_then(url_of).or_else(|| older.profile_url.take());
    if let Some(degree) = younger.degree {
        older.take_degree(degree, younger.degree_account.as_ref());
    }
    if older.summary.analysed_at.is_none() && younger.summary.analysed_at.is_some() {
        older.summary = younger.summary.clone();
    }
    // The newest word of the company counts.
    if younger.manual.as_ref().map(|rating| rating.at) > older.manual.as_ref().map(|rating| rating.at) {
        older.manual.clone_from(&younger.manual);
    }
    older.forced |= younger.forced;
    older.in_review |= younger.in_review;
    // The older's own way stays, also where only the younger was written to: then the gate bars it as another
    // enrolment's contact, and with it the older's drafts, which would otherwise be a second first touch.
    older.enrolment = older.enrolment.take().or_else(|| younger.enrolment.clone());
    join_contacts(&mut older.contact, &younger.contact);
}

fn unite<T: Clone + PartialEq>(mine: &mut Vec<T>, theirs: &[T]) {
    for one in theirs {
        if !mine.contains(one) {
            mine.push(one.clone());
        }
    }
}

fn take(mine: &mut Option<String>, theirs: &Option<String>) {
    if mine.is_none() {
        mine.clone_from(theirs);
    }
}

fn join_contacts(mine: &mut Contact, theirs: &Contact) {
    let open = unanswered(mine).max(unanswered(theirs));
    mine.revision = mine.revision.max(theirs.revision) + 1;
    if theirs.last_sent_at > mine.last_sent_at {
        mine.last_sent_at = theirs.last_sent_at;
        mine.last_enrolment.clone_from(&theirs.last_enrolment);
    }
    if theirs.closed_at > mine.closed_at {
        mine.closed_at = theirs.closed_at;
        mine.closed.clone_from(&theirs.closed);
    }
    if theirs.rejected_at > mine.rejected_at {
        mine.rejected_at = theirs.rejected_at;
        mine.rejected_enrolment.clone_from(&theirs.rejected_enrolment);
    }
    mine.sending = mine.sending.take().or_else(|| theirs.sending.clone());
    mine.last_reply_at = mine.last_reply_at.max(theirs.last_reply_at);
    mine.meeting_at = mine.meeting_at.max(theirs.meeting_at);
    mine.not_before = mine.not_before.max(theirs.not_before);
    mine.connected |= theirs.connected;
    mine.opted_out_at = mine.opted_out_at.max(theirs.opted_out_at);
    mine.withdrawn_at = mine.withdrawn_at.max(theirs.withdrawn_at);
    mine.unanswered = mine.unanswered.take().or_else(|| theirs.unanswered.clone());
    mine.withdrawing = mine.withdrawing.take().or_else(|| theirs.withdrawing.clone());
    // What one of them wrote and nobody has closed is a human's turn: a word about the other one settles nothing.
    let settles = |at: Option<Timestamp>| at.zip(open).is_some_and(|(at, open)| at >= open);
    if settles(mine.closed_at) {
        (mine.closed_at, mine.closed) = (None, None);
    }
    if settles(mine.not_before) {
        mine.not_before = None;
    }
}

/// When they last wrote or booked a meeting, unless a human or a date named by them has settled it.
fn unanswered(contact: &Contact) -> Option<Timestamp> {
    let settled = contact.closed_at.max(contact.not_before);
    contact.last_reply_at.max(contact.meeting_at).filter(|at| settled.is_none_or(|settled| settled < *at))
}
