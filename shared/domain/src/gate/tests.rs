//! Every code of the gate by table, and the laws it must keep as properties.

use super::*;
use crate::analysis::{Analysis, ExperienceFacts, ProfileFacts};
use crate::evidence::Engagement;
use crate::icp::{Icp, SizeRange};
use crate::ids::{EngagementId, EnrolmentId};
use crate::titles::Seniority;
use crate::vocabulary::{EngagementKind, ExclusionKind, LeadSource, ReactionKind};
use crate::workspace::Settings;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-20T09:00:00Z")
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn settings() -> Settings {
    let icp = Icp {
        titles: vec!["CEO".into()],
        seniorities: vec![Seniority::Director, Seniority::Founder],
        industries: vec!["Software".into()],
        company_size: Some(SizeRange { min: Some(11), max: Some(200) }),
        countries: vec!["FR".into()],
        exclude_titles: vec!["Stagiaire".into()],
        exclude_companies: vec!["Rival SA".into()],
        text: None,
    };
    Settings { icp: Some(icp), ..Settings::new("Acme") }
}

fn analysis(headline: &str, company: &str, size: &str, analysed_at: Timestamp) -> Analysis {
    let job = ExperienceFacts {
        company: Some(company.into()),
        title: Some("x".into()),
        company_size: Some(size.into()),
        ..Default::default()
    };
    let profile = ProfileFacts {
        headline: Some(headline.into()),
        location: Some("Lyon".into()),
        industry: Some("Software".into()),
        experience: vec![job],
        ..Default::default()
    };
    Analysis::from_linkedin(&profile, None, analysed_at).unwrap()
}

fn reaction(days: i64) -> Engagement {
    Engagement {
        id: EngagementId::derive(&["1"]),
        post_url: String::new(),
        own_post: true,
        kind: EngagementKind::Reaction,
        reaction: Some(ReactionKind::Like),
        text: None,
        tone: None,
        at: days_ago(days),
        at_estimated: false,
        first_seen_at: days_ago(days),
        gone_at: None,
    }
}

/// Somebody who passes: a CEO in the middle of the ICP who reacted yesterday.
fn passes() -> Facts {
    let mut facts = Facts::new(Policy::of(&settings(), &[LeadSource::Hot], None), "test");
    facts.analysis = Some(analysis("CEO chez Brumelis", "Brumelis", "51-200", days_ago(1)));
    facts.headline = Some("CEO chez Brumelis".into());
    facts.evidence.engagements = vec![reaction(1)];
    facts.enrolment = Some(EnrolmentId::derive(&["this"]));
    facts
}

fn other_enrolment(days: i64) -> Contact {
    Contact { at: days_ago(days), enrolment: Some(EnrolmentId::derive(&["other"])) }
}

/// The codes against somebody who passes but for one change.
fn codes(change: impl FnOnce(&mut Facts)) -> Vec<ReasonCode> {
    let mut facts = passes();
    change(&mut facts);
    decide(&facts, now()).reasons.into_iter().map(|reason| reason.code).collect()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Facts), expected: &[ReasonCode]) {
    assert_eq!(codes(change), expected);
}

#[test]
fn somebody_who_passes_is_allowed_for_a_day() {
    let decision = decide(&passes(), now());
    assert_eq!((decision.verdict, decision.route, decision.reasons.len()), (Verdict::Allow, Some(Route::Invitation), 0));
    assert_eq!((decision.score, decision.threshold, decision.fit, decision.upper_bound), (Some(70), Some(60), Some(40), None));
    assert_eq!(decision.expires_at, at("2026-11-21T09:00:00Z"));
    assert!(decision.is_current(at("2026-11-21T08:59:59Z")) && !decision.is_current(decision.expires_at));
}

#[test]
fn one_to_three_never() {
    use ReasonCode as R;
    check(|f| f.suppressed = true, &[R::Suppressed]);
    check(|f| f.opted_out = true, &[R::OptedOut]);
    check(|f| f.erased = true, &[R::Erased]);
    check(|f| f.objects_to_commercial_use = true, &[R::ObjectsToCommercialUse]);
    check(|f| f.exclusions = vec![ExclusionKind::OwnTeam], &[R::OwnTeam]);
    check(|f| f.exclusions = vec![ExclusionKind::Customer], &[R::IsCustomer]);
    check(|f| f.exclusions = vec![ExclusionKind::Competitor], &[R::Competitor]);
    check(|f| f.analysis = Some(analysis("CEO", "Rival SA", "51-200", now())), &[R::ExcludedCompany]);
    check(|f| f.analysis = Some(analysis("CEO", "RIVAL sa", "51-200", now())), &[R::ExcludedCompany]);
    check(|f| f.policy.icp.as_mut().unwrap().exclude_titles = vec!["ceo".into()], &[R::ExcludedTitle]);
}

