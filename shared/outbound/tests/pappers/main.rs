//! Pappers: requests as documented, answers read leniently, failures told by status, the key kept.

use std::time::Duration;

use outbound::pappers::{Pappers, PappersConfig};
use outbound::register::{Matches, Register, RegisterError, RegisterFault, Registered};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "KEY-not-real-5b1d";

fn client(address: &str) -> Pappers {
    let mut config = PappersConfig::new(KEY.to_owned().into());
    config.base_url = format!("{address}/v2");
    config.backoff = Duration::from_millis(1);
    Pappers::new(config).unwrap()
}

async fn vendor(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let mut answers = answers.into_iter().peekable();
    while let Some(answer) = answers.next() {
        let mock = Mock::given(any()).respond_with(answer);
        let mock = if answers.peek().is_some() { mock.up_to_n_times(1) } else { mock };
        mock.mount(&server).await;
    }
    server
}

/// What a search comes to with these answers, and how many calls it took.
async fn searched(answers: impl IntoIterator<Item = ResponseTemplate>) -> (Result<Matches, RegisterError>, usize) {
    let server = vendor(answers).await;
    let found = client(&server.uri()).by_name("Hélianthe").await;
    assert!(!format!("{found:?}").contains(KEY));
    (found, server.received_requests().await.unwrap().len())
}

fn helianthe() -> Value {
    json!({
        "siren": "552100554", "siren_formate": "552 100 554", "nom_entreprise": "HELIANTHE", "denomination": "HELIANTHE SAS",
        "code_naf": "62.01Z", "libelle_code_naf": "Programmation informatique", "effectif": "Entre 20 et 49 salariés",
        "effectif_min": 20, "effectif_max": 49, "tranche_effectif": "12", "entreprise_cessee": false,
        "opposition_utilisation_commerciale": true, "siege": { "ville": "LYON" }, "new_field": [1],
    })
}

fn read() -> Registered {
    Registered {
        number: "552100554".into(),
        names: vec!["HELIANTHE".into(), "HELIANTHE SAS".into()],
        trade_code: Some("62.01Z".into()),
        trade: Some("Programmation informatique".into()),
        size_min: Some(20),
        size_max: Some(49),
        ceased: false,
        objects: Some(true),
    }
}

