//! Reading requests and writing answers the way LinkupAPI V1 does.

use serde_json::{Value, json};

/// Rows on a page of every page-numbered read but the people search.
pub(crate) const PER_PAGE: usize = 10;
/// Rows on a page of the people search through the session.
pub(crate) const PER_SEARCH_PAGE: usize = 50;
const MOST_RESULTS: i64 = 10_000;
const MOST_PAGES: usize = 100;

/// What an endpoint did.
pub(crate) struct Done {
    pub answer: Value,
    pub credits: u64,
    /// Something outside the sandbox's own books changed: an invitation, a
    /// message, a post. Such a call must not be repeated.
    pub effect: bool,
}

/// Why an endpoint did nothing.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: u16,
    pub body: Value,
}

pub(crate) type Outcome = Result<Done, Refusal>;

impl Done {
    /// A read, with its data in the success envelope.
    pub fn read(data: Value, credits: u64) -> Outcome {
        Ok(Done { answer: json!({"status": "success", "data": data}), credits, effect: false })
    }

    /// An action that reached LinkedIn.
    pub fn acted(message: &str, credits: u64) -> Outcome {
        Ok(Done { answer: json!({"status": "success", "message": message}), credits, effect: true })
    }

    /// An answer without the envelope.
    pub fn bare(answer: Value, credits: u64) -> Outcome {
        Ok(Done { answer, credits, effect: false })
    }
}

impl Refusal {
    /// V1's usual error: HTTP 200 with the text in `message`.
    pub fn said(message: &str) -> Refusal {
        Refusal::status(200, message)
    }

    /// V1's other error: HTTP 200 with the text as `data`.
    pub fn invalid() -> Refusal {
        Refusal { status: 200, body: json!({"status": "error", "data": "Invalid parameter"}) }
    }

    pub fn status(status: u16, message: &str) -> Refusal {
        Refusal { status, body: json!({"status": "error", "message": message}) }
    }

    /// The error text, for the log.
    pub fn text(&self) -> String {
        let text = self.body["message"].as_str().or(self.body["data"].as_str());
        text.unwrap_or("error").to_owned()
    }
}

/// A request's JSON body.
#[derive(Clone, Copy)]
pub(crate) struct Body<'a>(pub &'a Value);

impl<'a> Body<'a> {
    /// A required, non-blank text.
    pub fn text(self, key: &str) -> Result<&'a str, Refusal> {
        self.optional(key)?.filter(|text| !text.trim().is_empty()).ok_or_else(Refusal::invalid)
    }

    /// A text that may be absent or null; anything else is refused.
    pub fn optional(self, key: &str) -> Result<Option<&'a str>, Refusal> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::invalid()),
        }
    }

    /// A text, empty where it is absent.
    pub fn or_empty(self, key: &str) -> Result<&'a str, Refusal> {
        Ok(self.optional(key)?.unwrap_or_default().trim())
    }

    fn positive(self, key: &str) -> Result<Option<usize>, Refusal> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number @ 1..=MOST_RESULTS) => Ok(Some(number as usize)),
                _ => Err(Refusal::invalid()),
            },
        }
    }
}

/// Which rows a read asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    /// The first so many.
    Total(usize),
    /// Pages from 1, both ends included.
    Pages { start: usize, end: usize },
}

impl Window {
    /// Page mode where `start_page` or `end_page` is given, else total mode.
    pub fn read(body: Body<'_>) -> Result<Window, Refusal> {
        let (start, end) = (body.positive("start_page")?, body.positive("end_page")?);
        let total = body.positive("total_results")?;
        let Some(start) = start.or(end.map(|_| 1)) else {
            return Ok(Window::Total(total.unwrap_or(PER_PAGE)));
        };
        let end = end.unwrap_or(start);
        match end.checked_sub(start) {
            Some(more) if more < MOST_PAGES => Ok(Window::Pages { start, end }),
            _ => Err(Refusal::invalid()),
        }
    }

    /// For endpoints with `use_pagination`: without it, pages are ignored.
    pub fn read_switched(body: Body<'_>) -> Result<Window, Refusal> {
        match body.0.get("use_pagination").and_then(Value::as_bool) {
            Some(true) => Ok(match Window::read(body)? {
                Window::Total(_) => Window::Pages { start: 1, end: 1 },
                pages => pages,
            }),
            _ => Ok(Window::Total(body.positive("total_results")?.unwrap_or(PER_PAGE))),
        }
    }

    /// The rows asked for.
    pub fn cut<T>(self, rows: &[T], per_page: usize) -> &[T] {
        let (from, to) = match self {
            Window::Total(total) => (0, total),
            Window::Pages { start, end } => ((start - 1) * per_page, end * per_page),
        };
        &rows[from.min(rows.len())..to.min(rows.len())]
    }

    /// Adds the pagination block in page mode.
    pub fn mark(self, data: &mut Value, per_page: usize) {
        if let Window::Pages { start, end } = self {
            data["pagination"] = json!({
                "start_page": start, "end_page": end,
                "results_per_page": per_page, "pages_fetched": end - start + 1,
            });
        }
    }

    /// One credit a page, or one for ten results, rounded up.
    pub fn credits(self, returned: usize) -> u64 {
        match self {
            Window::Total(_) => returned.div_ceil(10) as u64,
            Window::Pages { start, end } => (end - start + 1) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: Value, switched: bool, expected: Option<Window>) {
        let read = if switched { Window::read_switched(Body(&body)) } else { Window::read(Body(&body)) };
        assert_eq!(read.ok(), expected, "{body}");
    }

    #[test]
    fn windows() {
        let pages = |start, end| Some(Window::Pages { start, end });
        check(json!({}), false, Some(Window::Total(10)));
        check(json!({"total_results": 25}), false, Some(Window::Total(25)));
        check(json!({"start_page": 3}), false, pages(3, 3));
        check(json!({"start_page": 2, "end_page": 4, "total_results": 5}), false, pages(2, 4));
        check(json!({"end_page": 2}), false, pages(1, 2));
        check(json!({"start_page": 4, "end_page": 2}), false, None);
        check(json!({"start_page": 0}), false, None);
        check(json!({"total_results": "10"}), false, None);
        check(json!({"start_page": 2}), true, Some(Window::Total(10)));
        check(json!({"start_page": 2, "use_pagination": true}), true, pages(2, 2));
        check(json!({"use_pagination": true}), true, pages(1, 1));
        let rows: Vec<_> = (0..23).collect();
        assert_eq!(Window::Pages { start: 3, end: 3 }.cut(&rows, 10), [20, 21, 22]);
        assert_eq!(Window::Pages { start: 9, end: 9 }.cut(&rows, 10), [0; 0]);
        assert_eq!(Window::Total(11).credits(11), 2);
        assert_eq!(Window::Total(10).credits(0), 0);
        assert_eq!(Window::Pages { start: 1, end: 3 }.credits(23), 3);
    }
}
