//! Language: French, English or other, told from function words.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::fold::{fold, words};

/// The two languages this crate reads, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Fr,
    En,
    Other,
}

impl Language {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
            Self::Other => "other",
        }
    }
}

const FRENCH: &str = "a ai alors apres arret as au aucun aucune aussi autre aux avant avec avez avons bien bonjour bonne bravo c ca car ce cela ces cet cette chez combien comme comment d dans de demain depuis des desole dire dites donc du elle en encore envoyez es est et etes etre eu fait faites faut felicitations fois il ils j jamais je jour jours jusqu juste l la le les leur lundi mardi mercredi jeudi vendredi lui m ma mais meme merci mes moi mon monsieur madame n ne ni non nos notre nous on ou oui par parfait pas personne peu peut plaisir plus pour pourquoi pouvez prochain prochaine qu quand que quel quelle quelles quels qui quoi rdv rien s sa sans se semaine ses si son sont suis sur svp t te tes toi ton toujours tous tout toute tres trop tu un une va vers veux voici volontiers vos votre voulez vous vraiment vu y etait interesse interessee interessant envoye janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre absent absente conge conges chaque ete fin debut mois an annee contre accord ok utile rentree tellement suivi hier soir net precis clair contenu bonsoir salut genial excellent super belle beau voir avis lien erreur envoi retirez supprimez pub mp dispo";

const ENGLISH: &str = "about all already always am an and any anyone are as at back be been best but by call can could did do does don for from get go good great had happy has have he hello her here hi him how i if in interested is isn it just know later let like ll love maybe me more my need never next nice no not now of off on or our out please question quick re regards remove send she should so some sounds sure team thank thanks that the their them then there these they this those to too until up us ve very was we well were what when where whether which who why will with wondering work works would yes yet you your monday tuesday wednesday thursday friday week month year unsubscribe stop following congrats wrong person";

const ELSEWHERE: &str = "der die das und ist nicht ich sie ein eine mit fur auf kein keine danke bitte gibt auch wir bin ja gern sehr el los las una para por con muy gracias como esta pero tambien het een voor niet dank wel werkt ook heel zijn van graag il della che non sono grazie per di molto nao obrigado muito em bis im me viene";

/// Which languages a word speaks for: bit 1 French, bit 2 English, bit 4 another.
fn speaks_for(word: &str) -> u8 {
    static TABLE: OnceLock<HashMap<&'static str, u8>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for (bit, list) in [(1, FRENCH), (2, ENGLISH), (4, ELSEWHERE)] {
            for word in list.split_whitespace() {
                *table.entry(word).or_insert(0) |= bit;
            }
        }
        table
    });
    table.get(word).copied().unwrap_or(0)
}

/// Tells the language of a text; emoji, names and single codes are `Other`.
pub fn detect(text: &str) -> Language {
    let folded = fold(text);
    let (mut french, mut english, mut elsewhere) = (0u32, 0u32, 0u32);
    for word in words(&folded) {
        let bits = speaks_for(word);
        french += u32::from(bits & 1);
        english += u32::from(bits >> 1 & 1);
        elsewhere += u32::from(bits >> 2 & 1);
    }
    let spanish = text.contains(['¿', '¡']);
    if spanish || french == 0 && english == 0 || elsewhere > french.max(english) {
        Language::Other
    } else if english > french {
        Language::En
    } else {
        Language::Fr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_tell_the_language() {
        let check = |text: &str, expected| assert_eq!(detect(text), expected, "{text}");
        check("Merci pour ce partage", Language::Fr);
        check("Thanks for the share", Language::En);
        check("Danke für den Beitrag", Language::Other);
        check("👏👏", Language::Other);
    }
}
