//! Semantic fit: a model's opinion counts as far as the workspace says, and nothing that a model or a profile says does more.

use crate::fixture::{World, world_with};
use amorce::home::TABLE;
use jiff::SignedDuration;
use outbound::model::{Maker, ModelConfig, open};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::record::body_text;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What the model answers next.
#[derive(Clone, Debug)]
enum Mood {
    /// This rating, with a reason that no other question gets.
    Rates(i64),
    /// This text.
    Says(&'static str),
    Down,
}

/// A stand-in for Anthropic.
#[derive(Clone)]
struct Vendor {
    mood: Arc<Mutex<Mood>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// Questions about the tone of comments.
    tones: Arc<Mutex<Vec<String>>>,
    marks: Arc<AtomicUsize>,
}

impl Respond for Vendor {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let question = body["messages"][0]["content"].as_str().unwrap().to_owned();
        if !body["output_config"]["format"]["schema"]["properties"]["tones"].is_null() {
            return self.tell_tones(question);
        }
        self.asked.lock().unwrap().push(question);
        let text = match self.mood.lock().unwrap().clone() {
            Mood::Down => return ResponseTemplate::new(503).insert_header("retry-after", "600"),
            Mood::Says(text) => text.to_owned(),
            Mood::Rates(value) => {
                let mark = self.marks.fetch_add(1, Ordering::Relaxed);
                json!({"value": value, "reason": format!("Avis numéro {mark} du modèle.")}).to_string()
            }
        };
        ResponseTemplate::new(200).set_body_json(json!({
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "model": "claude-test-1",
            "usage": {"input_tokens": 1_000, "output_tokens": 40},
        }))
    }
}

impl Vendor {
    /// Everything sounds negative to this model, at no cost; one that says things says them here too.
    fn tell_tones(&self, question: String) -> ResponseTemplate {
        let comments = question.matches("\"comment\"").count();
        self.tones.lock().unwrap().push(question);
        let text = match *self.mood.lock().unwrap() {
            Mood::Down => return ResponseTemplate::new(503).insert_header("retry-after", "600"),
            Mood::Says(text) => text.to_owned(),
            Mood::Rates(_) => json!({ "tones": vec!["negative"; comments] }).to_string(),
        };
        ResponseTemplate::new(200).set_body_json(json!({
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "model": "claude-test-1",
            "usage": {"input_tokens": 0, "output_tokens": 0},
        }))
    }
}

struct Setting {
    world: World,
    vendor: Vendor,
    _server: MockServer,
}

/// 1,000 tokens of input at 15 USD a million, 40 of output at 75.
const COST_USD: f64 = 0.018;

impl Setting {
    async fn new(mood: Mood, change: Value) -> Self {
        let vendor =
            Vendor { mood: Arc::new(Mutex::new(mood)), asked: Arc::default(), tones: Arc::default(), marks: Arc::default() };
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(vendor.clone()).mount(&server).await;
        let mut config = ModelConfig::new(Maker::Anthropic, "key".to_owned().into(), "claude-test");
        config.base_url = server.uri();
        config.backoff = std::time::Duration::from_millis(1);
        let mut settings = amorce::welcome::workspace();
        settings["icp"]["text"] = json!("Des PME qui vendent par devis.");
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let world = world_with(settings, |options| options.model = Some(open(config).unwrap())).await;
        Self { world, vendor, _server: server }
    }