#[test]
fn an_excluded_headline_costs_nothing() {
    let unread = |headline: &str| {
        let headline = headline.to_owned();
        codes(move |f| (f.analysis, f.headline) = (None, Some(headline)))[0]
    };
    assert_eq!(unread("Stagiaire marketing"), ReasonCode::ExcludedTitle);
    assert_eq!(unread("CEO"), ReasonCode::NotAnalysed);
}

#[test]
fn four_to_seven_hold_and_say_why() {
    use ReasonCode as R;
    check(|f| f.policy.icp = None, &[R::NoIcp]);
    check(|f| f.policy.threshold = None, &[R::NoThreshold]);
    check(|f| f.analysis = None, &[R::NotAnalysed]);
    check(
        |f| (f.analysis, f.degree, f.evidence) = (None, Some(3), Default::default()),
        &[R::CannotReachThreshold, R::NotAnalysed],
    );
    check(|f| (f.analysis, f.degree, f.evidence, f.read_anyway) = (None, Some(3), Default::default(), true), &[R::NotAnalysed]);
    check(|f| f.analysis = Some(analysis("CEO", "X", "51-200", days_ago(31))), &[R::StaleAnalysis]);
    check(|f| f.step.lawful = false, &[R::NoLawfulBasis]);
    check(|f| f.step.has_address = false, &[R::NoAddress]);
    check(|f| f.step.supported = false, &[R::ChannelUnsupported]);
}

#[test]
fn eight_is_a_humans_turn() {
    use ReasonCode as R;
    check(|f| f.received_at = Some(days_ago(3)), &[R::ConversationOpen, R::Replied]);
    check(|f| f.received_at = Some(days_ago(31)), &[R::Replied]);
    check(|f| (f.received_at, f.closed_at) = (Some(days_ago(3)), Some(days_ago(2))), &[]);
    check(|f| (f.received_at, f.closed_at) = (Some(days_ago(2)), Some(days_ago(3))), &[R::ConversationOpen, R::Replied]);
    check(|f| f.meeting_at = Some(days_ago(90)), &[R::Meeting]);
    check(|f| (f.meeting_at, f.closed_at) = (Some(days_ago(90)), Some(days_ago(1))), &[]);
    check(|f| (f.received_at, f.not_now_until) = (Some(days_ago(9)), Some(days_ago(-3))), &[R::Replied]);
    check(|f| (f.received_at, f.not_now_until) = (Some(days_ago(9)), Some(days_ago(0))), &[]);
    check(|f| (f.received_at, f.not_now_until) = (Some(days_ago(1)), Some(days_ago(2))), &[R::ConversationOpen, R::Replied]);
}

#[test]
fn nine_a_rejection_holds_here_for_good_and_elsewhere_for_six_months() {
    let rejection = |campaign: Option<&str>, days| Rejection { campaign: campaign.map(str::to_owned), at: days_ago(days) };
    check(|f| f.rejections = vec![rejection(None, 900)], &[ReasonCode::RejectedByReviewer]);
    check(|f| f.rejections = vec![rejection(Some("x"), 100)], &[ReasonCode::RejectedByReviewer]);
    check(|f| f.rejections = vec![rejection(Some("x"), 190)], &[]);
}

