//! The levels and functions a title may state, in their order and with their wire names.

use serde::{Deserialize, Serialize};

/// Levels in ascending order. Source: docs/rules.md, “Profile analysis”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seniority {
    Intern,
    Junior,
    Senior,
    Lead,
    Manager,
    Head,
    Director,
    Vp,
    CLevel,
    Founder,
}

impl Seniority {
    /// Every level, ascending.
    pub const ALL: [Self; 10] = [
        Self::Intern,
        Self::Junior,
        Self::Senior,
        Self::Lead,
        Self::Manager,
        Self::Head,
        Self::Director,
        Self::Vp,
        Self::CLevel,
        Self::Founder,
    ];

    /// The place in the order, 0 for `Intern`.
    pub const fn rank(self) -> u8 {
        self as u8
    }

    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intern => "intern",
            Self::Junior => "junior",
            Self::Senior => "senior",
            Self::Lead => "lead",
            Self::Manager => "manager",
            Self::Head => "head",
            Self::Director => "director",
            Self::Vp => "vp",
            Self::CLevel => "c_level",
            Self::Founder => "founder",
        }
    }

    /// The level of a wire name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// What a person works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    Sales,
    Marketing,
    CustomerSuccess,
    GeneralManagement,
    Operations,
    Engineering,
    Product,
    Design,
    Data,
    It,
    Finance,
    Hr,
    Legal,
    Purchasing,
    Consulting,
    Education,
    Health,
    Hospitality,
    RealEstate,
    Other,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 20] = [
        Self::Sales,
        Self::Marketing,
        Self::CustomerSuccess,
        Self::GeneralManagement,
        Self::Operations,
        Self::Engineering,
        Self::Product,
        Self::Design,
        Self::Data,
        Self::It,
        Self::Finance,
        Self::Hr,
        Self::Legal,
        Self::Purchasing,
        Self::Consulting,
        Self::Education,
        Self::Health,
        Self::Hospitality,
        Self::RealEstate,
        Self::Other,
    ];

    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Marketing => "marketing",
            Self::CustomerSuccess => "customer_success",
            Self::GeneralManagement => "general_management",
            Self::Operations => "operations",
            Self::Engineering => "engineering",
            Self::Product => "product",
            Self::Design => "design",
            Self::Data => "data",
            Self::It => "it",
            Self::Finance => "finance",
            Self::Hr => "hr",
            Self::Legal => "legal",
            Self::Purchasing => "purchasing",
            Self::Consulting => "consulting",
            Self::Education => "education",
            Self::Health => "health",
            Self::Hospitality => "hospitality",
            Self::RealEstate => "real_estate",
            Self::Other => "other",
        }
    }

    /// The function of a wire name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.as_str() == text)
    }
}
