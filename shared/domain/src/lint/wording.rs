//! Turns of phrase that give a text away: buzzwords, machine phrases, telling people about the thread.

use super::phrases::Phrases;
use std::sync::LazyLock;

/// Fashionable words and vague superlatives, French and English.
pub static BUZZWORDS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "innovant*
         innovative*
         innovations
         innovator*
         a la pointe
         d avenir
         pointe de l innovation
         disrupti*
         disrupt|disrupts|disrupter|disruptez
         revolutionn*
         revolutioni*
         synerg*
         scalab*
         scale up
         best in class
         best of breed
         world class
         state of the art
         cutting edge
         bleeding edge
         leading edge
         next gen|generation|level
         nouvelle generation
         game chang*
         gamechang*
         supercharg*
         turbocharg*
         skyrocket*
         unlock* ?the ?your ?full potential|synerg*|growth|value|power|revenue
         unleash*
         empower*
         leverag*
         seamless*
         frictionless
         holistic*
         holisti*
         robust solution*
         turnkey solution*
         one stop shop
         mission critical
         thought leader*
         paradigm*
         ecosystem*
         ecosysteme*
         win win
         gagnant gagnant
         de pointe
         pointe de la technologie
         dernier cri
         cle|cles en main
         360
         inoubliable*
         sans couture*
         unique sur|au ?le marche
         offre|service|solution premium
         forward thinking
         all in one
         tout en un
         end to end
         de bout en bout
         powerhouse
         expertise unique|inegalee|reconnue|pointue
         impact maximal
         maximum impact
         liber* ~ potentiel
         plein potentiel
         full potential
         next big thing
         no brainer
         secret sauce
         move the needle
         crush* your|it
         10x
         a fort impact
         high impact
         fer de lance
         la reference du|en|des
         experience unique
         accelerateur de
         accelere* votre|ta|la croissance|transformation|reussite|developpement
         accelerate ~ growth|success|revenue
         drive* ~ growth|results|success|value|engagement
         results driven
         customer centric
         best practice*
         pain point*
         deep dive
         streamlin*
         effortless*
         hassle free
         simplif* votre|vos|ta vie|quotidien
         levier* de performance|croissance|competitivite|developpement
         levier* ?puissant
         boost* ~ performance*|vente*|croissance|resultat*|productivite|equipe*|business|roi|sales|growth|revenue|productivity|pipeline|chiffre
         booster
         boostez
         dop* ~ vente*|croissance|performance*|resultat*|productivite|chiffre
         dopez
         transform* ?votre|vos|your|the|la|le|l ~ culture|business|entreprise|activite|organisation|organization|metier|equipes|company|workforce|way
         transformation digitale|numerique
         digital transformation
         propuls*
         passer|passez|faire|faites|faisons ?vraiment ?a|passer l|au ~ vitesse|niveau superieur|superieure
         niveau superieur
         vitesse superieure
         incontournable*
         inegale|inegalee|inegales|inegalees|inegalable*
         unparalleled
         unrivalled
         unrivaled
         unmatched
         unique en son genre
         sans precedent
         hors du commun
         exceptionnel*
         exceptional
         extraordinaire*
         extraordinary
         ultime|ultimate solution|outil|tool|platform|plateforme
         ultra performant*
         hautement performant*
         haute performance
         high performing
         ultra moderne*
         leader* ?inconteste ?mondial du|de|sur marche|secteur
         leader inconteste
         market lead*
         industry lead*
         numero un du marche
         quick win*
         low hanging fruit*
         mindset
         growth hack*
         hypercroissance
         hyper croissance
         hypergrowth
         10x
         10 x
         excellence operationnelle
         operational excellence
         proactif|proactive|proactivement|proactively
         valeur ajoutee
         value add*
         added value
         value proposition
         proposition de valeur
         ai powered|driven
         data driven
         future proof
         agilite
         bleu ocean
         changer|change la donne
         changez la donne
         rupture technologique
         changement de paradigme
         reinvent*
         game plan ultime
         maximis* ~ roi|performance*|potentiel|rentabilite|impact
         maximiz*
         maximise|maximises|maximising ~ your|roi|return|potential
         optimis* ~ performance*|roi|potentiel|croissance|rentabilite
         optimiz* ~ your|roi|performance|workflow*
         decupl*
         explos* ?de ?vos|votre|tes|ton vente*|chiffre|croissance|ca
         solution* ?tout ?a ?fait unique*|ultime*|globale*|holistique*|sur mesure|puissante*|miracle*|complete*
         powerful solution*
         comprehensive solution*
         bespoke solution*
         tailor made solution*
         revolution*
         magique|magical
         incroyable*
         incredible
         amazing
         awesome
         stellar
         mind blowing
         rock star
         rockstar
         ninja
         guru
         10 fois plus
         meilleur*|best ?solution ?tool ?offre ?outil ?platform ?service du|de|on|in|sur marche|market|monde|world|the",
    )
});

