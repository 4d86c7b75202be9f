//! Turns that tell the person about the thread: silence, reading, earlier tries.

use super::phrases::Phrases;
use std::sync::LazyLock;

/// Telling the person what was or was not done in the thread: silence, reading, earlier tries.
pub static NARRATION: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "n avez|as|ayez|aviez ?toujours ?encore pas|jamais|rien ?encore ?toujours repondu|donne|reagi|accepte|ouvert|retourne|lu|vu|clique|rappele
         n avez|as ?toujours ?encore ni repondu|donne
         ne m avez|as ?toujours ?encore pas|jamais ?encore repondu|rappele|accepte|ecrit
         n y avez|as ?toujours pas|jamais repondu
         ne l avez|as ?toujours ?encore pas|jamais ?encore accepte*|ouvert*|lu*|vu*
         message|mail|courriel|invitation|demande n a ?toujours ?encore pas|jamais ?encore recu ?de reponse
         sans y repondre
         sans me repondre
         sans repondre
         sans ?aucune|la ?moindre reponse ?de ?votre ?ta part
         sans ?aucun retour de votre|ta|vous
         sans nouvelle* de|d votre|ta|vous|toi|part
         aucun|aucune retour|reponse|nouvelle de ?votre ?ta ?vous part|vous|toi
         toujours aucun|aucune retour|reponse|nouvelle*
         toujours rien ?de ?recu
         pas ?encore eu|recu de retour|reponse|nouvelle* de votre|ta|vous|toi
         pas ?encore ?eu|recu votre|ta reponse
         pas eu de nouvelles
         mon|ma|mes ~ en attente|suspens
         mon|ma|mes ~ lettre morte
         mon|ma|mes ~ sans reponse|suite|retour
         silence de votre part
         votre|ton silence
         avez|as ?bien ?deja lu|ouvert|vu|consulte|recu mon|mes|ma|notre|nos ?premier ?premiere ?dernier ?derniere ?deux ?trois message*|mail*|courriel*|email*|invitation*|mot|note|relance*
         avez|as ?bien consulte|visite|regarde|vu mon|notre profil
         aviez|avez|avais|as ?bien ?deja consulte|visite|regarde|vu mon|notre profil
         aviez|avez|avais|as ?bien ?deja recu mon|ma|mes|notre message*|mail*|courriel*|invitation*|mot|note|relance*
         aviez|avez|avais|as ?bien ?deja lu|vu|ouvert ce|le|cette message|mail|courriel|invitation|note
         vous|t ai ?deja ?bien ecrit|contacte|envoye|relance|sollicite
         deja ecrit|relance|contacte deux|trois|plusieurs|une|a
         puis|et|depuis ?lors ?c ?est plus rien|silence|le
         et|puis|depuis plus rien
         linkedin m indique|dit|montre|signale|apprend
         n avez|as ?toujours ?encore pas ?encore ?daigne donne|fait|pris|repondre suite|signe|le
         avez accepte ~ mais|puis|sans
         vous|tu n avez|as ?jamais donne|repondu
         derniere fois que je|nous
         mon message precedent
         message precedent
         conversation|echange|discussion ~ arrete*|interrompu*|coupe*
         vous|t a t il|elle echappe
         vous|t a|ait ?peut ?etre ?sans ?doute echappe
         a la charge
         j insiste
         pas de reponse|retour|nouvelle* de votre|ton|ta cote|part
         deuxieme|troisieme|seconde|nouvelle|ultime relance de|pour
         vu|visite|consulte ma story|page|fiche
         apres|depuis mon|ma|notre ?premier ?dernier message|mail|courriel|invitation|mot
         mon message du|de
         courriel*|message*|mail* ~ perdu*|spam|indesirables
         un rappel ?de ?au ?sur
         petit rappel
         dernier rappel
         je m inquiete de votre
         vous m aviez|avez ?dit ?promis ?que promis|dit|oublie
         depuis notre|mon|ma dernier|derniere ?premier echange|message|invitation|mail|courriel|mot
         je tente une|ma|encore ?derniere ?une ?nouvelle fois|chance|tentative
         je tente ma chance
         une derniere fois
         lu mon|mes ?premier ?dernier ?deux ?trois message*|mail*|courriel*
         ouvert mon|mes ?premier ?dernier ?deux ?trois message*|mail*|courriel*|email*
         mon|mes ?deux ?trois ?quatre premier*|dernier*|precedent* ?deux ?trois message*|mail*|courriel*|email*|mot|envoi*
         ma|mes ?deux ?trois premiere*|derniere*|precedente* ?deux ?trois invitation*|relance*|tentative*|demande*
         mon|mes message*|mail*|courriel* precedent*|d hier
         mes deux|trois|quatre|cinq ?premiers ?derniers message*|mail*|courriel*|relance*|invitation*
         ma|mes relance|relances de|du|d ?la lundi|mardi|mercredi|jeudi|vendredi|samedi|semaine|hier
         ma|mes relance|relances restee*|precedente*
         ma invitation
         mon invitation ?est ?toujours restee|ignoree|en|precedente|refusee
         trois|deux|quatre|cinq|plusieurs messages|mails|courriels|relances|invitations que je
         je retente ?ma|une|encore ?fois ?ma ?chance
         je retente
         je reessaie
         je re essaie
         je reitere
         je reviens vers vous|toi suite|apres|car|puisque|faute|une
         je reviens vers vous|toi
         je me permets de revenir
         je vous|te relance
         petite relance
         ma derniere relance
         derniere tentative
         c est ?la ?deja ?ma ?mon deuxieme|troisieme|quatrieme|seconde|3e|2e|derniere fois|tentative|message|relance|essai
         troisieme|deuxieme|quatrieme|seconde tentative|essai|message
         mon|ma troisieme|deuxieme|quatrieme|seconde relance|invitation|mail|courriel|mot
         pour la deuxieme|troisieme|quatrieme|seconde|enieme fois
         comme je vous|te l ecrivais|ecrivais|disais|expliquais
         suite a mon|ma|mes|notre ?premier ?premiere ?dernier ?derniere ?precedent message*|mail*|courriel*|invitation*|appel*|relance*
         vous m avez ?peut ?etre oublie
         avez|as ?du ?peut ?etre manque|rate mon
         avez ignore
         as ignore
         vous|tu m ignor*
         vu ?que ?vous ?avez|as visite mon profil
         accuse de lecture
         n ai ?toujours ?encore rien|pas|jamais ?encore recu|eu ?de reponse|retour|nouvelle*|signe|votre|ta
         n ai ?toujours rien recu
         pas de reponse de ?votre ?ta part|vous|toi
         pas de reponse a mon|ma|mes
         i noticed you ?have|ve viewed|opened|read|visited|looked|saw|ignored|clicked|haven|didn
         i saw ?that you ?have|ve viewed|opened|read|visited|ignored|clicked
         i see ?that you ?have|ve viewed|opened|read|visited|ignored|clicked|haven|didn
         you ?have|ve ?already ?just viewed|visited|checked|opened|read|seen|ignored my|our|the ?last ?first ?previous ?two ?three profile|message*|email*|mail*|note*|invitation*|invite*
         you ?have|ve opened|read it|my
         you read my
         ignored my|our
         ignoring my|our
         haven|hasn|hadn t ?yet ?ever ?had ?a heard|replied|answered|responded|accepted|seen|reply|answer|response
         have|has not ?yet ?ever heard|replied|answered|responded|accepted
         never ?once ?even heard|replied|answered|responded|accepted|answer|reply|wrote|got back|from|to|me|my|a
         you never ?once ?even heard|replied|answered|responded|accepted|answer|reply|wrote|got
         didn t ?yet ?ever ?even reply|answer|respond|accept|hear|get|receive ?a ?any ?an ?back reply|answer|response|from|to|my|me
         didn|don|won t ?even reply|answer|respond
         not heard ?anything ?back from
         but didn t
         went|gone|go ?all ?very quiet|silent|dark|unanswered|unread|ignored
         unanswered
         waiting for|on ?you ?to ?hear your|reply|answer|back
         writing|wrote ?to ?you again
         write ?to ?you again
         looked|looking at my profile|invitation
         viewed|visited|checked ?out my profile|page
         linkedin tells|shows|says|told|showed me|you|that
         read this|it on|at|monday|tuesday|wednesday|thursday|friday|yesterday
         marked as read
         your inbox
         we ?last ?already spoke|talked|chatted last|before|on
         where we left off
         since my|our ?last message|email|note|invitation
         accepted my|our invitation|request ~ then|but|without|yet
         reminder ?that|from|about|number
         another|one more nudge|reminder|try|chance
         nudge
         then nothing|silence
         exchanged ~ messages|emails|notes
         after my|our ?last ?first message|email|note|invitation
         my message|email|note of|from|on
         lost in|to ?your ?the ?spam inbox|spam
         not a word|peep
         no word ?back from
         conversation ~ stopped|ended|died|stalled
         chase you
         chasing you
         pester
         forgot|forgotten ?about|to my|me|reply|answer
         last chance
         no reply|answer|response ?so|yet|from|to
         nothing ?heard ?back ?yet from you
         without ?a|any ?reply|answer|response reply|answer|response
         still no reply|answer|response|word
         radio silence
         your silence
         my|our last|first|previous|earlier|second|third|two|three ?last ?previous message*|email*|mail*|note*|invitation*|invite*|follow*|attempt*|request*
         third|second|fourth|3rd|2nd|4th time ?lucky ?i|that|writing|asking|trying
         third|second|fourth|3rd|2nd|last|final try|attempt|follow|reminder|message|email
         try|trying ?you again|once
         following up on my|our|the|an|this
         follow* up on my|our ?last ?previous
         just|simply following up
         just bump*
         bump* this
         bubbl* this
         circling back
         checking in again
         as i mentioned|wrote|said in my
         as per my
         me again
         you must have missed|overlooked
         you may have missed|overlooked
         you might have missed|overlooked
         in case you missed my
         get lost in your inbox
         got lost in your inbox
         buried in your inbox
         left|leaving me on read
         read receipt*
         sent you ?already two|three|four|several|a ?messages ?few messages|emails|notes|reminders
         i ?already|ve|have wrote|written|emailed|messaged to ?you twice|before|already|three|last",
    )
});