#[test]
fn ten_leaves_people_and_companies_alone() {
    use ReasonCode as R;
    check(|f| f.contacts = vec![other_enrolment(100)], &[R::RecentlyContacted]);
    check(|f| f.contacts = vec![other_enrolment(190)], &[]);
    check(|f| f.contacts = vec![Contact { at: days_ago(3), enrolment: f.enrolment.clone() }], &[]);
    check(|f| f.contacts = vec![Contact { at: days_ago(3), enrolment: None }], &[R::RecentlyContacted]);
    check(|f| (f.contacts, f.enrolment) = (vec![Contact { at: days_ago(3), enrolment: None }], None), &[R::RecentlyContacted]);
    check(|f| f.colleague_contacts = vec![days_ago(10)], &[R::CompanyRecentlyContacted]);
    check(|f| f.colleague_contacts = vec![days_ago(200)], &[]);
    check(|f| (f.colleague_contacts, f.policy.company_recontact_max) = (vec![days_ago(10)], 2), &[]);
    check(|f| (f.colleague_contacts, f.policy.company_recontact_size) = (vec![days_ago(10)], 51), &[]);
    check(|f| f.other_campaign = Some("Relance douce".into()), &[R::InOtherCampaign]);
}

#[test]
fn an_invitation_taken_back_is_not_followed_by_another_for_ninety_days() {
    use ReasonCode as R;
    let until = |change: fn(&mut Facts)| {
        let mut facts = passes();
        change(&mut facts);
        decide(&facts, now()).reasons.first().and_then(|r| r.until)
    };
    check(|f| f.withdrawn_at = Some(days_ago(89)), &[R::RecentlyContacted]);
    check(|f| f.withdrawn_at = Some(days_ago(90)), &[]);
    check(|f| (f.withdrawn_at, f.step.channel) = (Some(days_ago(1)), Channel::LinkedInMessage), &[]);
    check(
        |f| (f.withdrawn_at, f.continuation) = (Some(days_ago(20)), Some(Continuation { negative_outcome: false })),
        &[R::RecentlyContacted],
    );
    assert_eq!(until(|f| f.withdrawn_at = Some(days_ago(20))), Some(days_ago(-70)));
    assert!(until(|f| (f.withdrawn_at, f.contacts) = (Some(days_ago(80)), vec![other_enrolment(100)])) > Some(days_ago(-10)));
}

#[test]
fn a_continuation_waives_ten_after_a_fortnight_without_a_no() {
    let handed_over = |negative_outcome, days| {
        move |f: &mut Facts| {
            f.contacts = vec![other_enrolment(days)];
            f.other_campaign = Some("x".into());
            f.continuation = Some(Continuation { negative_outcome });
        }
    };
    check(handed_over(false, 14), &[]);
    check(handed_over(false, 13), &[ReasonCode::RecentlyContacted, ReasonCode::InOtherCampaign]);
    check(handed_over(true, 14), &[ReasonCode::RecentlyContacted, ReasonCode::InOtherCampaign]);
}

#[test]
fn eleven_and_twelve() {
    use ReasonCode as R;
    check(|f| f.policy.threshold = Some(71), &[R::BelowThreshold]);
    check(|f| f.policy.threshold = Some(70), &[]);
    check(|f| f.policy.min_fit = 41, &[R::BelowMinFit]);
    check(|f| f.account.paused = true, &[R::AccountPaused]);
    check(|f| f.budget_spent = true, &[R::BudgetSpent]);
}

#[test]
fn all_reasons_are_listed_and_the_first_decides() {
    let mut facts = passes();
    (facts.budget_spent, facts.policy.threshold, facts.opted_out) = (true, Some(99), true);
    let decision = decide(&facts, now());
    assert_eq!(
        decision.reasons.iter().map(|r| r.code).collect::<Vec<_>>(),
        [ReasonCode::OptedOut, ReasonCode::BelowThreshold, ReasonCode::BudgetSpent]
    );
    assert_eq!((decision.verdict, decision.route), (Verdict::Refuse, None));
    facts.opted_out = false;
    facts.policy.threshold = Some(60);
    assert_eq!(decide(&facts, now()).verdict, Verdict::Hold);
}

#[test]
fn an_overrule_lifts_only_the_score() {
    let overrule = |reason: &str| Some(Overrule { by: "mem_1".into(), reason: reason.into(), at: now() });
    check(|f| (f.policy.threshold, f.policy.min_fit, f.overrule) = (Some(99), 41, overrule("vu au salon")), &[]);
    check(|f| (f.policy.threshold, f.overrule) = (Some(99), overrule(" ")), &[ReasonCode::BelowThreshold]);
    check(|f| (f.suppressed, f.overrule) = (true, overrule("x")), &[ReasonCode::Suppressed]);
    check(|f| (f.analysis, f.overrule) = (None, overrule("x")), &[ReasonCode::NotAnalysed]);
    let mut facts = passes();
    facts.policy.threshold = Some(99);
    assert!(decide(&facts, now()).may_be_overruled());
    facts.budget_spent = true;
    assert!(!decide(&facts, now()).may_be_overruled());
    assert!(!decide(&passes(), now()).may_be_overruled());
}

