//! Tables and properties of the score.

use super::*;
use crate::analysis::{CompanyFacts, ExperienceFacts, ProfileFacts};
use crate::evidence::{Engagement, Manual, SemanticOpinion, Signal};
use crate::icp::SizeRange;
use crate::ids::EngagementId;
use crate::titles::Seniority;
use crate::tone::Tone;
use crate::vocabulary::{EngagementKind, ReactionKind, SignalKind};
use jiff::SignedDuration;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn icp() -> Icp {
    Icp {
        titles: vec!["CEO".into(), "Directeur commercial".into()],
        seniorities: vec![Seniority::Founder, Seniority::CLevel, Seniority::Vp, Seniority::Director],
        industries: vec!["Software".into()],
        company_size: Some(SizeRange { min: Some(11), max: Some(200) }),
        countries: vec!["FR".into(), "BE".into()],
        ..Icp::default()
    }
}

fn profile(headline: &str, industry: &str, size: &str, location: &str) -> ProfileFacts {
    let job = ExperienceFacts {
        company: Some("Brumelis".into()),
        title: Some("Employé".into()),
        company_size: Some(size.into()),
        ..Default::default()
    };
    ProfileFacts {
        headline: Some(headline.into()),
        location: Some(location.into()),
        industry: Some(industry.into()),
        experience: vec![job],
        ..Default::default()
    }
}

fn analysed(headline: &str, industry: &str, size: &str, location: &str) -> Analysis {
    Analysis::from_linkedin(&profile(headline, industry, size, location), None::<&CompanyFacts>, now()).unwrap()
}

fn ideal() -> Analysis {
    analysed("CEO chez Brumelis", "Software", "51-200", "Lyon, Auvergne-Rhône-Alpes")
}

fn act(n: u32, own_post: bool, kind: EngagementKind, tone: Option<Tone>, days: i64) -> Engagement {
    Engagement {
        id: EngagementId::derive(&[&n.to_string()]),
        post_url: "https://www.linkedin.com/feed/update/urn:li:activity:1".into(),
        own_post,
        kind,
        reaction: (kind == EngagementKind::Reaction).then_some(ReactionKind::Like),
        text: None,
        tone,
        at: days_ago(days),
        at_estimated: false,
        first_seen_at: days_ago(days),
        gone_at: None,
    }
}

fn reaction(own_post: bool, days: i64) -> Engagement {
    act(1, own_post, EngagementKind::Reaction, None, days)
}

fn comment(tone: Tone, days: i64) -> Engagement {
    act(2, true, EngagementKind::Comment, Some(tone), days)
}

fn signal(kind: SignalKind, days: i64) -> Signal {
    Signal { id: "sig_1".into(), kind, company: None, at: days_ago(days), source: "api".into() }
}

#[derive(Clone, Debug)]
struct Case {
    analysis: Analysis,
    evidence: Evidence,
    icp: Icp,
    weights: Weights,
    blend: SemanticBlend,
    degree: Option<u8>,
    accepted: bool,
    frozen: Option<Frozen>,
    version: &'static str,
}

impl Case {
    fn of(analysis: Analysis, engagements: Vec<Engagement>) -> Self {
        Self {
            analysis,
            evidence: Evidence { engagements, ..Evidence::default() },
            icp: icp(),
            weights: Weights::default(),
            blend: SemanticBlend::None,
            degree: None,
            accepted: false,
            frozen: None,
            version: "rules-1",
        }
    }

    fn score_at(&self, now: Timestamp) -> Score {
        score(&ScoreInput {
            analysis: &self.analysis,
            evidence: &self.evidence,
            icp: &self.icp,
            weights: &self.weights,
            semantic_blend: self.blend,
            model_version: self.version,
            degree: self.degree,
            accepted: self.accepted,
            frozen: self.frozen.as_ref(),
            now,
        })
    }

    fn score(&self) -> Score {
        self.score_at(now())
    }
}