#[tokio::test]
async fn a_name_is_searched_as_it_stands() {
    let answer = json!({ "resultats": [helianthe(), { "siren": "x" }, {}], "total": 3, "page": 1 });
    let server = vendor([ResponseTemplate::new(200).set_body_json(answer)]).await;
    let found = client(&server.uri()).by_name("Hélianthe & fils").await.unwrap();
    assert_eq!(found, Matches { companies: vec![read()], more: false, partial: false });
    let received = server.received_requests().await.unwrap();
    let [one] = received.as_slice() else { panic!("{} calls", received.len()) };
    assert_eq!((one.method.as_str(), one.url.path()), ("GET", "/v2/recherche"));
    let query: Vec<(String, String)> = one.url.query_pairs().into_owned().collect();
    let expected = [
        ("q", "Hélianthe & fils"),
        ("precision", "exacte"),
        ("entreprise_cessee", "false"),
        ("curseur", "*"),
        ("par_curseur", "50"),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(one.headers["api-key"].to_str().unwrap(), KEY);
    assert!(one.headers["user-agent"].to_str().unwrap().starts_with("amorce/"));
    assert!(!one.url.as_str().contains(KEY));
}

#[tokio::test]
async fn a_number_finds_one_company_even_in_part() {
    for (status, partial) in [(200, false), (206, true)] {
        let server = vendor([ResponseTemplate::new(status).set_body_json(helianthe())]).await;
        let found = client(&server.uri()).by_number("552100554").await.unwrap();
        assert_eq!(found, Matches { companies: vec![read()], more: false, partial });
        let received = server.received_requests().await.unwrap();
        assert_eq!((received[0].url.path(), received[0].url.query()), ("/v2/entreprise", Some("siren=552100554")));
    }
}

#[tokio::test]
async fn more_than_is_listed_is_said() {
    let answer = json!({ "resultats": [helianthe()], "total": 51, "curseurSuivant": "abc" });
    let (found, _) = searched([ResponseTemplate::new(200).set_body_json(answer)]).await;
    assert!(found.unwrap().more);
}

#[tokio::test]
async fn fields_are_read_in_any_dress() {
    for (change, expected) in [
        (json!({ "opposition_utilisation_commerciale": null }), Registered { objects: None, ..read() }),
        (json!({ "opposition_utilisation_commerciale": "Oui" }), read()),
        (json!({ "opposition_utilisation_commerciale": 0 }), Registered { objects: Some(false), ..read() }),
        (json!({ "entreprise_cessee": true }), Registered { ceased: true, ..read() }),
        (json!({ "effectif_min": null, "effectif_max": null }), read()),
        (
            json!({ "effectif_min": null, "effectif_max": null, "tranche_effectif": "53" }),
            Registered { size_min: Some(10_000), size_max: None, ..read() },
        ),
        (
            json!({ "effectif_min": null, "effectif_max": null, "tranche_effectif": "??" }),
            Registered { size_min: None, size_max: None, ..read() },
        ),
        (json!({ "effectif_min": 0, "effectif_max": 0 }), Registered { size_min: Some(1), size_max: Some(1), ..read() }),
        (json!({ "siren": 552100554, "denomination": null }), Registered { names: vec!["HELIANTHE".into()], ..read() }),
        (json!({ "code_naf": "", "libelle_code_naf": null }), Registered { trade_code: None, trade: None, ..read() }),
    ] {
        let mut item = helianthe();
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = json!({ "resultats": [item], "total": 1 });
        let (found, _) = searched([ResponseTemplate::new(200).set_body_json(answer)]).await;
        assert_eq!(found.unwrap().companies, [expected], "{change}");
    }
}

#[tokio::test]
async fn failures_are_told_by_their_status_alone() {
    use RegisterFault as F;
    for (status, expected, calls) in [
        (404, None, 1),
        (400, Some(F::Rejected), 1),
        (401, Some(F::KeyRejected), 1),
        (402, Some(F::KeyRejected), 1),
        (403, Some(F::KeyRejected), 1),
        (429, Some(F::Busy), 3),
        (503, Some(F::Busy), 3),
        (500, Some(F::Busy), 1),
        (302, Some(F::Unreadable), 1),
    ] {
        for body in [json!({ "statusCode": 401, "error": "x", "message": format!("bad key {KEY}") }), json!("<html>")] {
            let (found, made) = searched([ResponseTemplate::new(status).set_body_json(body)]).await;
            match expected {
                None => assert_eq!(found, Ok(Matches::default())),
                Some(fault) => {
                    let error = found.unwrap_err();
                    assert_eq!((error.fault, error.status, error.charged), (fault, Some(status), false));
                }
            }
            assert_eq!(made, calls, "{status}");
        }
    }
}

#[tokio::test]
async fn who_comes_back_has_answered_and_a_long_wait_is_handed_on() {
    let down = || ResponseTemplate::new(503);
    let good = || ResponseTemplate::new(200).set_body_json(json!({ "resultats": [helianthe()], "total": 1 }));
    let (found, calls) = searched([down(), down(), good()]).await;
    assert_eq!((found.unwrap().companies.len(), calls), (1, 3));
    let (found, calls) = searched([down().insert_header("retry-after", "60"), good()]).await;
    assert_eq!((found.unwrap_err().wait, calls), (Some(Duration::from_secs(60)), 1));
}

#[tokio::test]
async fn nothing_else_is_an_answer() {
    let html = ResponseTemplate::new(200).set_body_raw("<!doctype html>", "text/html");
    let flood = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 10 * 1024 * 1024]);
    let foreign = ResponseTemplate::new(200).set_body_json(json!({ "hello": 1 }));
    for answer in [html, flood, foreign, ResponseTemplate::new(200).set_body_json(json!([]))] {
        let (found, calls) = searched([answer]).await;
        let error = found.unwrap_err();
        assert_eq!((error.fault, error.charged, calls), (RegisterFault::Unreadable, true, 1));
    }
    let mut config = PappersConfig::new(KEY.to_owned().into());
    let silent = vendor([ResponseTemplate::new(200).set_delay(Duration::from_secs(60))]).await;
    (config.base_url, config.timeout) = (silent.uri(), Duration::from_millis(50));
    let error = Pappers::new(config).unwrap().by_number("552100554").await.unwrap_err();
    assert_eq!((error.fault, error.charged), (RegisterFault::TimedOut, true));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let error = client(&address).by_name("x").await.unwrap_err();
    assert_eq!((error.fault, error.charged), (RegisterFault::Unreachable, false));
}

#[test]
fn a_wrong_configuration_is_refused_and_the_key_never_shown() {
    let build = |base: &str, key: &str| {
        let config = PappersConfig { base_url: base.to_owned(), ..PappersConfig::new(key.to_owned().into()) };
        Pappers::new(config)
    };
    assert!(build("pappers.fr", KEY).unwrap_err().starts_with("AMORCE_PAPPERS_URL"));
    for key in ["", " ", "a\nb"] {
        assert!(build("https://x", key).unwrap_err().starts_with("AMORCE_PAPPERS_KEY"));
    }
    let client = build("https://x", KEY).unwrap();
    assert!(!format!("{client:?} {:?}", PappersConfig::new(KEY.to_owned().into())).contains(KEY));
}