/// Courtesy formulas and stock openings of machines and mass mailings.
pub static MACHINE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "j espere que ?ce ?cet ?cette ?mon message|mail|courriel|email|mot|lettre|vous|tu|tout|votre
         j espere que ?vous allez bien
         avec ?un ?le grand|vif|plus|beaucoup ?grand ?d interet
         services|solutions|offre pourraient|pourrait vous interesser
         susceptible* de|d vous|t interesser
         pourrait vous etre utile
         suite a la|ma ?recente consultation|visite|lecture de
         je vous|t ecris ?ce ?jour ?aujourd ?hui afin
         j ai le plaisir
         vos enjeux
         vos problematiques
         l attention portee
         ayant vu|consulte|parcouru votre|ton
         apres avoir vu|consulte|parcouru votre|ton profil
         je profite de ce
         je souhaite|souhaiterais|voudrais|aimerais me|nous ?vous presenter
         je suis ?tres ?convaincu|convaincue|persuade|persuadee que
         nous sommes ?tres ?convaincus|persuades que
         belle journee a vous et
         bien a vous et dans
         en vous remerciant par avance
         merci d avance pour
         je vous remercie par avance
         vous souhaitant bonne reception
         bonne reception
         j ai pense que nos|notre|cela|ceci
         a qui de droit
         vous trouverez ci joint
         ci joint
         veuillez trouver
         quelques mots sur nous
         en quelques mots ?qui nous|qui
         nous accompagnons les|des entreprises
         en esperant que ?ce ?vous message|mail|courriel|vous|votre
         vous trouve ?en ?pleine bien|forme|sante
         je me permets de
         je me permet de
         permettez moi de
         n hesit* pas a
         n hesit* surtout pas
         n hesit* pas
         je vous|te contacte ?aujourd ?hui ?par ?la ?presente ?car|afin|pour|en|suite
         je vous|t ecris ?aujourd ?hui ?par ?la ?presente afin de|d
         je vous|te contacte afin
         je prends contact avec vous|toi
         je prends la liberte
         je me tourne vers vous
         je reste a votre|ta ?entiere disposition
         restant|restons|rester a votre ?entiere disposition
         a votre entiere disposition
         dans l attente de
         en attendant votre|ton ?aimable retour|reponse
         au plaisir de vous lire
         dans le cadre de mon|ma|mes|notre|nos
         cordialement a vous
         veuillez agreer
         je vous prie de
         je vous prie d
         bien respectueusement
         pour tout complement d
         complement* d information*
         toute information complementaire
         solutions ?qui ?sont adaptees a
         adapte* a vos|votre|tes ?propres besoins
         repond* a vos|votre ?propres ?besoins besoins
         vos besoins ?et ?vos specifiques
         m a ?tout ?particulierement ?beaucoup interpelle
         m a ?beaucoup ?vraiment interpellee
         a ?particulierement ?vraiment attire mon attention
         a retenu ?toute mon attention
         votre profil a ?particulierement
         votre profil m a
         ton profil m a
         votre parcours m a|est|impressionn*
         parcours inspirant|impressionnant|remarquable
         j ai ete ?tres ?particulierement impressionn*
         je suis tombe|tombee sur votre|ton profil
         en parcourant votre|ton profil
         dans un monde ?en ou|en|de|qui
         a l ere ?du de|du|numerique|digitale
         a l heure du|de
         en constante evolution
         en perpetuelle evolution
         dans le paysage
         fort de|d ?nos ?notre ?mes _ ans|annees|experience
         forts de notre
         je serais ravi|ravie|enchante|enchantee|honore|honoree de
         nous serions ravis
         ce serait un plaisir|honneur
         accompagner dans votre|vos|cette|ton
         accompagne* dans votre|vos ?propre transformation|croissance|developpement|reussite
         il est important|essentiel|crucial de noter|souligner
         en conclusion
         en resume
         toutefois|neanmoins il convient
         sachez que nous
         comme vous le savez
         j ai le plaisir de vous
         nous avons le plaisir
         suite a votre interet
         sans engagement de votre part
         i hope ?that this|my|you|your|all|everything ?message ?email ?note ?mail ?week ?day ?are ?is find*|well|doing|great|finds|having|going
         excited|thrilled|delighted|eager to connect|reach|introduce|share|present|meet|announce
         like minded
         would be delighted|happy|thrilled|glad to schedule|arrange|set|organise|organize|jump|hop
         discuss your ?specific needs
         as a ?thought leader|expert|professional in|of
         i hope you ?are ?re ?ve ?have having|had|enjoying|been|doing|keeping|well
         hope you are ?doing well
         drop you a|this ?quick ?short line|note|message
         introduce our|my services|company|solution*
         stood out to me
         really stood out
         thought you might|may|would be interested
         might|may|would be of interest
         of interest to you
         i couldn t help but notice
         i believe we can|could
         i am|m confident|convinced|certain that
         i d be|love|like delighted|happy|the|to ?chance ?opportunity ?to schedule|discuss|hop|jump|connect
         would love to connect
         hop|jump on a ?quick call
         quick chat
         thank you|thanks in advance
         thanking you in advance
         warm regards
         best regards and
         we help companies|businesses|firms|teams
         at the end of the day
         please find
         my name is
         hope you re ?doing well
         hope this find*
         hope this email|message|note
         trust this find*
         trust this email|message|note
         find* you well
         i am ?just reaching out
         i m ?just reaching out
         reaching out
         reach out to you
         i wanted to reach out
         i came across your profile
         came across your profile
         stumbled upon|across your
         caught my attention
         do not hesitate
         don t hesitate
         don t be a stranger
         feel free to
         in today s ?fast ?ever ?busy ?digital ?modern ?business ?paced paced|changing|world|landscape|market|environment|era|age|digital
         fast paced
         ever evolving
         ever changing
         rapidly evolving
         digital landscape
         at your earliest convenience
         look* forward to hear*
         look* forward to your
         i would love the opportunity
         i would love to explore
         i d love the opportunity
         i d love to explore how
         love the opportunity
         i would welcome the opportunity
         welcome the opportunity
         explore how we ?might|can|could ?be ?able help|support|work|collaborate|partner
         explore ?potential ?possible synergies|opportunities|collaboration*
         support you on ?your ?that ?this journey
         on your journey
         on that journey
         such as yourself
         like yourself
         further information
         any further questions
         any questions or concerns
         should you have any
         please find attached
         please be advised
         i am writing to
         i m writing to
         i am contacting you
         allow me to
         let me introduce myself
         i would like to introduce
         i would like to take this
         take this opportunity
         tailored to your ?specific ?unique needs
         meet|meets|suit|suits your ?specific ?unique needs
         solutions tailored
         it s important to note
         it is important to note
         it is worth noting
         delve*
         in conclusion
         furthermore
         moreover
         as a valued
         dear sir
         to whom it may concern
         madame monsieur
         impressed by|with your ?impressive profile|background|career|work|journey|experience
         your impressive
         i was impressed
         your profile ?really caught|stood|impressed
         touch base
         circle back
         pick your brain
         kind regards and
         best of both
         quick question for you
         as an ai
         en tant qu ia",
    )
});

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