/// The points of one feature for a profile alone.
fn profile_points(analysis: Analysis, name: FeatureName, expected: i16) {
    let shown = format!("{:?}", analysis.headline);
    assert_eq!(Case::of(analysis, vec![]).score().points(name), expected, "{shown}");
}

/// The points of one feature for acts alone.
fn act_points(engagements: Vec<Engagement>, name: FeatureName, expected: i16) {
    assert_eq!(Case::of(ideal(), engagements).score().points(name), expected);
}

#[test]
fn the_profile_brings_forty_at_most() {
    let score = Case::of(ideal(), vec![]).score();
    assert_eq!((fit(&score), score.value, score.raw), (40, 40, 40));
    profile_points(analysed("CEO", "Logistics", "51-200", "Lyon"), FeatureName::Industry, 0);
    profile_points(analysed("CEO", "IT services", "51-200", "Lyon"), FeatureName::Industry, 4);
    profile_points(analysed("CEO", "Software", "201-500", "Lyon"), FeatureName::CompanySize, 2);
    profile_points(analysed("CEO", "Software", "10,001+", "Lyon"), FeatureName::CompanySize, 0);
    profile_points(analysed("CEO", "Software", "51-200", "Leeds, England"), FeatureName::Country, 0);
    profile_points(analysed("CEO", "Software", "51-200", "Bruxelles"), FeatureName::Country, 5);
    profile_points(analysed("Head of Sales", "Software", "51-200", "Lyon"), FeatureName::Seniority, 4);
    profile_points(analysed("Head of Sales", "Software", "51-200", "Lyon"), FeatureName::Title, 14);
    profile_points(analysed("Head of Sales", "Software", "51-200", "Lyon"), FeatureName::LevelMismatch, 0);
}

#[test]
fn what_is_missing_is_unknown_and_never_a_no() {
    let score = Case::of(analysed("☀", "", "", ""), vec![]).score();
    let feature = score.feature(FeatureName::Country).unwrap();
    assert_eq!((feature.points, feature.value.as_deref()), (0, None));
    let untitled = Analysis { title: None, seniority: None, function: None, ..ideal() };
    profile_points(untitled.clone(), FeatureName::LevelMismatch, 0);
    profile_points(untitled, FeatureName::Seniority, 0);
}

#[test]
fn acts_bring_their_best_not_their_sum() {
    act_points(vec![reaction(true, 20)], FeatureName::Reacted, 20);
    act_points(vec![reaction(false, 20)], FeatureName::Reacted, 10);
    act_points(vec![reaction(false, 1), act(3, true, EngagementKind::Reaction, None, 40)], FeatureName::Reacted, 20);
    act_points(vec![comment(Tone::Positive, 20)], FeatureName::Commented, 15);
    act_points(vec![comment(Tone::Question, 20)], FeatureName::Commented, 15);
    act_points(vec![comment(Tone::Neutral, 20)], FeatureName::Commented, 8);
    act_points(vec![comment(Tone::Negative, 20)], FeatureName::Commented, 0);
    act_points(vec![comment(Tone::Negative, 20)], FeatureName::NegativeComment, -20);
    act_points(vec![act(4, true, EngagementKind::Comment, None, 20)], FeatureName::Commented, 0);
    act_points(vec![Engagement { gone_at: Some(now()), ..reaction(true, 1) }], FeatureName::Reacted, 0);
    act_points(vec![Engagement { gone_at: Some(now()), ..reaction(true, 1) }], FeatureName::Recent, 0);
}

#[test]
fn recent_is_less_than_seven_days() {
    act_points(vec![reaction(true, 6)], FeatureName::Recent, 10);
    act_points(vec![reaction(true, 7)], FeatureName::Recent, 0);
    act_points(vec![reaction(true, 30), comment(Tone::Neutral, 2)], FeatureName::Recent, 10);
}