#[test]
fn the_route_follows_closeness_and_channel() {
    let route = |change: fn(&mut Facts)| {
        let mut facts = passes();
        change(&mut facts);
        decide(&facts, now()).route
    };
    assert_eq!(route(|f| f.degree = Some(1)), Some(Route::Message));
    assert_eq!(route(|f| f.accepted = true), Some(Route::Message));
    assert_eq!(route(|f| f.open_profile = true), Some(Route::Message));
    assert_eq!(route(|f| f.degree = Some(2)), Some(Route::Invitation));
    assert_eq!(route(|f| f.step.channel = Channel::Email), Some(Route::Email));
    assert_eq!(route(|f| f.step.channel = Channel::Sms), Some(Route::Sms));
    assert_eq!(route(|f| f.step.channel = Channel::LinkedInVisit), None);
}

/// The French text of the first reason.
fn text(change: impl FnOnce(&mut Facts)) -> String {
    let mut facts = passes();
    change(&mut facts);
    decide(&facts, now()).reasons[0].text_fr.clone()
}

#[test]
fn texts_say_what_would_change_it() {
    let commented = |line| text(|f| (f.policy.threshold, f.evidence.engagements) = (Some(line), vec![reaction(20)]));
    assert_eq!(commented(75), "il manque 15 points\u{a0}: passerait avec un commentaire");
    assert_eq!(commented(61), "il manque 1 point\u{a0}: passerait avec un commentaire");
    assert_eq!(commented(100), "il manque 40 points\u{a0}: même une réaction et un commentaire n’y suffiraient pas");
    assert_eq!(
        text(|f| f.evidence.engagements.clear()),
        "il manque 20 points\u{a0}: passerait avec une réaction à l’un de vos posts"
    );
    assert_eq!(
        text(|f| f.contacts = vec![other_enrolment(19)]),
        "a été contacté récemment\u{a0}: possible à partir du 1er\u{a0}mai 2027"
    );
}

#[test]
fn every_code_has_its_sentences_and_every_one_is_reached() {
    for code in ReasonCode::ALL {
        let (fr, en) = texts::plain(*code);
        assert!(!fr.is_empty() && !en.is_empty() && !fr.contains('\''), "{code}");
    }
    let changes: &[fn(&mut Facts)] = &[
        |f| (f.suppressed, f.opted_out, f.erased, f.objects_to_commercial_use) = (true, true, true, true),
        |f| f.exclusions = vec![ExclusionKind::OwnTeam, ExclusionKind::Customer, ExclusionKind::Competitor],
        |f| f.analysis = Some(analysis("Stagiaire", "Rival SA", "1", now())),
        |f| f.policy.icp.as_mut().unwrap().exclude_titles = vec!["CEO".into()],
        |f| (f.policy.icp, f.policy.threshold) = (None, None),
        |f| (f.analysis, f.policy.threshold) = (None, Some(100)),
        |f| f.analysis = Some(analysis("CEO", "X", "1", days_ago(400))),
        |f| (f.step.lawful, f.step.has_address, f.step.supported) = (false, false, false),
        |f| (f.received_at, f.meeting_at) = (Some(now()), Some(now())),
        |f| f.rejections = vec![Rejection { campaign: None, at: now() }],
        |f| (f.contacts, f.colleague_contacts, f.other_campaign) = (vec![other_enrolment(1)], vec![now()], Some("x".into())),
        |f| (f.policy.min_fit, f.policy.threshold) = (41, Some(100)),
        |f| (f.account.paused, f.budget_spent) = (true, true),
    ];
    let reached: BTreeSet<ReasonCode> = changes.iter().flat_map(|change| codes(change)).collect();
    assert_eq!(reached, ReasonCode::ALL.iter().copied().collect());
}

/// What produces a code, beside somebody who would pass; with what stands beside it of necessity.
type Cause = (fn(&mut Facts), ReasonCode, Verdict);

