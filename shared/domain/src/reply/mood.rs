//! The mood of an answer towards us.

use std::sync::OnceLock;

use super::answer::Answer;
use super::{Intent, Sentiment};
use crate::phrases::PhraseTable;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Kind,
    Cross,
    /// Words whose parts would mislead.
    Nothing,
}

fn moods() -> &'static PhraseTable<Mood> {
    static TABLE: OnceLock<PhraseTable<Mood>> = OnceLock::new();
    TABLE.get_or_init(|| PhraseTable::new(GROUPS))
}

const GROUPS: &[(Mood, &str)] = &[
    (Mood::Nothing, "pas interessant; not interesting; pas desole; s il vous plait; si ca vous plait; merci de ne; c etait deja"),
    (
        Mood::Kind,
        "bienvenue; welcome; felicitations; congrat*; bravo; bonne annee; happy new year; joyeux noel; joyeuses fetes; bonnes fetes; merry christmas; happy holidays; bon week end; bonne journee; bonne soiree; belle journee; belle soiree; bon anniversaire; happy birthday; bon courage; bonne continuation a; meilleurs voeux; best wishes; tres beau; beau travail; belle approche; bonne approche; belle initiative; sympa; nice approach; love the; j aime; j adore; i like; i love; i like the; like the concept; votre idee; like your; great product; great work; great approach; bon produit; top votre; enchante; enchantee; personnalise*; agreable; souligne; made me smile; fait sourire; m a fait sourire; super approche; jolie approche; original; creative; clever; bien vu; bien joue; well done; touche; honore; flatte; flatted; flattered; appreciate; apprecie; bonne idee; bien ecrit; percutant; impressive; impressionnant; interessant; interessante; interesting; nice; plait; l air bien; tombe bien; retour rapide; like it; tres belle; tres bien; j aime l idee; interessee par; congratulations; good work; pas mal",
    ),
    (
        Mood::Cross,
        "harcelement; ras le bol; honte; honteux; shame; spam; spams; insupportable; penible; agacant; enervant; annoying; ridicul*; stupid*; idiot*; arnaque; escro*; scam; fraud; bullshit; n importe quoi; foutez; foutre; putain; merde; bordel; fuck*; wtf; encore vous; cinquieme; dixieme; dernier avertissement; derniere fois; last warning; last time; immediatement; sans deconner; respond well to cold; demarcheur*; intrusif*; invasif*; intrusion; mouais; bof; what makes you think; qui vous a donne; de quel droit; how dare; who gave you; where did you get my; avez vous eu mon; eu mon numero; eu mon adresse; plainte; avocat; lawyer; legal action; cnil; illegal; desesper*; toujours pas; pas donne envie; vraiment pas l interet; hard pass; pas pantoute; plus jamais; pas interesse et; not interested and; encore un non; encore un; encore une pub; encore un outil; franchement encore; vraiment pas; vois pas l interet; vois vraiment pas l interet; respond well; cold outreach; ce type de demarchage; envie desole; donne envie; la reponse est la meme; reponse est la meme; lachez l affaire; lourd; en ce moment on licencie; licencie; licencient; licencions; arretez de; arrete de; arretez vos; arretez tout; cessez; enough; off this list now; list now; immediately; at once; message me again; contact me again; write to me again; write again; email me again; report you; marre; the answer is no; deja demande; already asked; already told; troisieme fois; deuxieme fois; trois fois; fait deux fois; fois que je le dis; la grappe; vendeur de reve; getting old; never agreed; jamais donne mon accord; third time; second time; combien de fois; how many times; ce n est pas la premiere; don t ever; never; jamais; leave me alone; laissez moi tranquille; laisse moi; outil miracle; supprimez la; where did you; enough of; tired of",
    ),
];

/// Positive where they accept or praise, negative where they are angry or scornful, else neutral.
///
/// Source: docs/rules.md, “Understanding a reply”.
pub fn of(answer: &Answer, intent: Intent) -> Sentiment {
    let words: Vec<&str> = answer.tokens.iter().map(|token| token.word.as_str()).collect();
    let found = moods().matches(&words);
    let kind = found.iter().any(|mood| mood.meaning == Mood::Kind);
    let cross = found.iter().any(|mood| mood.meaning == Mood::Cross);
    let reserved = words.windows(2).any(|pair| matches!(pair, ["sous", "reserve"] | ["provided", "that"] | ["a", "condition"]));
    match intent {
        Intent::OutOfOffice | Intent::AutoReply => Sentiment::Neutral,
        Intent::MeetingRequest | Intent::Interested if reserved || cross && !kind && words.len() < 9 => Sentiment::Neutral,
        Intent::MeetingRequest | Intent::Interested => Sentiment::Positive,
        Intent::Unsubscribe if cross || answer.exclaims_much => Sentiment::Negative,
        Intent::Unsubscribe => Sentiment::Neutral,
        _ if cross => Sentiment::Negative,
        // A refusal softened by a compliment is still only a refusal, unless the praise is warm.
        Intent::NotInterested if kind && words.contains(&"tres") => Sentiment::Positive,
        Intent::NotInterested => Sentiment::Neutral,
        _ if kind => Sentiment::Positive,
        _ => Sentiment::Neutral,
    }
}