#[test]
fn signals_count_for_thirty_days() {
    let points = |kind, days| {
        let mut case = Case::of(ideal(), vec![]);
        case.evidence.signals = vec![signal(kind, days)];
        case.score().points(FeatureName::Signal)
    };
    assert_eq!(points(SignalKind::Hiring, 30), 5);
    assert_eq!(points(SignalKind::Click, 1), 5);
    assert_eq!(points(SignalKind::Funding, 31), 0);
    assert_eq!(points(SignalKind::NewJob, 1), 0);
    assert_eq!(points(SignalKind::Hiring, -2), 0);
}

#[test]
fn closeness_acceptance_and_ratings_count() {
    let points = |change: fn(&mut Case), name| {
        let mut case = Case::of(ideal(), vec![]);
        change(&mut case);
        case.score().points(name)
    };
    assert_eq!(points(|case| case.degree = Some(1), FeatureName::Proximity), 10);
    assert_eq!(points(|case| case.degree = Some(2), FeatureName::Proximity), 5);
    assert_eq!(points(|case| case.degree = Some(3), FeatureName::Proximity), 0);
    assert_eq!(points(|case| case.accepted = true, FeatureName::Accepted), 10);
    let rating = |points| Some(Manual { points, why: "vu au salon".into(), by: "mem_1".into(), at: now() });
    let mut case = Case::of(ideal(), vec![]);
    case.evidence.manual = rating(-12);
    assert_eq!(case.score().points(FeatureName::Manual), -12);
    case.evidence.manual = rating(90);
    assert_eq!(case.score().points(FeatureName::Manual), 20);
}

#[test]
fn follow_ups_keep_what_the_first_touch_was_worth() {
    let mut case = Case::of(ideal(), vec![reaction(true, 1)]);
    case.evidence.signals = vec![signal(SignalKind::Hiring, 29)];
    let first = case.score();
    let later = now() + SignedDuration::from_hours(24 * 60);
    assert_eq!(case.score_at(later).value, first.value - 15);
    case.frozen = Some(Frozen::of(&first));
    assert_eq!(case.score_at(later).value, first.value);
    case.evidence.engagements.push(comment(Tone::Negative, 0));
    assert_eq!(case.score_at(later).value, first.value - 20);
}

#[test]
fn an_opinion_replaces_none_half_or_all_of_the_fit() {
    let fit_with = |blend, value| {
        let mut case = Case::of(analysed("CEO", "Logistics", "", ""), vec![]);
        case.blend = blend;
        case.evidence.semantic =
            Some(SemanticOpinion { value, reason: "proche".into(), model: "m".into(), prompt_hash: "h".into(), at: now() });
        fit(&case.score())
    };
    assert_eq!(fit_with(SemanticBlend::None, 100), 22);
    assert_eq!(fit_with(SemanticBlend::Half, 100), 31);
    assert_eq!(fit_with(SemanticBlend::Half, 0), 11);
    assert_eq!(fit_with(SemanticBlend::All, 100), 40);
    assert_eq!(fit_with(SemanticBlend::All, 0), 0);
    assert_eq!(fit_with(SemanticBlend::All, 255), 40);
}

#[test]
fn an_intern_pays_for_the_level() {
    let intern = Analysis {
        seniority: Some(crate::analysis::Reading { value: Seniority::Intern, text: "Stagiaire".into() }),
        ..analysed("CEO", "Software", "51-200", "Lyon")
    };
    let score = Case::of(intern, vec![reaction(true, 1)]).score();
    assert_eq!(score.points(FeatureName::LevelMismatch), -10);
    assert_eq!(score.points(FeatureName::Seniority), 0);
}

