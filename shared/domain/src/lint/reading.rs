//! One text read once, and each rule asked of it.

use super::asks::{self, Act, Asks};
use super::contacts::{self, Contacts};
use super::names::Stranger;
use super::tokens::{Token, tokens};
use super::{
    Finding, FindingCode, Lines, LintInput, address, buzzwords, claims, fields, formulas, names, narration, shape, times, tongue,
};
use crate::vocabulary::{CallToAction, Channel};
use std::ops::Range;

type Place = (FindingCode, Range<usize>);

/// A text cut up, with what it is held against.
pub struct Reading<'a> {
    input: &'a LintInput<'a>,
    fields: Vec<Range<usize>>,
    contacts: Contacts,
    tokens: Vec<Token>,
    facts: Vec<Token>,
    slots: Vec<Range<usize>>,
    greeted: Range<usize>,
}

impl<'a> Reading<'a> {
    pub fn of(input: &'a LintInput<'a>) -> Self {
        let text = input.text;
        let contacts = Contacts::find(text);
        let mut fields = fields::find(text);
        // an address may hold an underscore
        fields.retain(|f| !contacts.emails.iter().any(|e| e.start <= f.start && f.end <= e.end));
        // the booking link may hold percent signs and hashes, but no field
        let own = |r: &Range<usize>| input.booking_url.is_some_and(|url| contacts::is_booking(&text[r.clone()], url));
        fields.retain(|f| {
            text[f.clone()].starts_with(['{', '<', '[', '$'])
                || !contacts.links.iter().any(|l| l.start <= f.start && f.end <= l.end && own(l))
        });
        let masked: Vec<Range<usize>> = fields.iter().cloned().chain(contacts.spans()).collect();
        let tokens = tokens(text, &masked);
        let slots = times::slots(&tokens);
        let greeted = address::greeted(&tokens);
        Self { input, fields, contacts, facts: fact_tokens(input), slots, greeted, tokens }
    }

    /// Every finding, in no order.
    pub fn findings(&self) -> Vec<Finding> {
        let mut places: Vec<Place> = Vec::new();
        places.extend(self.fields.iter().map(|r| (FindingCode::UnfilledPlaceholder, r.clone())));
        self.shape(&mut places);
        self.wording(&mut places);
        self.address(&mut places);
        self.claims(&mut places);
        self.contacts(&mut places);
        self.call_to_action(&mut places);
        self.relative_dates(&mut places);
        places.into_iter().map(|(code, place)| finding(code, &place, self.input.text)).collect()
    }

    fn shape(&self, places: &mut Vec<Place>) {
        let text = self.input.text;
        let whole = 0..text.len();
        let Some((lengths, lines)) = shape::limits(self.input.channel, self.input.note_limit) else {
            return;
        };
        let length = shape::utf16_len(text.trim());
        if length < *lengths.start() {
            places.push((FindingCode::TooShort, whole.clone()));
        }
        if length > *lengths.end() {
            let past = finding_past(text, *lengths.end());
            places.push((FindingCode::TooLong, past));
        }
        if let Lines::Within(range) = lines
            && !range.contains(&shape::filled_lines(text))
        {
            places.push((FindingCode::LineCount, whole.clone()));
        }
        places.extend(shape::exclamations(text).into_iter().map(|r| (FindingCode::Exclamation, r)));
        if tongue::is_other_than(self.input.language, &self.tokens) {
            places.push((FindingCode::WrongLanguage, whole));
        }
    }

    fn wording(&self, places: &mut Vec<Place>) {
        let lists = [
            (FindingCode::Buzzword, &buzzwords::BUZZWORDS),
            (FindingCode::MachinePhrase, &formulas::MACHINE),
            (FindingCode::NarratesThread, &narration::NARRATION),
        ];
        for (code, list) in lists {
            places.extend(list.find(&self.tokens).into_iter().filter(|r| !self.is_given(r)).map(|r| (code, self.bytes(&r))));
        }
    }

    /// Words quoted from a fact, or the recipient's own company, are nobody's style.
    fn is_given(&self, range: &Range<usize>) -> bool {
        let words = &self.tokens[range.clone()];
        let company = |t: &Token| t.capital && self.company_words().contains(&t.folded);
        words.iter().all(|t| t.quoted) || words.iter().all(company)
    }

    fn address(&self, places: &mut Vec<Place>) {
        let name = &self.tokens[self.greeted.clone()];
        if let Some(first_name) = self.input.recipient_first_name.filter(|n| !n.trim().is_empty())
            && !name.is_empty()
            && !address::is_name_of(name, first_name)
        {
            places.push((FindingCode::WrongName, self.bytes(&self.greeted)));
        }
        let (tu, vous) = address::forms(&self.tokens);
        if self.input.language != crate::language::Language::En && !tu.is_empty() && !vous.is_empty() {
            let minority = if tu.len() < vous.len() { tu } else { vous };
            places.extend(minority.into_iter().map(|i| (FindingCode::TuVousMixed, self.tokens[i].span.clone())));
        }
    }

