//! Courtesy formulas and stock openings of machines and mass mailings.

use super::phrases::Phrases;
use std::sync::LazyLock;

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