#[test]
fn the_bound_counts_what_is_unknown_in_full() {
    let bound = |headline, location, degree, engagements: Vec<Engagement>| {
        let evidence = Evidence { engagements, ..Evidence::default() };
        let facts = CheapFacts {
            headline,
            location,
            degree,
            accepted: false,
            evidence: &evidence,
            frozen: None,
            semantic_blend: SemanticBlend::None,
        };
        upper_bound(&facts, &icp(), &Weights::default(), now())
    };
    assert_eq!(bound(None, None, None, vec![]), 55);
    assert_eq!(bound(None, None, Some(3), vec![]), 45);
    assert_eq!(bound(None, None, Some(3), vec![reaction(false, 30)]), 55);
    assert_eq!(bound(None, Some("Leeds, England"), Some(3), vec![reaction(true, 1)]), 70);
    assert_eq!(bound(Some("CEO"), None, Some(3), vec![reaction(true, 1)]), 75);
    assert_eq!(bound(None, None, Some(2), vec![act(1, true, EngagementKind::Comment, None, 30)]), 65);
}

/// One line for each row of the product's table of features: value, points, evidence.
fn table_of(weights: &Weights, version: &'static str) -> String {
    let mut lines = format!("{version}\n");
    let base = |engagements| Case { weights: weights.clone(), version, ..Case::of(ideal(), engagements) };
    let mut row = |what: &str, case: Case, name: FeatureName| {
        let score = case.score();
        let shown = match score.feature(name) {
            Some(f) => format!(
                "{:>4}  value: {}  evidence: {}",
                f.points,
                f.value.as_deref().unwrap_or("unknown"),
                f.evidence.as_deref().unwrap_or("-")
            ),
            None => "   -".to_owned(),
        };
        assert_eq!(score.model_version, version);
        lines.push_str(&format!("{:<17} {what:<38} {shown}\n", name.as_str()));
    };
    let person = |a: Analysis| Case { analysis: a, ..base(vec![]) };
    let of = |headline| analysed(headline, "Software", "51-200", "Lyon");
    use FeatureName as N;
    for (what, headline, name) in [
        ("the words of the ICP", "CEO", N::Title),
        ("its function", "Head of Sales", N::Title),
        ("an adjacent function", "Responsable marketing", N::Title),
        ("another function", "Juriste", N::Title),
        ("no title", "☀", N::Title),
        ("inside the range", "Directrice commerciale", N::Seniority),
        ("one rank off", "Head of Sales", N::Seniority),
        ("two ranks off", "Sales Manager", N::Seniority),
        ("three ranks off", "Team lead", N::Seniority),
        ("three ranks off", "Team lead", N::LevelMismatch),
        ("two ranks off", "Sales Manager", N::LevelMismatch),
        ("no title", "☀", N::LevelMismatch),
    ] {
        let analysis = match headline {
            "☀" => Analysis { title: None, seniority: None, function: None, ..ideal() },
            stated => of(stated),
        };
        row(what, person(analysis), name);
    }
    for (what, industry, size, place, name) in [
        ("exact", "Software", "", "", N::Industry),
        ("of the same group", "IT services", "", "", N::Industry),
        ("another", "Logistics", "", "", N::Industry),
        ("unknown", "", "", "", N::Industry),
        ("inside the range", "", "51-200", "", N::CompanySize),
        ("one band off", "", "201-500", "", N::CompanySize),
        ("two bands off", "", "501-1000", "", N::CompanySize),
        ("unknown", "", "", "", N::CompanySize),
        ("in the list", "", "", "Lyon", N::Country),
        ("elsewhere", "", "", "Leeds, England", N::Country),
        ("unknown", "", "", "", N::Country),
    ] {
        row(what, person(analysed("CEO", industry, size, place)), name);
    }
    let did = |kind, own, tone| vec![act(1, own, kind, tone, 20)];
    for (what, acts, name) in [
        ("on a post of ours", did(EngagementKind::Reaction, true, None), N::Reacted),
        ("on someone else's", did(EngagementKind::Reaction, false, None), N::Reacted),
        ("nothing", vec![], N::Reacted),
        ("positive", did(EngagementKind::Comment, true, Some(Tone::Positive)), N::Commented),
        ("a question", did(EngagementKind::Comment, true, Some(Tone::Question)), N::Commented),
        ("neutral", did(EngagementKind::Comment, true, Some(Tone::Neutral)), N::Commented),
        ("positive, on someone else's", did(EngagementKind::Comment, false, Some(Tone::Positive)), N::Commented),
        ("negative", did(EngagementKind::Comment, true, Some(Tone::Negative)), N::Commented),
        ("negative", did(EngagementKind::Comment, true, Some(Tone::Negative)), N::NegativeComment),
        ("tone not read", did(EngagementKind::Comment, true, None), N::Commented),
        ("six days ago", vec![act(1, true, EngagementKind::Reaction, None, 6)], N::Recent),
        ("seven days ago", vec![act(1, true, EngagementKind::Reaction, None, 7)], N::Recent),
    ] {
        row(what, base(acts), name);
    }
    for (what, kind, days) in [
        ("hiring, 30 days ago", SignalKind::Hiring, 30),
        ("funding, 2 days ago", SignalKind::Funding, 2),
        ("a click, 2 days ago", SignalKind::Click, 2),
        ("hiring, 31 days ago", SignalKind::Hiring, 31),
        ("a new job", SignalKind::NewJob, 2),
    ] {
        let mut case = base(vec![]);
        case.evidence.signals = vec![signal(kind, days)];
        row(what, case, N::Signal);
    }
    for (what, degree) in [("1st degree", Some(1)), ("2nd degree", Some(2)), ("3rd degree", Some(3)), ("unknown", None)] {
        row(what, Case { degree, ..base(vec![]) }, N::Proximity);
    }
    row("accepted", Case { accepted: true, ..base(vec![]) }, N::Accepted);
    row("not accepted", base(vec![]), N::Accepted);
    for points in [-20, 0, 20, 90] {
        let mut case = base(vec![]);
        case.evidence.manual = Some(Manual { points, why: "vu au salon".into(), by: "mem_1".into(), at: now() });
        row(&format!("{points} points"), case, N::Manual);
    }
    for blend in [SemanticBlend::None, SemanticBlend::Half, SemanticBlend::All] {
        let mut case = Case { blend, ..person(analysed("CEO", "Logistics", "", "")) };
        case.evidence.semantic =
            Some(SemanticOpinion { value: 80, reason: "proche".into(), model: "m".into(), prompt_hash: "h".into(), at: now() });
        row(&format!("opinion of 80, blended {blend:?}"), case, N::SemanticFit);
    }
    lines
}

