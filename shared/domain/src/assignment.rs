//! Assignment: which of a workspace's accounts a person goes to. Rules: docs/rules.md, “Route”.

use sha2::{Digest, Sha256};

/// An account that could send to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    pub id: &'a str,
    /// How close it is to the person, 1–3, where that is known.
    pub degree: Option<u8>,
    pub paused: bool,
    /// Invitations it may still send within seven days, less those that wait for it.
    pub room: i64,
}

/// The place of the account that `person` goes to: a connection's own, paused or not; else one that is not paused, the
/// closest, and of those the one with more room. Equals share people evenly; `None`: there is no account.
///
/// Whoever is in a sequence already stays with its account and is not asked about. Source: docs/rules.md, “Route”.
pub fn choose(person: &str, senders: &[Sender<'_>]) -> Option<usize> {
    let rank = |sender: &Sender<'_>| {
        let lot = Sha256::digest([person, "\u{1f}", sender.id].concat().as_bytes());
        let lot: [u8; 8] = std::array::from_fn(|i| lot[i]);
        (sender.degree != Some(1), sender.paused, sender.degree.unwrap_or(4), -sender.room, lot)
    };
    (0..senders.len()).min_by_key(|place| rank(&senders[*place]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_EASE: Sender<'static> = Sender { id: "a", degree: None, paused: false, room: 10 };

    #[track_caller]
    fn check(senders: &[Sender<'_>], expected: Option<usize>) {
        assert_eq!(choose("pro_1", senders), expected, "{senders:?}");
    }

    #[test]
    fn the_closest_then_the_one_with_more_room() {
        let of = |degree, room| Sender { degree, room, ..AT_EASE };
        check(&[], None);
        check(&[of(None, 0)], Some(0));
        check(&[of(Some(3), 50), of(Some(2), 1)], Some(1));
        check(&[of(None, 50), of(Some(3), 1)], Some(1));
        check(&[of(Some(2), 3), of(Some(2), 4)], Some(1));
        check(&[of(None, 4), of(None, 3)], Some(0));
        check(&[of(None, -4), of(None, -3)], Some(1));
    }

    #[test]
    fn a_paused_account_keeps_its_own_connections_alone() {
        let paused = |degree| Sender { degree, paused: true, ..AT_EASE };
        check(&[paused(Some(2)), AT_EASE], Some(1));
        check(&[AT_EASE, paused(Some(1))], Some(1));
        check(&[paused(None)], Some(0));
    }

    #[test]
    fn equals_share_people_evenly_and_always_alike() {
        let both = [Sender { id: "a", ..AT_EASE }, Sender { id: "b", ..AT_EASE }];
        let chosen = |n: usize| choose(&format!("pro_{n}"), &both).unwrap_or(9);
        let second: usize = (0..1_000).map(chosen).sum();
        assert!((400..600).contains(&second), "{second}");
        let turned = [both[1], both[0]];
        assert!((0..50).all(|n| choose(&format!("pro_{n}"), &turned) == Some(1 - chosen(n))));
    }
}