    fn turns(&self, mood: Mood) {
        *self.vendor.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> usize {
        self.vendor.asked.lock().unwrap().len()
    }

    /// Everybody read so far, as one request each shows them, by id.
    async fn read(&self) -> HashMap<String, Value> {
        let mut read = HashMap::new();
        for person in self.world.people().await {
            let id = person["id"].as_str().unwrap();
            let person = self.world.client.get(&format!("/api/v1/prospects/{id}")).await.unwrap();
            if !person["analysis"].is_null() && !person["score"].is_null() {
                read.insert(id.to_owned(), person);
            }
        }
        assert!(read.len() >= 5, "the sandbox brings enough people: {}", read.len());
        read
    }

    async fn collected(mood: Mood, change: Value) -> (Self, HashMap<String, Value>) {
        let setting = Self::new(mood, change).await;
        setting.world.collect("own-1").await;
        let read = setting.read().await;
        (setting, read)
    }

    /// How often each person's profile was read, by slug.
    fn reads(&self) -> HashMap<String, usize> {
        let mut read = HashMap::<String, usize>::new();
        let log = self.world.home.sandbox.log();
        for call in log.iter().filter(|call| call.endpoint.contains("profil") && call.outcome == "success") {
            *read.entry(call.person.clone().unwrap()).or_default() += 1;
        }
        read
    }

    async fn rescore(&self) {
        self.world.client.post("/api/v1/prospects/rescore", &json!({})).await.unwrap();
        self.world.home.drain().await.unwrap();
    }
}

/// The points of the rules for the profile, and those of the opinion.
fn fit(person: &Value) -> (i64, Option<i64>) {
    let features = person["score"]["features"].as_array().unwrap();
    let points = |name: &str| features.iter().find(|f| f["name"] == name).map(|f| f["points"].as_i64().unwrap());
    let rules = ["title", "seniority", "industry", "company_size", "country"].iter().filter_map(|name| points(name)).sum();
    (rules, points("semantic_fit"))
}

#[tokio::test]
async fn an_opinion_counts_as_far_as_the_workspace_says() {
    for (blend, rating, expected) in
        [("half", 100, (|rules| (rules * 100 + 40 * 100 + 100) / 200) as fn(i64) -> i64), ("all", 90, |_| 36), ("all", 0, |_| 0)]
    {
        let (setting, people) = Setting::collected(Mood::Rates(rating), json!({"semantic_blend": blend})).await;
        for person in people.values() {
            let (rules, opinion) = fit(person);
            assert_eq!(opinion, Some(expected(rules) - rules), "{blend} {rating}: {person}");
            let shown = &person["semantic"]["opinion"];
            assert_eq!((&shown["value"], &shown["model"]), (&json!(rating), &json!("claude-test-1")), "{person}");
            let feature = person["score"]["features"].as_array().unwrap().iter().find(|f| f["name"] == "semantic_fit").unwrap();
            let evidence = feature["evidence"].as_str().unwrap();
            assert!(evidence.contains(shown["reason"].as_str().unwrap()), "{evidence}");
            assert!(evidence.contains(shown["prompt_hash"].as_str().unwrap()), "{evidence}");
        }
        let asked = setting.asked();
        let budget = setting.world.client.get("/api/v1/budget").await.unwrap();
        let spent = budget["ai_usd_spent"].as_f64().unwrap();
        assert!((spent - COST_USD * asked as f64).abs() < 1e-9, "{budget} for {asked} questions");
        assert_eq!(budget["ai_usd_reserved"], 0.0, "{budget}");
        assert!((budget["ai_usd_left"].as_f64().unwrap() + spent - 20.0).abs() < 1e-9, "{budget}");
        setting.rescore().await;
        assert_eq!(setting.asked(), asked, "the same question is not asked twice");
    }
}

#[tokio::test]
async fn without_the_setting_nobody_is_asked() {
    let (setting, people) = Setting::collected(Mood::Rates(100), json!({})).await;
    assert_eq!(setting.asked(), 0);
    assert!(people.values().all(|p| fit(p).1.is_none() && p["semantic"].is_null()));
    // The setting and the ICP can change later: a rescore asks about people as they were read, and reads nobody again.
    let before = setting.reads();
    setting.world.client.patch("/api/v1/workspace", &json!({"semantic_blend": "half"})).await.unwrap();
    setting.rescore().await;
    let first = setting.read().await;
    assert!(first.values().all(|p| fit(p).1.is_some()), "everybody was asked about");
    let mut icp = amorce::welcome::workspace()["icp"].clone();
    icp["text"] = json!("Des ETI industrielles.");
    setting.turns(Mood::Down);
    setting.world.client.patch("/api/v1/workspace", &json!({"icp": icp})).await.unwrap();
    setting.world.home.drain().await.unwrap();
    let between = setting.read().await;
    assert!(between.values().all(|p| fit(p).1.is_none()), "an opinion about another ICP does not count");
    setting.turns(Mood::Rates(100));
    setting.rescore().await;
    assert!(setting.read().await.values().all(|p| fit(p).1.is_some()));
    let now = setting.reads();
    assert!(
        before.len() >= 5 && before.iter().all(|(slug, times)| now[slug] == *times),
        "nobody is read again: {before:?} {now:?}"
    );
}

#[tokio::test]
async fn an_unusable_answer_leaves_the_rules_and_says_so() {
    for text in [
        "Sure! I would say 100.",
        r#"{"value": 101, "reason": "Parfait."}"#,
        r#"{"value": "100", "reason": "Parfait."}"#,
        r#"{"value": 100, "reason": " "}"#,
        r#"{"value": 100, "reason": "Parfait.", "decision": "allow"}"#,
    ] {
        let (setting, people) = Setting::collected(Mood::Says(text), json!({"semantic_blend": "all"})).await;
        for person in people.values() {
            assert_eq!(fit(person).1, None, "{text}: {person}");
            assert_eq!(person["semantic"]["opinion"], Value::Null, "{text}");
            assert_eq!(person["semantic"]["failure"]["code"], "off_schema", "{text}: {}", person["semantic"]);
        }
        let asked = setting.asked();
        setting.turns(Mood::Rates(100));
        setting.rescore().await;
        assert_eq!(setting.asked(), asked, "what was paid for nothing is not paid twice");
    }
}

#[tokio::test]
async fn a_spent_budget_asks_nobody() {
    let budget = |usd: f64| json!({"semantic_blend": "all", "budget": {"credits_per_month": 2_000, "ai_usd_per_month": usd}});
    let (setting, people) = Setting::collected(Mood::Rates(100), budget(0.0)).await;
    assert_eq!(setting.asked(), 0);
    assert!(people.values().all(|p| p["semantic"]["failure"]["code"] == "budget_spent" && fit(p).1.is_none()));
    // What is held for a question is more than what it costs; so the ceiling bears some, and never one too many.
    let (setting, people) = Setting::collected(Mood::Rates(100), budget(0.2)).await;
    let asked = setting.asked();
    assert!((1..people.len()).contains(&asked), "{asked} of {}", people.len());
    let shown = setting.world.client.get("/api/v1/budget").await.unwrap();
    assert!(shown["ai_usd_spent"].as_f64().unwrap() <= 0.2, "{shown}");
    let (judged, others): (Vec<&Value>, Vec<&Value>) = people.values().partition(|p| fit(p).1.is_some());
    // Two of those asked about may have turned out to be one.
    assert!((1..=asked).contains(&judged.len()), "{} of {asked}", judged.len());
    assert!(others.iter().all(|p| p["semantic"]["failure"]["code"] == "budget_spent"));
}

#[tokio::test]
async fn a_model_that_is_down_is_asked_later_and_nobody_waits_for_it() {
    let (setting, people) = Setting::collected(Mood::Down, json!({"semantic_blend": "half"})).await;
    for person in people.values() {
        let code = person["semantic"]["failure"]["code"].as_str().unwrap();
        assert!(["vendor_down", "throttled"].contains(&code), "{person}");
        assert_eq!(fit(person).1, None);
        assert!(!person["decision"].is_null(), "decided by the rules meanwhile");
    }
    let asked = setting.asked();
    assert!(asked < people.len(), "whom it would have kept waiting is not asked about: {asked}");
    setting.turns(Mood::Rates(100));
    setting.world.run_for(SignedDuration::from_hours(2)).await;
    assert!(setting.read().await.values().all(|p| fit(p).1.is_some() && p["semantic"]["failure"].is_null()));
}

#[tokio::test]
async fn profiles_stand_inside_the_fence_without_names() {
    let (setting, people) = Setting::collected(Mood::Rates(50), json!({"semantic_blend": "half"})).await;
    let asked = setting.vendor.asked.lock().unwrap().clone();
    for person in people.values() {
        let Some(headline) = person["headline"].as_str() else { continue };
        let as_sent = json!(headline).to_string().replace('<', "\\u003c").replace('>', "\\u003e");
        let theirs: Vec<&String> = asked.iter().filter(|user| user.contains(&as_sent)).collect();
        assert!(!theirs.is_empty(), "{headline}");
        for user in theirs {
            let (ours, outside) = user.split_once("<outside>").unwrap();
            assert!(ours.contains("Des PME qui vendent par devis.") && !ours.contains(headline), "{user}");
            assert!(outside.ends_with("</outside>") && outside.matches('<').count() == 1, "{user}");
            let last = person["last_name"].as_str().filter(|name| name.len() > 4 && !headline.contains(name));
            let company = person["company"]["name"].as_str().unwrap_or_default();
            assert!(last.is_none_or(|name| company.contains(name) || !user.contains(&format!(" {name}"))), "{user}");
        }
    }
}

#[tokio::test]
async fn an_opinion_goes_with_the_person() {
    let (setting, people) = Setting::collected(Mood::Rates(70), json!({"semantic_blend": "half"})).await;
    let (id, person) = people.iter().next().unwrap();
    let reason = person["semantic"]["opinion"]["reason"].as_str().unwrap();
    let left = || {
        let items = setting.world.home.embedded.every_item(TABLE).unwrap();
        items.iter().filter(|item| body_text(item).unwrap().contains(reason)).count()
    };
    assert!(left() >= 2, "in the analysis, and in the score it made");
    setting.world.client.post(&format!("/api/v1/prospects/{id}/erase"), &json!({})).await.unwrap();
    setting.world.run_for(SignedDuration::from_hours(1)).await;
    assert_eq!(left(), 0);
}

/// The tones of all comments kept, and the texts.
async fn comments(setting: &Setting) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for person in setting.world.people().await {
        let person = setting.world.client.get(&format!("/api/v1/prospects/{}", person["id"].as_str().unwrap())).await.unwrap();
        for act in person["engagements"].as_array().unwrap().iter().filter(|act| act["kind"] == "comment") {
            found.push((act["text"].as_str().unwrap().to_owned(), act["tone"].clone()));
        }
    }
    found
}