#[test]
fn the_whole_table_of_features_is_pinned() {
    let custom = Weights {
        title_exact: 20,
        title_adjacent: 9,
        seniority_near: 3,
        industry_exact: 11,
        company_size_near: 1,
        country: 6,
        reacted_own: 25,
        reacted_other: 12,
        commented: 18,
        commented_neutral: 2,
        recent: 7,
        signal: 8,
        proximity_1: 4,
        proximity_2: 1,
        accepted: 13,
        negative_comment: -33,
        level_mismatch: -17,
        ..Weights::default()
    };
    let table = table_of(&Weights::default(), "rules-1") + "\n" + &table_of(&custom, "rules-1.3");
    assert_eq!(table, include_str!("../../golden/features.txt"), "{table}");
}

const HEADLINES: &[&str] = &[
    "CEO chez Brumelis",
    "Stagiaire marketing",
    "Directeur commercial",
    "Head of Sales @ X",
    "Développeur | Ex-Google",
    "☀",
    "",
    "Aidant les PME à grandir",
    "ex-CTO",
    "Étudiante en droit",
    "Responsable RH",
    "Co-founder & CTO",
];
const PLACES: &[&str] = &["Lyon, Auvergne-Rhône-Alpes", "Leeds, England", "", "Remote", "Québec, QC", "France"];

