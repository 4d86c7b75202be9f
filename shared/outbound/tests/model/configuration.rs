//! What a model is configured with: each value that cannot be used is named, and the key never is.

use outbound::model::{Maker, ModelConfig, PRICES_DEFAULT, Prices, Question, WriterValues, configured, open};
use serde_json::json;

use crate::vendor::{KEY, client};

fn of(listed: &'static [(&str, &str)]) -> WriterValues {
    WriterValues::read(|name| {
        let short = name.trim_start_matches("AMORCE_WRITER");
        listed.iter().find(|(known, _)| *known == short).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    for (values, named) in [
        (&[("", "claude")][..], "AMORCE_WRITER: claude is unknown; use template, anthropic, gemini or openai"),
        (&[("", "anthropic"), ("_MODEL", "m")], "AMORCE_WRITER_KEY is not set"),
        (&[("", "gemini"), ("_KEY", "k")], "AMORCE_WRITER_MODEL is not set"),
        (&[("", "openai"), ("_KEY", "a\nb"), ("_MODEL", "m")], "AMORCE_WRITER_KEY is empty or holds"),
        (&[("", "openai"), ("_KEY", "  "), ("_MODEL", "m")], "AMORCE_WRITER_KEY is empty or holds"),
        (&[("", "openai"), ("_KEY", "k"), ("_MODEL", "a b")], "AMORCE_WRITER_MODEL is no name"),
        (&[("", "openai"), ("_KEY", "k"), ("_MODEL", "m"), ("_URL", "api.openai.com")], "AMORCE_WRITER_URL: api.openai.com"),
        (&[("", "openai"), ("_KEY", "k"), ("_MODEL", "m"), ("_URL", "https://x/?a=b")], "AMORCE_WRITER_URL"),
        (&[("", "openai"), ("_KEY", "k"), ("_MODEL", "m"), ("_PRICES", "3")], "AMORCE_WRITER_PRICES: 3 is not"),
    ] {
        let why = configured(of(values)).map(|_| ()).unwrap_err();
        assert!(why.starts_with(named), "{values:?}: {why}");
    }
}

#[test]
fn without_a_writer_there_is_no_model() {
    for values in [&[][..], &[("", "template"), ("_KEY", "k")]] {
        assert!(configured(of(values)).unwrap().is_none(), "{values:?}");
    }
    let model = configured(of(&[("", "anthropic"), ("_KEY", "k"), ("_MODEL", " m-1 ")])).unwrap().unwrap();
    assert_eq!((model.id(), model.prices()), ("m-1", PRICES_DEFAULT));
    let model = configured(of(&[("", "gemini"), ("_KEY", "k"), ("_MODEL", "m"), ("_PRICES", "0.25/1.25")])).unwrap().unwrap();
    assert_eq!(model.prices(), Prices { input: 250_000, output: 1_250_000 });
}

#[test]
fn a_key_is_never_shown() {
    let config = ModelConfig::new(Maker::OpenAi, KEY.to_owned().into(), "m");
    assert!(!format!("{config:?}").contains(KEY));
    let values = WriterValues { key: Some(KEY.to_owned().into()), ..WriterValues::default() };
    assert!(!format!("{values:?}").contains(KEY));
    let wrong = ModelConfig { base_url: "no".into(), ..config };
    assert!(!open(wrong).map(|_| ()).unwrap_err().contains(KEY));
}

#[test]
fn a_question_has_a_price_and_a_mark_before_it_is_asked() {
    let schema = json!({});
    let question = Question { system: "abc", user: "défg", name: "n", schema: &schema, max_output_tokens: 100 };
    assert_eq!(question.tokens_at_most(), (4, 100), "eleven bytes");
    let model = client(Maker::Anthropic, "http://127.0.0.1:9");
    assert_eq!(model.cost_at_most(&question), 4 * 15 + 100 * 75);
    let hash = question.hash("m");
    assert_eq!(hash.len(), 16);
    assert_eq!(hash, question.hash("m"));
    let others = [
        question.hash("n"),
        Question { system: "abcd", user: "éfg", ..question }.hash("m"),
        Question { user: "défh", ..question }.hash("m"),
    ];
    assert!(others.iter().all(|other| *other != hash), "{others:?}");
}