#[tokio::test]
async fn a_model_reads_the_tone_of_comments_once() {
    let setting = Setting::new(Mood::Rates(50), json!({})).await;
    setting.world.collect("own-1").await;
    let read = comments(&setting).await;
    assert!(!read.is_empty() && read.iter().all(|(_, tone)| tone == "negative"), "{read:?}");
    let asked = setting.vendor.tones.lock().unwrap().len();
    // Ten comments a question, each text once.
    assert!((1..=read.len().div_ceil(10) + 1).contains(&asked), "{asked} questions for {} comments", read.len());
    setting.world.collect("own-1").await;
    assert_eq!(setting.vendor.tones.lock().unwrap().len(), asked, "what was read is not asked about again");
    assert_eq!(comments(&setting).await, read);
    // Two asked for are two answered, or none is believed.
    assert!(setting.vendor.tones.lock().unwrap().iter().all(|question| question.matches("<outside>").count() == 1));
}

#[tokio::test]
async fn without_a_usable_word_the_lexicon_reads_the_tone() {
    for (mood, budget) in [(Mood::Down, 20.0), (Mood::Says("{\"tones\":[\"furious\"]}"), 20.0), (Mood::Rates(50), 0.0)] {
        let change = json!({"budget": {"credits_per_month": 2_000, "ai_usd_per_month": budget}});
        let setting = Setting::new(mood.clone(), change).await;
        let run = setting.world.collect("own-1").await;
        assert_eq!(run["status"], "done");
        let read = comments(&setting).await;
        assert!(!read.is_empty());
        for (text, tone) in &read {
            assert_eq!(*tone, json!(domain::tone::read(text)), "{mood:?}: {text}");
        }
        if budget == 0.0 {
            assert_eq!(setting.vendor.tones.lock().unwrap().len(), 0, "nothing is asked without a budget");
        }
    }
}
