//! The register of companies: what it knows fills gaps, and who objects to commercial use is never written to.

use crate::fixture::{World, world_with};
use jiff::SignedDuration;
use outbound::pappers::{Pappers, PappersConfig};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What the register does with a question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    /// One company of the name; whether it objects.
    Knows(bool),
    /// The same, and the search leaves the objection out.
    KnowsByNumber,
    /// Two companies of the name.
    Doubts,
    /// None.
    NotFound,
    Down,
}

#[derive(Clone)]
struct Vendor {
    mood: Arc<Mutex<Mood>>,
    /// Path and name or number of each question.
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

fn entry(number: &str, name: &str, objects: Option<bool>) -> Value {
    json!({
        "siren": number, "nom_entreprise": format!("{} SAS", name.to_uppercase()), "code_naf": "62.01Z",
        "libelle_code_naf": "Programmation informatique", "effectif_min": 20, "effectif_max": 49,
        "entreprise_cessee": false, "opposition_utilisation_commerciale": objects,
    })
}

impl Respond for Vendor {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().rsplit('/').next().unwrap().to_owned();
        let subject = request.url.query_pairs().find(|(key, _)| key == "q" || key == "siren").unwrap().1.into_owned();
        self.asked.lock().unwrap().push((path.clone(), subject.clone()));
        let found =
            |entries: Vec<Value>| ResponseTemplate::new(200).set_body_json(json!({"total": entries.len(), "resultats": entries}));
        match *self.mood.lock().unwrap() {
            Mood::Down => ResponseTemplate::new(503).insert_header("retry-after", "600"),
            Mood::NotFound => ResponseTemplate::new(404),
            Mood::Doubts => found(vec![entry("111111111", &subject, Some(true)), entry("222222222", &subject, Some(true))]),
            Mood::Knows(objects) => found(vec![entry("111111111", &subject, Some(objects))]),
            Mood::KnowsByNumber if path == "recherche" => found(vec![entry("111111111", &subject, None)]),
            Mood::KnowsByNumber => ResponseTemplate::new(206).set_body_json(entry(&subject, "Autre nom", Some(true))),
        }
    }
}

struct Setting {
    world: World,
    vendor: Vendor,
    _server: MockServer,
}

impl Setting {
    async fn collected(mood: Mood) -> Self {
        let vendor = Vendor { mood: Arc::new(Mutex::new(mood)), asked: Arc::default() };
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(vendor.clone()).mount(&server).await;
        let mut config = PappersConfig::new("key".to_owned().into());
        (config.base_url, config.backoff) = (server.uri(), std::time::Duration::from_millis(1));
        let register = Arc::new(Pappers::new(config).unwrap());
        let world = world_with(amorce::welcome::workspace(), |options| options.register = Some(register)).await;
        let setting = Self { world, vendor, _server: server };
        setting.world.collect("own-1").await;
        setting
    }

    fn turns(&self, mood: Mood) {
        *self.vendor.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.vendor.asked.lock().unwrap().clone()
    }

    async fn all(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for person in self.world.people().await {
            let id = person["id"].as_str().unwrap();
            all.push(self.world.client.get(&format!("/api/v1/prospects/{id}")).await.unwrap());
        }
        all
    }

    /// Those whose employer was read and is in France.
    async fn french(&self) -> Vec<Value> {
        let mut all = self.all().await;
        all.retain(|p| p["analysis"]["company"]["country"] == "FR");
        assert!(all.len() >= 3, "the sandbox brings French people: {}", all.len());
        all
    }

    async fn read_again(&self, person: &Value) -> Value {
        let path = format!("/api/v1/prospects/{}", person["id"].as_str().unwrap());
        self.world.client.post(&format!("{path}/rescore?force=true"), &json!({})).await.unwrap();
        self.world.home.drain().await.unwrap();
        self.world.client.get(&path).await.unwrap()
    }
}

fn objects(person: &Value) -> bool {
    person["decision"]["reasons"].as_array().unwrap().iter().any(|r| r["code"] == "objects_to_commercial_use")
}