    fn claims(&self, places: &mut Vec<Place>) {
        let mut skip = self.slots.clone();
        skip.extend(times::clock_times(&self.tokens));
        skip.push(self.greeted.clone());
        // a count inside a turn already refused is part of that turn
        skip.extend(narration::NARRATION.find(&self.tokens).into_iter().map(|r| r.start..(r.end + 3).min(self.tokens.len())));
        let buzz = buzzwords::BUZZWORDS.find(&self.tokens);
        skip.extend(buzz.iter().cloned());
        let unsupported = claims::unsupported(&self.tokens, &self.facts, &skip, &buzz);
        let quotes = claims::foreign_quotes(&self.tokens, &self.facts);
        places.extend(unsupported.into_iter().chain(quotes).map(|r| (FindingCode::UnsupportedClaim, self.bytes(&r))));

        skip.extend(self.signed());
        let sender = self.sender_words();
        let known: Vec<&str> = self.facts.iter().map(|t| t.folded.as_str()).chain(sender.iter().map(String::as_str)).collect();
        let claimed: Vec<usize> = places
            .iter()
            .filter(|(code, _)| *code == FindingCode::UnsupportedClaim)
            .map(|(_, r)| self.sentence_of(r.start))
            .collect();
        for (range, stranger) in names::strangers(&self.tokens, &known, &self.company_words(), &skip) {
            let code = match stranger {
                Stranger::Lookalike | Stranger::Company
                    if stranger == Stranger::Lookalike || !claimed.contains(&self.tokens[range.start].sentence) =>
                {
                    FindingCode::WrongCompany
                }
                // the claim around the name is the fault
                Stranger::Lookalike | Stranger::Company | Stranger::Reference => FindingCode::UnsupportedClaim,
            };
            places.push((code, self.bytes(&range)));
        }
    }

    fn contacts(&self, places: &mut Vec<Place>) {
        let text = self.input.text;
        let foreign =
            |link: &&Range<usize>| !self.input.booking_url.is_some_and(|own| contacts::is_booking(&text[(*link).clone()], own));
        places.extend(self.contacts.links.iter().filter(foreign).map(|r| (FindingCode::ForeignLink, r.clone())));
        places.extend(self.invented().into_iter().map(|r| (FindingCode::InventedContact, r)));
    }

    /// Addresses and numbers that no fact holds.
    fn invented(&self) -> Vec<Range<usize>> {
        let text = self.input.text;
        let facts = self.input.facts.join(" \n ").to_lowercase();
        let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        let fact_digits = digits(&facts);
        let mail = |r: &&Range<usize>| !facts.contains(&text[(*r).clone()].to_lowercase());
        let phone = |r: &&Range<usize>| !fact_digits.contains(&digits(&text[(*r).clone()]));
        let emails = self.contacts.emails.iter().filter(mail);
        emails.chain(self.contacts.phones.iter().filter(phone)).cloned().collect()
    }

    fn call_to_action(&self, places: &mut Vec<Place>) {
        let reached: Vec<Range<usize>> = self.contacts.emails.iter().chain(&self.contacts.phones).cloned().collect();
        let asks = asks::read(&self.tokens, &self.slots, &self.contacts.links, &reached);
        let short = places.iter().any(|(code, _)| *code == FindingCode::TooShort);
        if let Some((_, second)) = asks.acts.get(1) {
            places.push((FindingCode::SeveralCtas, second.clone()));
        } else if asks.links > 1 {
            places.push((FindingCode::SeveralCtas, self.contacts.links[1].clone()));
        }
        self.invented_slots(places);
        let invitation = self.input.channel == Channel::LinkedInInvitation;
        match self.input.cta {
            None | Some(CallToAction::Ask) if !invitation && asks.acts.is_empty() && !short => {
                places.push((FindingCode::NoCta, 0..self.input.text.len()));
            }
            Some(CallToAction::Soft) => self.soft(&asks, invitation, short, places),
            Some(CallToAction::None) => self.none(&asks, invitation, places),
            _ => {}
        }
    }

