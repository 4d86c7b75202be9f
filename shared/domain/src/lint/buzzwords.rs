//! Fashionable words and vague superlatives, French and English.

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
