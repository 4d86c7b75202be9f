//! The mood of an answer towards us.

use super::answer::Answer;
use super::lexicon::Cue;
use super::{Intent, Sentiment};

/// Positive where they accept or praise, negative where they are angry or scornful, else neutral.
pub fn of(answer: &Answer, intent: Intent) -> Sentiment {
    let (kind, cross) = (answer.count(Cue::Kind), answer.count(Cue::Cross));
    match intent {
        Intent::OutOfOffice | Intent::AutoReply => Sentiment::Neutral,
        Intent::MeetingRequest => Sentiment::Positive,
        Intent::Interested if cross > 0 && kind == 0 && answer.count(Cue::Want) < 2 => Sentiment::Neutral,
        Intent::Interested => Sentiment::Positive,
        Intent::Unsubscribe if cross > 0 || answer.exclaims_much => Sentiment::Negative,
        Intent::Unsubscribe => Sentiment::Neutral,
        Intent::NotInterested if cross > 0 => Sentiment::Negative,
        Intent::Question if cross > 0 => Sentiment::Negative,
        Intent::NotNow if cross > 0 => Sentiment::Negative,
        // Thanks alone is courtesy; praise is a mood.
        Intent::Question | Intent::NotNow | Intent::WrongPerson if kind > 0 || answer.count(Cue::Want) > 1 => Sentiment::Positive,
        Intent::Other if kind > 0 => Sentiment::Positive,
        _ => Sentiment::Neutral,
    }
}