fn engagements() -> impl Strategy<Value = Vec<Engagement>> {
    let tone = prop::option::of(prop::sample::select(vec![Tone::Positive, Tone::Question, Tone::Neutral, Tone::Negative]));
    let one = (any::<bool>(), any::<bool>(), tone, -1..40_i64).prop_map(|(own, comment, tone, days)| {
        let kind = if comment { EngagementKind::Comment } else { EngagementKind::Reaction };
        act(7, own, kind, tone.filter(|_| comment), days)
    });
    prop::collection::vec(one, 0..5)
}

fn case() -> impl Strategy<Value = Case> {
    let text = |list: &'static [&'static str]| prop::sample::select(list);
    let who = (
        text(HEADLINES),
        text(&["Software", "IT services", "Retail", ""]),
        text(&["2-10", "51-200", "10,001+", ""]),
        text(PLACES),
    );
    let blend = prop::sample::select(vec![SemanticBlend::None, SemanticBlend::Half, SemanticBlend::All]);
    let extra = (prop::option::of(1..4_u8), any::<bool>(), prop::option::of(-30..30_i16), prop::option::of(0..=100_u8), blend);
    (who, engagements(), extra, any::<bool>()).prop_map(
        |(who, engagements, (degree, accepted, rating, opinion, blend), hiring)| {
            let mut case = Case::of(analysed(who.0, who.1, who.2, who.3), engagements);
            case.evidence.manual = rating.map(|points| Manual { points, why: "".into(), by: "".into(), at: now() });
            case.evidence.signals = hiring.then(|| signal(SignalKind::Hiring, 3)).into_iter().collect();
            case.evidence.semantic = opinion.map(|value| SemanticOpinion {
                value,
                reason: "".into(),
                model: "".into(),
                prompt_hash: "".into(),
                at: now(),
            });
            (case.degree, case.accepted, case.blend) = (degree, accepted, blend);
            case
        },
    )
}

/// Any weights the settings take.
fn weights() -> impl Strategy<Value = Weights> {
    let points = prop::collection::vec(0..=100_i16, crate::workspace::WEIGHT_KEYS.len());
    points.prop_map(|points| {
        let value: serde_json::Map<String, serde_json::Value> = crate::workspace::WEIGHT_KEYS
            .iter()
            .zip(points)
            .map(|(key, points)| ((*key).to_owned(), if Weights::PENALTIES.contains(key) { -points } else { points }.into()))
            .collect();
        serde_json::from_value(value.into()).unwrap()
    })
}

fn icps() -> impl Strategy<Value = Icp> {
    let some = |list: &'static [&'static str]| prop::sample::subsequence(list, 0..=list.len());
    let texts = |list: Vec<&'static str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let levels = prop::sample::subsequence(Seniority::ALL.to_vec(), 0..=3);
    let size = prop::option::of((prop::option::of(1..500_u32), prop::option::of(1..9_000_u32)));
    (some(HEADLINES), some(&["Software", "Retail", "Logistics"]), some(PLACES), levels, size).prop_map(
        move |(titles, industries, countries, seniorities, size)| Icp {
            titles: texts(titles),
            industries: texts(industries),
            countries: texts(countries),
            seniorities,
            company_size: size.map(|(min, max)| SizeRange { min, max }),
            ..Icp::default()
        },
    )
}

/// Anybody, under any ICP and weights.
fn any_case() -> impl Strategy<Value = Case> {
    let version = prop::sample::select(vec!["rules-1", "rules-1.3", "ma règle — 7"]);
    (case(), weights(), icps(), version).prop_map(|(case, weights, icp, version)| Case { weights, icp, version, ..case })
}