/// The documented order, spelled out: one cause for each code.
fn causes() -> Vec<Cause> {
    use ReasonCode as R;
    use Verdict::{Hold, Refuse};
    vec![
        (|f| f.suppressed = true, R::Suppressed, Refuse),
        (|f| f.opted_out = true, R::OptedOut, Refuse),
        (|f| f.erased = true, R::Erased, Refuse),
        (|f| f.objects_to_commercial_use = true, R::ObjectsToCommercialUse, Refuse),
        (|f| f.exclusions.push(ExclusionKind::OwnTeam), R::OwnTeam, Refuse),
        (|f| f.exclusions.push(ExclusionKind::Customer), R::IsCustomer, Refuse),
        (|f| f.exclusions.push(ExclusionKind::Competitor), R::Competitor, Refuse),
        (|f| f.policy.icp.iter_mut().for_each(|icp| icp.exclude_titles = vec!["CEO".into()]), R::ExcludedTitle, Refuse),
        (|f| f.policy.icp.iter_mut().for_each(|icp| icp.exclude_companies = vec!["Brumelis".into()]), R::ExcludedCompany, Refuse),
        (|f| f.policy.icp = None, R::NoIcp, Hold),
        (|f| f.policy.threshold = None, R::NoThreshold, Hold),
        (|f| (f.analysis, f.policy.threshold) = (None, Some(100)), R::CannotReachThreshold, Refuse),
        (|f| f.analysis = None, R::NotAnalysed, Hold),
        (|f| f.analysis.iter_mut().for_each(|analysis| analysis.analysed_at = days_ago(31)), R::StaleAnalysis, Hold),
        (|f| f.step.lawful = false, R::NoLawfulBasis, Hold),
        (|f| f.step.has_address = false, R::NoAddress, Hold),
        (|f| f.step.supported = false, R::ChannelUnsupported, Hold),
        (|f| f.received_at = Some(days_ago(1)), R::ConversationOpen, Refuse),
        (|f| f.received_at = Some(days_ago(60)), R::Replied, Refuse),
        (|f| f.meeting_at = Some(days_ago(60)), R::Meeting, Refuse),
        (|f| f.rejections.push(Rejection { campaign: None, at: days_ago(1) }), R::RejectedByReviewer, Refuse),
        (|f| f.contacts.push(other_enrolment(1)), R::RecentlyContacted, Refuse),
        (|f| f.colleague_contacts.push(days_ago(1)), R::CompanyRecentlyContacted, Refuse),
        (|f| f.other_campaign = Some("Relance douce".into()), R::InOtherCampaign, Refuse),
        (|f| f.policy.min_fit = 41, R::BelowMinFit, Refuse),
        (|f| f.policy.threshold = Some(99), R::BelowThreshold, Refuse),
        (|f| f.account.paused = true, R::AccountPaused, Hold),
        (|f| f.budget_spent = true, R::BudgetSpent, Hold),
    ]
}

/// The list of the API, in the order of the gate; whoever adds a code has to say where it stands.
const DOCUMENTED: &str = "suppressed opted_out erased objects_to_commercial_use own_team is_customer competitor excluded_title \
    excluded_company no_icp no_threshold cannot_reach_threshold not_analysed stale_analysis no_lawful_basis no_address \
    channel_unsupported conversation_open replied meeting rejected_by_reviewer recently_contacted company_recently_contacted \
    in_other_campaign below_min_fit below_threshold account_paused budget_spent";

#[test]
fn every_documented_code_is_produced_by_facts_in_its_place_with_its_verdict() {
    let documented: Vec<&str> = DOCUMENTED.split_whitespace().collect();
    assert_eq!(causes().iter().map(|(_, code, _)| code.as_str()).collect::<Vec<_>>(), documented);
    assert_eq!(ReasonCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(), documented);
    for (cause, code, verdict) in causes() {
        let mut facts = passes();
        cause(&mut facts);
        let decision = decide(&facts, now());
        assert_eq!((decision.first_code(), decision.verdict, verdict_of(code)), (Some(code), verdict, verdict), "{code}");
        assert!(decision.route.is_none(), "{code}");
    }
}