#[tokio::test]
async fn who_objects_is_never_written_to() {
    for mood in [Mood::Knows(true), Mood::KnowsByNumber] {
        let setting = Setting::collected(mood).await;
        let mut refused = BTreeSet::new();
        for person in setting.all().await {
            let entry = &person["analysis"]["company"]["register"];
            assert_eq!(objects(&person), !entry.is_null(), "{mood:?}: {person}");
            if entry.is_null() {
                assert_ne!(person["analysis"]["company"]["country"], "FR", "{mood:?}: {person}");
                continue;
            }
            let expected = (&json!("Pappers"), &json!("111111111"), &json!(true), &json!(mood == Mood::KnowsByNumber));
            let shown = (&entry["register"], &entry["number"], &entry["objects_to_commercial_use"], &entry["partial"]);
            assert_eq!(shown, expected, "{mood:?}");
            let decision = &person["decision"];
            assert_eq!((&decision["verdict"], &decision["route"]), (&json!("refuse"), &Value::Null), "{decision}");
            let reason = &decision["reasons"][0];
            assert_eq!(reason["code"], "objects_to_commercial_use", "{decision}");
            assert!(reason["text"].as_str().unwrap().contains("registre\u{a0}: Pappers, n°\u{a0}111111111"), "{reason}");
            refused.insert(person["profile_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned());
        }
        assert!(refused.len() >= 3, "{refused:?}");
        for _ in 0..3 {
            setting.world.approve_all().await;
            setting.world.next_morning().await;
        }
        assert!(setting.world.reached().iter().all(|(_, person)| !refused.contains(person)));
    }
}

#[tokio::test]
async fn a_company_is_asked_about_once_a_day_and_counted() {
    let setting = Setting::collected(Mood::Knows(false)).await;
    let names = |asked: Vec<(String, String)>| {
        let mut times = BTreeMap::<String, usize>::new();
        asked.into_iter().for_each(|(_, name)| *times.entry(name).or_default() += 1);
        times
    };
    let first = names(setting.asked());
    assert!(first.len() >= 3 && first.values().all(|times| *times == 1), "{first:?}");
    let french = setting.french().await;
    assert!(french.iter().all(|p| !objects(p) && p["analysis"]["company"]["register"]["trade_code"] == "62.01Z"));
    let provider: u64 = setting.world.home.sandbox.log().iter().map(|call| call.credits).sum();
    let budget = setting.world.client.get("/api/v1/budget").await.unwrap();
    assert_eq!(budget["credits_spent"], provider + first.len() as u64, "a look-up is a credit");
    assert_eq!(budget["credits_reserved"], 0);
    setting.read_again(&french[0]).await;
    assert_eq!(names(setting.asked()), first, "from the cache");
    setting.world.run_for(SignedDuration::from_hours(25)).await;
    setting.turns(Mood::Knows(true));
    assert!(objects(&setting.read_again(&french[0]).await), "an objection that came later");
}

#[tokio::test]
async fn a_name_that_names_nobody_for_certain_says_nothing() {
    for mood in [Mood::Doubts, Mood::NotFound] {
        let setting = Setting::collected(mood).await;
        let french = setting.french().await;
        assert!(french.iter().all(|p| !objects(p) && p["analysis"]["company"]["register"].is_null()), "{mood:?}");
    }
}

#[tokio::test]
async fn a_register_that_is_down_holds_people_up_until_it_answers() {
    let setting = Setting::collected(Mood::Down).await;
    let held: Vec<Value> = setting.all().await;
    let held: Vec<&Value> =
        held.iter().filter(|p| p["reading_failure"].as_str().is_some_and(|why| why.contains("registre"))).collect();
    assert!(held.len() >= 3, "{}", held.len());
    assert!(held.iter().all(|p| p["decision"]["reasons"][0]["code"] == "not_analysed" && p["analysis"].is_null()));
    // However often it is asked in vain, nobody is decided about unasked.
    setting.world.run_for(SignedDuration::from_hours(30)).await;
    let analysed = setting.all().await.into_iter().filter(|p| p["analysis"]["company"]["country"] == "FR").count();
    assert_eq!(analysed, 0, "nobody was analysed without it");
    setting.turns(Mood::Knows(true));
    setting.world.run_for(SignedDuration::from_hours(25)).await;
    let everybody = setting.all().await;
    let now = |id: &Value| everybody.iter().find(|p| p["id"] == *id).unwrap();
    for one in &held {
        // Meanwhile what they did is a week old: some are out of reach by now, and need no reading.
        let now = now(&one["id"]);
        assert!(objects(now) || now["decision"]["reasons"][0]["code"] == "cannot_reach_threshold", "{now}");
    }
    let french = setting.french().await;
    let person = &french[0];
    // From then on the objection stands, also while the register is silent or finds nobody.
    for mood in [Mood::Down, Mood::NotFound] {
        setting.world.run_for(SignedDuration::from_hours(25)).await;
        setting.turns(mood);
        setting.read_again(person).await;
        setting.world.run_for(SignedDuration::from_hours(3)).await;
        let now = setting.french().await.into_iter().find(|p| p["id"] == person["id"]).unwrap();
        assert!(objects(&now), "{mood:?}: {now}");
    }
    setting.world.run_for(SignedDuration::from_hours(25)).await;
    setting.turns(Mood::Knows(false));
    assert!(!objects(&setting.read_again(person).await), "until the register says otherwise");
}