proptest! {
    #[test]
    fn any_score_is_the_sum_of_named_features_and_is_recomputed_byte_for_byte(case in any_case(), hours in -400..9_000_i64) {
        let now = now() + SignedDuration::from_hours(hours);
        let score = case.score_at(now);
        prop_assert_eq!(score.raw, score.features.iter().map(|f| f.points).sum::<i16>());
        prop_assert_eq!(i16::from(score.value), score.raw.clamp(0, 100));
        let names: Vec<FeatureName> = score.features.iter().map(|f| f.name).collect();
        let mut once = names.clone();
        once.dedup();
        prop_assert!(names.is_sorted() && once == names, "{names:?}");
        prop_assert_eq!((score.model_version.as_str(), score.scored_at), (case.version, now));
        let stored = serde_json::to_string(&score).unwrap();
        prop_assert_eq!(serde_json::to_string(&case.clone().score_at(now)).unwrap(), stored.clone());
        prop_assert_eq!(serde_json::to_string(&recompute(&serde_json::from_str(&stored).unwrap())).unwrap(), stored);
    }

    #[test]
    fn the_bound_of_what_is_free_is_never_below_any_score(case in any_case(), know in any::<[bool; 3]>()) {
        let [know_degree, know_signals, know_place] = know;
        let mut evidence = case.evidence.clone();
        // The company's rating is free to know; an opinion of the profile is not there before it is read.
        evidence.semantic = None;
        if !know_signals { evidence.signals.clear(); }
        let facts = CheapFacts {
            headline: case.analysis.headline.as_deref(), location: case.analysis.location.as_deref().filter(|_| know_place),
            degree: case.degree.filter(|_| know_degree), accepted: case.accepted, evidence: &evidence, frozen: None,
            semantic_blend: case.blend,
        };
        let (bound, score) = (upper_bound(&facts, &case.icp, &case.weights, now()), case.score());
        prop_assert!(bound >= score.value, "{bound} < {}: {score:?}", score.value);
    }

    #[test]
    fn what_is_frozen_never_decays(case in any_case(), hours in 0..9_000_i64) {
        let first = case.score();
        let later = Case { frozen: Some(Frozen::of(&first)), ..case }.score_at(now() + SignedDuration::from_hours(hours));
        for name in [FeatureName::Recent, FeatureName::Signal] {
            prop_assert!(later.points(name) >= first.points(name), "{name:?}");
        }
        prop_assert!(later.raw >= first.raw);
    }

    #[test]
    fn a_score_is_the_sum_of_its_features(case in case()) {
        let score = case.score();
        prop_assert_eq!(score.raw, score.features.iter().map(|f| f.points).sum::<i16>());
        prop_assert_eq!(i16::from(score.value), score.raw.clamp(0, 100));
        prop_assert_eq!(score.clone(), case.score());
    }

    #[test]
    fn a_stored_score_is_recomputed_byte_for_byte(case in case()) {
        let stored = serde_json::to_string(&case.score()).unwrap();
        let read: Score = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(serde_json::to_string(&recompute(&read)).unwrap(), stored);
    }

    #[test]
    fn the_bound_is_never_below_the_score(case in case(), know_degree in any::<bool>(), know_signals in any::<bool>(), know_place in any::<bool>()) {
        let mut evidence = case.evidence.clone();
        evidence.semantic = None;
        if !know_signals { evidence.signals.clear(); }
        let facts = CheapFacts {
            headline: case.analysis.headline.as_deref(), location: case.analysis.location.as_deref().filter(|_| know_place),
            degree: case.degree.filter(|_| know_degree), accepted: case.accepted, evidence: &evidence, frozen: None,
            semantic_blend: case.blend,
        };
        prop_assert!(upper_bound(&facts, &case.icp, &case.weights, now()) >= case.score().value);
    }

    #[test]
    fn the_order_of_evidence_does_not_matter(case in case()) {
        let mut turned = case.evidence.clone();
        turned.engagements.reverse();
        turned.engagements.dedup();
        let forward = case.score();
        let backward = Case { evidence: turned, ..case }.score();
        prop_assert_eq!(forward.value, backward.value);
    }
}
