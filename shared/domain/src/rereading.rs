//! Reading a post's reactions again: in which order the provider lists them, when a later pull may stop early, and what
//! is gone. Source: docs/rules.md, "Pages shift".

use serde::{Deserialize, Serialize};

/// Whether a reaction was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Never.
    New,
    /// By this very pull, on a page pushed on or read again after a crash; or by one that was cut off, so that what lies
    /// between it and known ground was read by nobody.
    Unsettled,
    /// By an earlier pull.
    Known,
}

/// What a page of reactions shows about the order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOrder {
    pub any_new: bool,
    pub any_known: bool,
    /// A new one stands behind a known one.
    pub new_after_known: bool,
    /// One that says nothing of the order.
    pub any_unsettled: bool,
}

impl PageOrder {
    /// Of the rows of a page, in their order.
    pub fn of(rows: impl IntoIterator<Item = Sight>) -> Self {
        rows.into_iter().fold(Self::default(), |order, row| match row {
            Sight::New => Self { any_new: true, new_after_known: order.new_after_known || order.any_known, ..order },
            Sight::Unsettled => Self { any_unsettled: true, ..order },
            Sight::Known => Self { any_known: true, ..order },
        })
    }

    /// Whether all that the page shows was known.
    pub const fn all_known(self) -> bool {
        self.any_known && !self.any_new && !self.any_unsettled
    }
}

/// Whether a whole list bears out that the newest stand first: `None` where it shows nothing either way.
pub fn newest_first(pages: impl IntoIterator<Item = PageOrder>) -> Option<bool> {
    let (mut known_before, mut moved) = (false, false);
    for page in pages {
        if page.new_after_known || (page.any_new && known_before) {
            return Some(false);
        }
        moved |= page.any_new;
        known_before |= page.any_known;
    }
    (moved && known_before).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page as letters: `n` new, `k` known, `u` unsettled.
    fn page(rows: &str) -> PageOrder {
        PageOrder::of(rows.chars().map(|c| match c {
            'n' => Sight::New,
            'u' => Sight::Unsettled,
            _ => Sight::Known,
        }))
    }

    #[track_caller]
    fn check(pages: &[&str], expected: Option<bool>) {
        assert_eq!(newest_first(pages.iter().map(|rows| page(rows))), expected, "{pages:?}");
    }

    #[test]
    fn the_order_is_seen_where_new_ones_meet_known_ones() {
        check(&["nnk", "kkk"], Some(true));
        check(&["nnn", "kkk"], Some(true));
        check(&["nnk", "kku"], Some(true));
        check(&["kkk", "kkn"], Some(false));
        check(&["nkn", "kkk"], Some(false));
        check(&["nkk", "nkk"], Some(false));
    }

    #[test]
    fn one_sort_alone_shows_nothing() {
        check(&["nnn", "nnn"], None);
        check(&["kkk"], None);
        check(&[], None);
    }

    #[test]
    fn a_page_is_known_when_all_of_it_is() {
        assert!(page("kk").all_known());
        assert!(!page("kn").all_known() && !page("ku").all_known() && !page("").all_known());
    }
}