#[test]
fn of_any_two_causes_both_are_listed_and_the_earlier_decides() {
    // These speak of the same fact in two ways: without an analysis there is none that is stale, nor a score.
    let exclusive = |a: ReasonCode, b: ReasonCode| {
        use ReasonCode as R;
        let unread = |code| matches!(code, R::NotAnalysed | R::CannotReachThreshold);
        let of_reading = |code| matches!(code, R::StaleAnalysis | R::BelowMinFit | R::BelowThreshold);
        let without_icp = |code| matches!(code, R::ExcludedTitle | R::ExcludedCompany | R::CannotReachThreshold);
        let same_fact = |pair: [R; 2]| pair.contains(&a) && pair.contains(&b);
        unread(a) && of_reading(b)
            || unread(a) && b == R::ExcludedCompany
            || unread(b) && a == R::ExcludedCompany
            || a == R::StaleAnalysis && of_reading(b)
            || a == R::NoIcp && (of_reading(b) && b != R::StaleAnalysis || without_icp(b))
            || b == R::NoIcp && without_icp(a)
            || a == R::NoThreshold && matches!(b, R::CannotReachThreshold | R::BelowThreshold)
            || same_fact([R::ConversationOpen, R::Replied])
            || same_fact([R::CannotReachThreshold, R::NotAnalysed])
    };
    for (first, (one, a, verdict)) in causes().into_iter().enumerate() {
        for (other, b, _) in causes().into_iter().skip(first + 1).filter(|(_, b, _)| !exclusive(a, *b)) {
            let mut facts = passes();
            one(&mut facts);
            other(&mut facts);
            let decision = decide(&facts, now());
            let listed: Vec<ReasonCode> = decision.reasons.iter().map(|reason| reason.code).collect();
            assert!(listed.contains(&a) && listed.contains(&b), "{a} and {b}: {listed:?}");
            assert!(listed.is_sorted() && listed[0] <= a, "{listed:?}");
            assert_eq!(decision.verdict, verdict_of(listed[0]));
            if listed[0] == a {
                assert_eq!(decision.verdict, verdict);
            }
        }
    }
}

#[test]
fn an_overrule_lifts_the_line_and_the_fit_alone() {
    for (cause, code, verdict) in causes() {
        let mut facts = passes();
        cause(&mut facts);
        facts.overrule = Some(Overrule { by: "mem_1".into(), reason: "vu au salon".into(), at: now() });
        let decision = decide(&facts, now());
        let lifted = matches!(code, ReasonCode::BelowMinFit | ReasonCode::BelowThreshold);
        assert_eq!(decision.verdict, if lifted { Verdict::Allow } else { verdict }, "{code}");
        assert_eq!(decision.overrule.is_some(), lifted, "{code}");
    }
}

#[test]
fn a_continuation_waives_line_ten_alone() {
    use ReasonCode as R;
    for (cause, code, verdict) in causes() {
        let mut facts = passes();
        cause(&mut facts);
        facts.contacts.iter_mut().for_each(|contact| contact.at = days_ago(20));
        facts.colleague_contacts.iter_mut().for_each(|at| *at = days_ago(20));
        facts.continuation = Some(Continuation { negative_outcome: false });
        let waived = matches!(code, R::RecentlyContacted | R::CompanyRecentlyContacted | R::InOtherCampaign);
        assert_eq!(decide(&facts, now()).verdict, if waived { Verdict::Allow } else { verdict }, "{code}");
    }
}

#[test]
fn each_source_has_its_line_and_a_person_the_highest_of_theirs() {
    use LeadSource as L;
    let settings = Settings { threshold: Some(60), ..settings() };
    let line = |sources: &[L], campaign| Policy::of(&settings, sources, campaign).threshold;
    for (sources, campaign, expected) in [
        (&[L::Hot][..], None, 60),
        (&[L::Spy], None, 60),
        (&[L::Magnet], None, 60),
        (&[L::Cold], None, 35),
        (&[L::Import], None, 35),
        (&[L::Local], None, 35),
        (&[L::Cold, L::Hot], None, 60),
        (&[L::Cold], Some(50), 50),
        (&[L::Hot], Some(50), 60),
    ] {
        assert_eq!(line(sources, campaign), Some(expected), "{sources:?} {campaign:?}");
    }
    // A person of a search passes their own line and not that of the hot ones.
    let verdict = |sources: &[L]| {
        let mut facts = passes();
        facts.policy = Policy::of(&settings, sources, None);
        facts.evidence.engagements.clear();
        decide(&facts, now()).verdict
    };
    assert_eq!((verdict(&[L::Cold]), verdict(&[L::Cold, L::Spy])), (Verdict::Allow, Verdict::Refuse));
}

