//! The tone of comments, as a language model reads them; whoever asks falls back to the lexicon.

use domain::tone::Tone;
use serde_json::{Value, json};

use super::fence::{RULE, fenced};
use super::{Charge, ErrorKind, Model, ModelError, Question};

/// The most comments in one question.
pub const COMMENTS_MAX: usize = 10;
/// Longest part of a comment that is asked about, in characters; the tone of a longer one shows before.
const COMMENT_MAX_CHARS: usize = 1_500;
/// Room for ten words, and for a model that thinks first.
const MAX_OUTPUT_TOKENS: u32 = 1_024;

const SYSTEM: &str = "You read the tone of comments on LinkedIn posts, in French and English. For each comment choose one word: \
\"positive\" (praise, agreement, thanks, a wish, interest, asking for what the post offers), \"question\" (wants an answer), \
\"neutral\" (a tag, a fact, no verdict), \"negative\" (disagreement, irony, a complaint). A comment that is both a question and \
negative is negative. Understand negation (\"pas mal\" is praise) and irony (\"super… encore une pub\" is negative).";

/// The question about some comments.
struct Asked {
    system: String,
    user: String,
    schema: Value,
}

impl Asked {
    fn of(comments: &[&str]) -> Self {
        let cut = |comment: &&str| comment.chars().take(COMMENT_MAX_CHARS).collect::<String>();
        let numbered: Vec<Value> =
            comments.iter().enumerate().map(|(i, comment)| json!({ "number": i + 1, "comment": cut(comment) })).collect();
        let user = format!(
            "Read the tone of these {} comments; answer one word for each, in their order.\n{}",
            comments.len(),
            fenced(&json!(numbered))
        );
        let tone = json!({ "type": "string", "enum": ["positive", "question", "neutral", "negative"] });
        let schema = json!({
            "type": "object",
            "properties": { "tones": { "type": "array", "items": tone, "description": "one for each comment, in their order" } },
            "required": ["tones"],
            "additionalProperties": false,
        });
        Self { system: format!("{SYSTEM}\n\n{RULE}"), user, schema }
    }

    fn question(&self) -> Question<'_> {
        Question {
            system: &self.system,
            user: &self.user,
            name: "tones",
            schema: &self.schema,
            max_output_tokens: MAX_OUTPUT_TOKENS,
        }
    }
}

/// Tones with what reading them cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tones {
    /// One for each comment, in their order.
    pub tones: Vec<Tone>,
    /// In micro-USD.
    pub cost: u64,
}

/// The most that reading these comments may cost, in micro-USD: what is held before [`tones`].
pub fn tones_cost_at_most(model: &dyn Model, comments: &[&str]) -> u64 {
    model.cost_at_most(&Asked::of(comments).question())
}

/// The tones of at most [`COMMENTS_MAX`] comments, in one question. Source: docs/rules.md, "Score".
///
/// # Errors
/// See [`ModelError`]; also where more comments are asked about, or another number of tones is answered.
pub async fn tones(model: &dyn Model, comments: &[&str]) -> Result<Tones, ModelError> {
    if comments.is_empty() {
        return Ok(Tones { tones: Vec::new(), cost: 0 });
    }
    if comments.len() > COMMENTS_MAX {
        return Err(ModelError::new(ErrorKind::Rejected, format!("more than {COMMENTS_MAX} comments"), Charge::Nothing));
    }
    let asked = Asked::of(comments);
    let answer = model.ask(&asked.question()).await?;
    let read: Option<Vec<Tone>> = answer.value.get("tones").and_then(|tones| serde_json::from_value(tones.clone()).ok());
    match read.filter(|tones| tones.len() == comments.len()) {
        Some(tones) => Ok(Tones { tones, cost: model.prices().cost(answer.input_tokens, answer.output_tokens) }),
        None => Err(ModelError::new(
            ErrorKind::OffSchema,
            "another number of tones than comments",
            Charge::Tokens { input: answer.input_tokens, output: answer.output_tokens },
        )),
    }
}
