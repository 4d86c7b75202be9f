//! Prices of tokens, and money in whole millionths of a dollar.

/// What a million tokens cost, in micro-USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    pub input: u64,
    pub output: u64,
}

/// 15 and 75 USD per million tokens: dearer than what most models cost, so that an unknown price never passes the budget.
pub const PRICES_DEFAULT: Prices = Prices { input: 15_000_000, output: 75_000_000 };

const TOKENS_PRICED: u128 = 1_000_000;
/// Dearest price believed, in USD.
const USD_MAX: u64 = 100_000;

impl Prices {
    /// Reads `input/output` in USD per million tokens, such as `15/75` or `0.25/1.25`, up to six decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (input, output) = text.split_once('/')?;
        Some(Self { input: micro_usd(input.trim())?, output: micro_usd(output.trim())? })
    }

    /// What tokens cost, in micro-USD, rounded up.
    pub fn cost(self, input_tokens: u64, output_tokens: u64) -> u64 {
        let of = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let whole = of(input_tokens, self.input).saturating_add(of(output_tokens, self.output));
        u64::try_from(whole.div_ceil(TOKENS_PRICED)).unwrap_or(u64::MAX)
    }
}

fn micro_usd(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let usd: u64 = whole.parse().ok().filter(|usd| *usd <= USD_MAX)?;
    Some(usd * 1_000_000 + format!("{part:0<6}").parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_written() {
        let check = |text, expected: Option<(u64, u64)>| {
            assert_eq!(Prices::parse(text), expected.map(|(input, output)| Prices { input, output }), "{text}");
        };
        check("15/75", Some((15_000_000, 75_000_000)));
        check(" 0.25 / 1.25 ", Some((250_000, 1_250_000)));
        check("0/0", Some((0, 0)));
        check("0.000001/100000", Some((1, 100_000_000_000)));
        for wrong in ["", "15", "/", "15/", "-1/2", "1e3/2", "1,5/2", "1.1234567/2", "100001/1", "a/b", "1/2/3", ".5/1"] {
            check(wrong, None);
        }
        assert_eq!(Prices::parse("15/75"), Some(PRICES_DEFAULT));
    }

    #[test]
    fn costs_are_rounded_up() {
        assert_eq!(PRICES_DEFAULT.cost(1_000, 200), 15_000 + 15_000);
        assert_eq!(Prices { input: 1, output: 0 }.cost(1, 0), 1);
        assert_eq!(Prices { input: 0, output: 0 }.cost(9, 9), 0);
        assert_eq!(Prices { input: u64::MAX, output: u64::MAX }.cost(u64::MAX, u64::MAX), u64::MAX);
    }
}