    /// One question and nothing to book; an invitation may do without.
    fn soft(&self, asks: &Asks, invitation: bool, short: bool, places: &mut Vec<Place>) {
        let questions = asks::questions(self.input.text);
        if let Some((_, place)) = asks.acts.iter().find(|(act, _)| matches!(act, Act::Meet | Act::Contact)) {
            places.push((FindingCode::CtaMismatch, place.clone()));
        } else if questions.is_empty() && asks.acts.is_empty() && !invitation && !short {
            places.push((FindingCode::NoCta, 0..self.input.text.len()));
        }
        if let Some(second) = questions.get(1) {
            places.push((FindingCode::SeveralCtas, second.clone()));
        }
    }

    fn none(&self, asks: &Asks, invitation: bool, places: &mut Vec<Place>) {
        if let Some((_, place)) = asks.acts.first() {
            places.push((FindingCode::CtaMismatch, place.clone()));
        }
        // “Shall we connect?” is what an invitation is
        if !invitation {
            places.extend(asks::questions(self.input.text).into_iter().take(1).map(|r| (FindingCode::CtaMismatch, r)));
        }
    }

    fn invented_slots(&self, places: &mut Vec<Place>) {
        let Some(free) = self.input.slots else {
            return;
        };
        let offered: Vec<String> = free.iter().map(|s| words_of(s)).collect();
        for slot in &self.slots {
            let said: Vec<&str> = self.tokens[slot.clone()].iter().map(|t| t.folded.as_str()).collect();
            if !offered.contains(&said.join(" ")) {
                places.push((FindingCode::InventedSlot, self.bytes(slot)));
            }
        }
    }

    /// A relative date inside a sentence already refused for its wording is the same fault.
    fn relative_dates(&self, places: &mut Vec<Place>) {
        let refused: Vec<usize> = places
            .iter()
            .filter(|(code, _)| matches!(code, FindingCode::NarratesThread | FindingCode::MachinePhrase))
            .map(|(_, r)| self.sentence_of(r.start))
            .collect();
        for range in times::relative(&self.tokens) {
            let token = &self.tokens[range.start];
            if !token.quoted && !refused.contains(&token.sentence) {
                places.push((FindingCode::RelativeDate, self.bytes(&range)));
            }
        }
    }

    /// The words of the signature: the last line when it is short, and the name a short text opens with.
    fn signed(&self) -> Vec<Range<usize>> {
        let mut signed = Vec::new();
        let last = self.input.text.trim_end().rfind('\n').map_or(self.input.text.len(), |at| at + 1);
        let first_of_last = self.tokens.iter().position(|t| t.span.start >= last);
        let offers = self.contacts.links.iter().any(|l| l.start >= last) || self.input.text[last..].contains('?');
        if let Some(start) = first_of_last.filter(|start| !offers && self.tokens.len() - start <= 5) {
            signed.push(start..self.tokens.len());
        }
        if self.input.channel == Channel::Sms {
            signed.push(self.greeted.end..self.greeted.end + 1);
        }
        signed
    }

    fn sender_words(&self) -> Vec<String> {
        let url = self.input.booking_url.and_then(|u| u.split_once("://")).map_or("", |(_, rest)| rest);
        [self.input.sender.unwrap_or_default(), url]
            .iter()
            .flat_map(|s| words_of(s).split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    fn company_words(&self) -> Vec<String> {
        let company = self.input.recipient_company.unwrap_or_default();
        words_of(company).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }

    fn sentence_of(&self, byte: usize) -> usize {
        self.tokens.iter().rev().find(|t| t.span.start <= byte).map_or(0, |t| t.sentence)
    }

    fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        self.tokens[range.start].span.start..self.tokens[range.end - 1].span.end
    }
}

/// The folded words of a short text, joined by single blanks.
fn words_of(text: &str) -> String {
    tokens(text, &[]).into_iter().map(|t| t.folded).collect::<Vec<_>>().join(" ")
}

/// The words of everything that may be claimed, each fact a sentence of its own.
fn fact_tokens(input: &LintInput) -> Vec<Token> {
    let person = [input.recipient_first_name, input.recipient_company].into_iter().flatten();
    let all: Vec<&str> = input.facts.iter().map(String::as_str).chain(person).collect();
    tokens(&all.join("\n"), &[])
}

/// What lies past the first `units` of the text.
fn finding_past(text: &str, units: usize) -> Range<usize> {
    let mut seen = 0;
    let start = text.char_indices().find(|(_, c)| {
        seen += c.len_utf16();
        seen > units
    });
    start.map_or(0, |(at, _)| at)..text.len()
}

fn finding(code: FindingCode, place: &Range<usize>, text: &str) -> Finding {
    let units = |byte: usize| shape::utf16_len(&text[..byte]);
    let (fr, en) = code.texts();
    Finding { code, start: units(place.start), end: units(place.end), text_fr: fr.to_owned(), text_en: en.to_owned() }
}