#[test]
fn what_a_source_can_reach_follows_the_weights() {
    use crate::thresholds::reachable_max;
    use crate::workspace::Weights;
    let reach = |change: fn(&mut Weights)| {
        let mut weights = Weights::default();
        change(&mut weights);
        [LeadSource::Hot, LeadSource::Spy, LeadSource::Cold].map(|source| reachable_max(source, &weights))
    };
    assert_eq!(reach(|_| ()), [100, 90, 55]);
    assert_eq!(reach(|w| w.reacted_other = 20), [100, 100, 55]);
    assert_eq!(reach(|w| (w.title_exact, w.title_adjacent) = (0, 0)), [86, 76, 41]);
    assert_eq!(reach(|w| (w.proximity_1, w.proximity_2, w.signal) = (0, 0, 0)), [85, 75, 40]);
    assert_eq!(reach(|w| w.country = 100), [100, 100, 100]);
}

fn facts() -> impl Strategy<Value = Facts> {
    let flags = prop::collection::vec(prop::bool::weighted(0.12), 16);
    let numbers = (0..=100_u8, 0..=40_u8, 0..60_i64, 0..40_i64, prop::option::of(1..=3_u8));
    let headline = prop::sample::select(vec!["CEO", "Stagiaire", "Head of Sales", "☀"]);
    (flags, numbers, headline).prop_map(|(flags, (line, min_fit, analysed, acted, degree), headline)| {
        let mut f = passes();
        (f.policy.threshold, f.policy.min_fit, f.degree) = (Some(line), min_fit, degree);
        f.analysis = Some(analysis(headline, "X", "51-200", days_ago(analysed)));
        f.evidence.engagements = vec![reaction(acted)];
        (f.suppressed, f.opted_out, f.erased, f.objects_to_commercial_use) = (flags[0], flags[1], flags[2], flags[3]);
        if flags[4] {
            f.policy.icp = None
        }
        if flags[5] {
            f.policy.threshold = None
        }
        if flags[6] {
            f.analysis = None
        }
        if flags[7] {
            f.received_at = Some(days_ago(5))
        }
        if flags[8] {
            f.contacts = vec![other_enrolment(5)]
        }
        if flags[9] {
            f.overrule = Some(Overrule { by: "m".into(), reason: "r".into(), at: now() })
        }
        (f.account.paused, f.budget_spent, f.accepted, f.step.lawful) = (flags[10], flags[11], flags[12], !flags[13]);
        if flags[14] {
            f.exclusions = vec![ExclusionKind::Customer]
        }
        if flags[15] {
            f.continuation = Some(Continuation { negative_outcome: false })
        }
        f
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_allow_means_every_condition(f in facts()) {
        let decision = decide(&f, now());
        prop_assert_eq!(decision.verdict == Verdict::Allow, decision.reasons.is_empty());
        if decision.verdict == Verdict::Allow {
            prop_assert!(!f.suppressed && !f.opted_out && !f.erased && !f.objects_to_commercial_use && f.exclusions.is_empty());
            prop_assert!(f.fresh_analysis(now()).is_some() && f.policy.icp.is_some());
            prop_assert!(f.received_at.is_none() && !f.account.paused && !f.budget_spent && f.step.lawful);
            if decision.overrule.is_none() {
                prop_assert!(decision.score.unwrap() >= f.policy.threshold.unwrap());
                prop_assert!(decision.fit.unwrap() >= f.policy.min_fit);
            } else {
                prop_assert!(decision.score.is_some() && f.policy.threshold.is_some());
            }
        }
    }

    #[test]
    fn reasons_stand_in_the_order_of_the_table(f in facts()) {
        let reasons: Vec<ReasonCode> = decide(&f, now()).reasons.iter().map(|r| r.code).collect();
        let mut sorted = reasons.clone();
        sorted.sort();
        sorted.dedup();
        prop_assert_eq!(sorted, reasons);
    }

    #[test]
    fn the_same_facts_give_the_same_decision(f in facts()) {
        let (one, two) = (decide(&f, now()), decide(&f, now()));
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    }
}
